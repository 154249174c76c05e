/* SPDX-License-Identifier: MIT */
/*
 * settcpentry-host with one program, which does everything that a hostile one could.
 *   test_helper HELPER    as it ships, or built with sanitizers
 */
#include "testing.h"

#include "asker.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    REFUSES = 1 << 8, /* the wait status of exit status 1 */
    SOMEBODY_ELSE = 12345,
    REQUESTS = 5000,
};

static const char *helper;

static struct fixture
{
    int listener;
    struct pair pair;
    struct asker asker;
} fixture;

static int open_pair(void **state)
{
    (void)state;
    fixture.listener = pair_listen("127.0.0.1");
    pair_open(&fixture.pair, fixture.listener, getuid());
    return 0;
}

static int close_pair(void **state)
{
    (void)state;
    pair_close(&fixture.pair);
    close(fixture.listener);
    return 0;
}

static struct host_request the_request(void)
{
    return asker_request(&fixture.pair.client.address, &fixture.pair.server.address);
}

static void expect_that_it_ends(struct asker *asker)
{
    asker_leave(asker);
    assert_int_equal(asker_wait_for_helper(asker), 0);
}

/* ---- pages that are none ---- */

static void expect_refusal(struct asker *asker)
{
    asker_start(asker, helper, NULL);
    assert_int_equal(asker_wait_for_helper(asker), REFUSES);
    assert_int_equal(asker->page->state, HOST_STARTING);
    asker_leave(asker);
}

static void a_page_of_another_user_is_refused(void **state)
{
    struct asker asker;

    (void)state;
    asker_make_page(&asker, "");
    if (fchown(asker.page_file, SOMEBODY_ELSE, SOMEBODY_ELSE) != 0) {
        print_message("skipped: only root of the machine can give a file away\n");
        asker_leave(&asker);
        skip();
    }
    expect_refusal(&asker);
}

static void a_page_with_a_second_name_is_refused(void **state)
{
    static const char second[] = "/dev/shm/settcpentry-second";
    struct asker asker;

    (void)state;
    asker_make_page(&asker, "");
    assert_int_equal(link(asker.page_path, second), 0);
    expect_refusal(&asker);
    unlink(second);
}

static void a_symbolic_link_to_a_page_is_refused(void **state)
{
    static const char target[] = "/dev/shm/target";
    struct asker asker;

    (void)state;
    asker_make_page(&asker, "");
    assert_int_equal(rename(asker.page_path, target), 0);
    assert_int_equal(symlink(target, asker.page_path), 0);
    expect_refusal(&asker);
    unlink(target);
}

static void a_file_of_another_name_is_refused(void **state)
{
    struct asker asker;

    (void)state;
    asker_make_page(&asker, "/dev/shm/other");
    expect_refusal(&asker);
}

static void a_page_of_another_size_is_refused(void **state)
{
    struct asker asker;

    (void)state;
    asker_make_page(&asker, "");
    assert_int_equal(ftruncate(asker.page_file, HOST_PAGE_BYTES + 1), 0);
    expect_refusal(&asker);
}

static void a_page_of_another_magic_is_refused(void **state)
{
    struct asker asker;

    (void)state;
    asker_make_page(&asker, "");
    asker.page->magic++;
    expect_refusal(&asker);
}

static void a_page_of_another_version_is_told_ours(void **state)
{
    struct asker asker;

    (void)state;
    asker_make_page(&asker, "");
    asker.page->version++;
    asker_start(&asker, helper, NULL);
    assert_int_equal(asker_wait_until_met(&asker), HOST_REFUSED);
    assert_int_equal(asker.page->version, HOST_VERSION);
    assert_int_equal(asker_wait_for_helper(&asker), REFUSES);
    asker_leave(&asker);
}

/* ---- the command line ---- */

static int status_with(const char *option, const char *argument)
{
    struct asker process = {.helper = fork()};

    assert_true(process.helper >= 0);
    if (process.helper == 0) {
        close(STDOUT_FILENO);
        close(STDERR_FILENO);
        asker_become_helper(helper, (const char *const[]){option, argument, NULL});
    }
    return asker_wait_for_helper(&process);
}

static void help_and_version_are_0(void **state)
{
    (void)state;
    assert_int_equal(status_with("--help", NULL), 0);
    assert_int_equal(status_with("--version", NULL), 0);
    assert_int_equal(status_with("--check", NULL), 0); /* in a network of our own */
}

static void a_check_is_reported_in_a_file_that_is_there_and_in_no_other(void **state)
{
    char option[] = "--check=/tmp/settcpentry-test-XXXXXX";
    char *path = strchr(option, '/');
    const int file = mkstemp(path);
    char report[512];
    ssize_t length;

    (void)state;
    assert_true(file >= 0);
    assert_int_equal(status_with(option, NULL), 0);
    length = read(file, report, sizeof(report) - 1);
    close(file);
    unlink(path);
    assert_true(length > 0);
    report[length] = 0;
    assert_non_null(strstr(report, "cap_net_admin: yes\n"));
    assert_int_equal(status_with(option, NULL), 1 << 8);
    assert_int_equal(access(path, F_OK), -1);
}

static void what_is_no_option_is_a_usage_error(void **state)
{
    (void)state;
    assert_int_equal(status_with(NULL, NULL), 2 << 8);
    assert_int_equal(status_with("--nonsense", NULL), 2 << 8);
    assert_int_equal(status_with("something", NULL), 2 << 8);
    assert_int_equal(status_with("--serve", "--check"), 2 << 8);
    assert_int_equal(status_with("--page", NULL), 2 << 8);
    assert_int_equal(status_with("--version", "more"), 2 << 8);
    assert_int_equal(status_with("--stdio", "more"), 2 << 8);
}

/* ---- set-user-id ---- */

static void expect_that_it_refuses_with(mode_t mode)
{
    char copy[] = "/tmp/settcpentry-copy-XXXXXX";
    const int file = mkstemp(copy);
    const char *shipped = helper;
    char command[512];
    struct asker asker;

    assert_true(file >= 0);
    close(file);
    snprintf(command, sizeof(command), "cat '%s' >'%s'", shipped, copy);
    assert_int_equal(system(command), 0);
    if (chown(copy, SOMEBODY_ELSE, SOMEBODY_ELSE) != 0) {
        unlink(copy);
        print_message("skipped: only root of the machine can give a file away\n");
        skip();
    }
    assert_int_equal(chmod(copy, mode), 0);
    helper = copy;
    asker_make_page(&asker, "");
    expect_refusal(&asker);
    assert_int_equal(status_with("--serve", "/tmp/settcpentry-no-folder"), REFUSES);
    assert_int_not_equal(access("/tmp/settcpentry-no-folder", F_OK), 0);
    helper = shipped;
    unlink(copy);
}

static void one_that_is_set_user_id_refuses(void **state)
{
    (void)state;
    expect_that_it_refuses_with(04755);
}

static void one_that_is_set_group_id_refuses(void **state)
{
    (void)state;
    expect_that_it_refuses_with(02755);
}

/* ---- what it lacks ---- */

static void leave_no_descriptors(void)
{
    const struct rlimit limit = {STDERR_FILENO + 4, STDERR_FILENO + 4}; /* what meeting takes */

    closefrom(STDERR_FILENO + 1);
    setrlimit(RLIMIT_NOFILE, &limit);
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1); /* which would want some */
}

static void a_helper_without_descriptors_says_that_it_failed(void **state)
{
    struct asker asker;

    (void)state;
    asker_make_page(&asker, "");
    asker_start(&asker, helper, leave_no_descriptors);
    assert_int_equal(asker_wait_until_met(&asker), HOST_FAILED);
    assert_int_equal(asker_wait_for_helper(&asker), REFUSES);
    asker_leave(&asker);
}

/* ---- requests ---- */

static void a_request_closes_the_connection(void **state)
{
    struct asker *asker = &fixture.asker;

    (void)state;
    asker_meet(asker, helper);
    assert_int_equal(asker_ask(asker, the_request()), ANSWER_CLOSED);
    assert_int_equal(pair_saw(&fixture.pair.client), ECONNABORTED);
    assert_int_equal(asker_ask(asker, the_request()), ANSWER_NOT_FOUND);
    expect_that_it_ends(asker);
}

static void close_standard_descriptors(void)
{
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
}

static void a_helper_without_standard_descriptors_serves_as_well(void **state)
{
    struct asker *asker = &fixture.asker;

    (void)state;
    asker_make_page(asker, "");
    asker_start(asker, helper, close_standard_descriptors);
    assert_int_equal(asker_wait_until_met(asker), HOST_READY);
    asker_ring(asker);
    assert_int_equal(asker_ask(asker, the_request()), ANSWER_CLOSED);
    assert_int_equal(pair_saw(&fixture.pair.client), ECONNABORTED);
    expect_that_it_ends(asker);
}

static void a_request_that_makes_no_sense_closes_nothing(void **state)
{
    struct asker *asker = &fixture.asker;
    struct host_request version = the_request();
    struct host_request family = the_request();
    struct host_request id = the_request();

    (void)state;
    asker_meet(asker, helper);
    version.version++;
    family.connection.family = 5;
    id.id = 4711;
    assert_int_equal(asker_ask(asker, version), ANSWER_BAD_REQUEST);
    assert_int_equal(asker_ask(asker, family), ANSWER_BAD_REQUEST);
    assert_int_equal(asker_ask(asker, id), ANSWER_BAD_REQUEST);
    assert_int_equal(pair_ping(&fixture.pair), PAIR_ALIVE);
    expect_that_it_ends(asker);
}

static void a_request_that_was_cancelled_is_never_carried_out(void **state)
{
    struct asker *asker = &fixture.asker;

    (void)state;
    asker_meet(asker, helper);
    asker->page->slots[0].request = the_request();
    asker->page->slots[0].request.id = 1;
    asker->page->slots_used = 1;
    __atomic_store_n(&asker->page->slots[0].turn, host_turn(1, HOST_CANCELLED), __ATOMIC_SEQ_CST);
    asker_ring(asker);
    usleep(100000);
    assert_int_equal(asker->page->slots[0].turn, host_turn(1, HOST_CANCELLED));
    assert_int_equal(pair_ping(&fixture.pair), PAIR_ALIVE);
    expect_that_it_ends(asker);
}

/* It goes to sleep after 100 microseconds: here it is always about to. */
static void no_request_is_missed_on_the_way_to_sleep(void **state)
{
    struct asker *asker = &fixture.asker;
    struct host_request request = the_request();

    (void)state;
    asker_meet(asker, helper);
    request.connection.remote.port ^= 0xFFFF; /* no such connection */
    for (int i = 0; i < REQUESTS; i++) {
        assert_int_equal(asker_ask(asker, request), ANSWER_NOT_FOUND);
        for (long spin = random() % 20000; spin > 0; spin--) {
            __asm__ volatile("");
        }
    }
    expect_that_it_ends(asker);
}

enum
{
    MANY = 1000,
};

/* More than a user has inotify instances. */
static void a_thousand_programs_at_once_are_served(void **state)
{
    static struct asker askers[MANY];
    const struct rlimit files = {MANY + 100, MANY + 100};
    struct host_request request = {.version = HOST_VERSION,
                                   .connection = {.family = CONNECTION_IPV4}};

    (void)state;
    if (!getenv("WITHOUT_INOTIFY")) {
        print_message(
            "skipped: it would take all inotify instances of this user, who may need some\n");
        skip();
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
    for (int i = 0; i < MANY; i++) {
        asker_meet(&askers[i], helper);
    }
    for (int i = 0; i < MANY; i++) {
        asker_post(&askers[i], request);
    }
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(asker_wait_for_answer(&askers[i]), ANSWER_NOT_FOUND);
    }
    for (int i = 0; i < MANY; i++) {
        asker_leave(&askers[i]);
    }
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(asker_wait_for_helper(&askers[i]), 0);
    }
}

/* ---- the end ---- */

static void a_program_that_never_rings_is_left(void **state)
{
    struct asker asker;

    (void)state;
    if (getenv("WITHOUT_INOTIFY")) {
        print_message("skipped: without inotify it is the end that counts\n");
        skip();
    }
    asker_make_page(&asker, "");
    asker_start(&asker, helper, NULL);
    assert_int_equal(asker_wait_for_helper(&asker), 0);
    assert_int_equal(asker.page->state, HOST_ENDED);
    asker_leave(&asker);
}

static void a_program_that_has_gone_before_the_meeting_is_left(void **state)
{
    struct asker asker;

    (void)state;
    asker_make_page(&asker, "");
    asker_leave(&asker);
    asker_start(&asker, helper, NULL);
    assert_int_equal(asker_wait_for_helper(&asker), REFUSES);
}

static void the_page_of_a_program_that_was_killed_is_removed(void **state)
{
    struct asker asker;

    (void)state;
    asker_make_page(&asker, "");
    munmap(asker.page, HOST_PAGE_BYTES);
    close(asker.page_file); /* and nobody who could remove the name */
    asker_start(&asker, helper, NULL);
    assert_int_equal(asker_wait_for_helper(&asker), 0);
    assert_int_not_equal(access(asker.page_path, F_OK), 0);
}

static void a_page_made_shorter_ends_the_helper_in_order(void **state)
{
    struct asker asker;

    (void)state;
    asker_meet(&asker, helper);
    assert_int_equal(ftruncate(asker.page_file, 0), 0);
    assert_int_equal(asker_wait_for_helper(&asker), 0);
    close(asker.page_file);
}

#define WITH_A_PAIR(test) cmocka_unit_test_setup_teardown(test, open_pair, close_pair)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_of_another_user_is_refused),
        cmocka_unit_test(a_page_with_a_second_name_is_refused),
        cmocka_unit_test(a_symbolic_link_to_a_page_is_refused),
        cmocka_unit_test(a_file_of_another_name_is_refused),
        cmocka_unit_test(a_page_of_another_size_is_refused),
        cmocka_unit_test(a_page_of_another_magic_is_refused),
        cmocka_unit_test(a_page_of_another_version_is_told_ours),
        cmocka_unit_test(help_and_version_are_0),
        cmocka_unit_test(a_check_is_reported_in_a_file_that_is_there_and_in_no_other),
        cmocka_unit_test(what_is_no_option_is_a_usage_error),
        cmocka_unit_test(one_that_is_set_user_id_refuses),
        cmocka_unit_test(one_that_is_set_group_id_refuses),
        cmocka_unit_test(a_helper_without_descriptors_says_that_it_failed),
        WITH_A_PAIR(a_request_closes_the_connection),
        WITH_A_PAIR(a_helper_without_standard_descriptors_serves_as_well),
        WITH_A_PAIR(a_request_that_makes_no_sense_closes_nothing),
        WITH_A_PAIR(a_request_that_was_cancelled_is_never_carried_out),
        WITH_A_PAIR(no_request_is_missed_on_the_way_to_sleep),
        cmocka_unit_test(a_thousand_programs_at_once_are_served),
        cmocka_unit_test(a_program_that_never_rings_is_left),
        cmocka_unit_test(a_program_that_has_gone_before_the_meeting_is_left),
        cmocka_unit_test(the_page_of_a_program_that_was_killed_is_removed),
        cmocka_unit_test(a_page_made_shorter_ends_the_helper_in_order),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: test_helper HELPER\n");
        return 2;
    }
    helper = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
