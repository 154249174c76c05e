/* SPDX-License-Identifier: MIT */
/*
 * settcpentry-host --serve: several programs meet it in a folder, some of them hostile.
 *   test_folder HELPER    as it ships, or built with sanitizers
 */
#include "testing.h"

#include "asker.h"
#include "programs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    REFUSES = 1 << 8, /* the wait status of exit status 1 */
    SOMEBODY_ELSE = 12345,
    POLL_MS = 5,
    PATIENCE_MS = 2 * HOST_JOIN_LIMIT_MS,
};

static const char *helper;
static char folder[] = "/tmp/settcpentry-test-XXXXXX";
static struct asker server; /* of which only the process counts */

static const char *in_folder(const char *name)
{
    static char path[sizeof(folder) + 64];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static void start_server_in(const char *path)
{
    server.helper = fork();
    assert_true(server.helper >= 0);
    if (server.helper == 0) {
        asker_become_helper(helper, (const char *const[]){"--serve", path, NULL});
    }
}

static bool exists(const char *name)
{
    return access(in_folder(name), F_OK) == 0;
}

static bool comes_to_be(const char *name, bool wanted)
{
    for (int waited = 0; waited < PATIENCE_MS; waited += POLL_MS) {
        if (exists(name) == wanted) {
            return true;
        }
        usleep(POLL_MS * 1000);
    }
    return false;
}

static int make_folder(void **state)
{
    (void)state;
    memcpy(folder + sizeof(folder) - sizeof("XXXXXX"), "XXXXXX", sizeof("XXXXXX"));
    assert_non_null(mkdtemp(folder));
    return 0;
}

static int start(void **state)
{
    make_folder(state);
    start_server_in(folder);
    assert_true(comes_to_be(HOST_SERVING_NAME, true));
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    assert_int_equal(rmdir(folder), 0); /* so nothing is left in it */
    return 0;
}

static int stop(void **state)
{
    kill(server.helper, SIGTERM);
    assert_int_equal(asker_wait_for_helper(&server), 0);
    return remove_folder(state);
}

/* A program that has met the server; name is of its page. */
static void join(struct asker *asker, const char *name)
{
    asker_make_page(asker, in_folder(name));
    asker_ring(asker);
    assert_int_equal(asker_wait_until_met(asker), HOST_READY);
    asker_ring(asker);
}

static void expect_no_such_connection(struct asker *asker)
{
    struct host_request request = {.version = HOST_VERSION,
                                   .connection = {.family = CONNECTION_IPV4}};

    assert_int_equal(asker_ask(asker, request), ANSWER_NOT_FOUND);
}

/* ---- serving ---- */

static void several_programs_are_served_at_once(void **state)
{
    struct asker askers[8];
    const int listener = pair_listen("127.0.0.1");
    char name[32];

    (void)state;
    for (int i = 0; i < 8; i++) {
        snprintf(name, sizeof(name), HOST_PAGE_PREFIX "%d", i);
        join(&askers[i], name);
    }
    for (int i = 0; i < 8; i++) {
        struct pair pair;

        pair_open(&pair, listener, getuid());
        assert_int_equal(
            asker_ask(&askers[i], asker_request(&pair.client.address, &pair.server.address)),
            ANSWER_CLOSED);
        assert_int_equal(pair_saw(&pair.client), ECONNABORTED);
        pair_close(&pair);
        expect_no_such_connection(&askers[7 - i]);
    }
    for (int i = 0; i < 8; i++) {
        asker_leave(&askers[i]);
    }
    close(listener);
}

static void a_page_loses_its_name_at_the_meeting(void **state)
{
    struct asker asker;

    (void)state;
    join(&asker, HOST_PAGE_PREFIX "1");
    assert_false(exists(HOST_PAGE_PREFIX "1"));
    asker_leave(&asker);
}

static void a_page_that_was_there_first_is_met_too(void **state)
{
    struct asker asker;

    asker_make_page(&asker, in_folder(HOST_PAGE_PREFIX "early"));
    start_server_in(folder);
    assert_int_equal(asker_wait_until_met(&asker), HOST_READY);
    asker_leave(&asker);
    stop(state);
}

static void a_page_that_is_not_filled_in_yet_is_met_when_it_is(void **state)
{
    struct asker asker;

    (void)state;
    asker_make_page(&asker, in_folder(HOST_PAGE_PREFIX "slow"));
    asker.page->magic = 0;
    asker_ring(&asker);
    usleep(100000);
    assert_int_equal(asker.page->state, HOST_STARTING);
    assert_true(exists(HOST_PAGE_PREFIX "slow"));
    asker.page->magic = HOST_MAGIC;
    asker_ring(&asker);
    assert_int_equal(asker_wait_until_met(&asker), HOST_READY);
    asker_leave(&asker);
}

static void one_more_than_it_serves_is_told_so_and_has_a_place_when_one_has_gone(void **state)
{
    static struct asker askers[PROGRAMS_AT_MOST];
    struct asker late;
    char name[32];

    (void)state;
    for (int i = 0; i < PROGRAMS_AT_MOST; i++) {
        snprintf(name, sizeof(name), HOST_PAGE_PREFIX "%d", i);
        join(&askers[i], name);
    }
    asker_make_page(&late, in_folder(HOST_PAGE_PREFIX "late"));
    asker_ring(&late);
    assert_int_equal(asker_wait_until_met(&late), HOST_BUSY);
    asker_leave(&late);
    for (int i = 0; i < PROGRAMS_AT_MOST; i++) {
        asker_leave(&askers[i]);
    }
    usleep(100000);
    join(&late, HOST_PAGE_PREFIX "again");
    expect_no_such_connection(&late);
    asker_leave(&late);
}

static void a_program_that_never_rings_again_is_left(void **state)
{
    struct asker asker;

    (void)state;
    asker_make_page(&asker, in_folder(HOST_PAGE_PREFIX "mute"));
    asker_ring(&asker);
    assert_int_equal(asker_wait_until_met(&asker), HOST_READY);
    for (int waited = 0; waited < PATIENCE_MS && asker.page->state == HOST_READY; waited++) {
        usleep(1000);
    }
    assert_int_equal(asker.page->state, HOST_ENDED);
    asker_leave(&asker);
}

static void a_page_made_shorter_harms_nobody_else(void **state)
{
    struct asker hostile;
    struct asker other;

    (void)state;
    join(&hostile, HOST_PAGE_PREFIX "hostile");
    join(&other, HOST_PAGE_PREFIX "other");
    assert_int_equal(ftruncate(hostile.page_file, 0), 0);
    expect_no_such_connection(&other);
    close(hostile.page_file);
    expect_no_such_connection(&other);
    asker_leave(&other);
}

/* ---- the end ---- */

static void programs_are_told_when_it_ends(void **state)
{
    struct asker asker;

    (void)state;
    join(&asker, HOST_PAGE_PREFIX "1");
    kill(server.helper, SIGINT);
    assert_int_equal(asker_wait_for_helper(&server), 0);
    assert_int_equal(asker.page->state, HOST_ENDED);
    assert_false(exists(HOST_SERVING_NAME));
    asker_leave(&asker);
}

static void it_ends_with_its_folder(void **state)
{
    (void)state;
    unlink(in_folder(HOST_SERVING_NAME));
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(asker_wait_for_helper(&server), REFUSES);
}

static void what_a_killed_one_left_is_taken_over(void **state)
{
    struct asker asker;

    (void)state;
    kill(server.helper, SIGKILL);
    assert_int_not_equal(asker_wait_for_helper(&server), -1);
    assert_true(exists(HOST_SERVING_NAME));
    start_server_in(folder);
    join(&asker, HOST_PAGE_PREFIX "1");
    asker_leave(&asker);
}

/* ---- the journal ---- */

static int journal[2];

/* With its standard error a pipe, which is full if so wanted. */
static void start_with_journal(bool full)
{
    const int before = dup(STDERR_FILENO);

    assert_int_equal(pipe2(journal, O_CLOEXEC), 0);
    fcntl(journal[1], F_SETFL, full ? O_NONBLOCK : 0);
    while (full && write(journal[1], "x", 1) == 1) {
    }
    fcntl(journal[1], F_SETFL, 0);
    dup2(journal[1], STDERR_FILENO);
    start_server_in(folder);
    dup2(before, STDERR_FILENO);
    close(before);
    close(journal[1]);
    assert_true(comes_to_be(HOST_SERVING_NAME, true));
}

static void read_journal(char *text_out, size_t room)
{
    size_t length = 0;
    ssize_t got;

    while (length < room - 1 &&
           (got = read(journal[0], text_out + length, room - 1 - length)) > 0) {
        length += (size_t)got;
    }
    text_out[length] = 0;
    close(journal[0]);
}

static void what_is_closed_and_what_is_not_is_said_with_the_pages_name(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    struct host_request nonsense = {.version = HOST_VERSION, .connection = {.family = 5}};
    char text[4096];
    char line[256];
    char local[PAIR_NAME_CHARS];
    char remote[PAIR_NAME_CHARS];
    struct asker asker;
    struct pair pair;

    start_with_journal(false);
    join(&asker, HOST_PAGE_PREFIX "game");
    pair_open(&pair, listener, getuid());
    assert_int_equal(asker_ask(&asker, asker_request(&pair.client.address, &pair.server.address)),
                     ANSWER_CLOSED);
    assert_int_equal(asker_ask(&asker, nonsense), ANSWER_BAD_REQUEST);
    snprintf(line, sizeof(line),
             "settcpentry-host: closed %s - %s for " HOST_PAGE_PREFIX "game of uid %u: ",
             pair_name(&pair.client.address, local), pair_name(&pair.server.address, remote),
             getuid());
    pair_close(&pair);
    asker_leave(&asker);
    close(listener);
    stop(state);
    read_journal(text, sizeof(text));
    assert_non_null(strstr(text, line));
    assert_non_null(strstr(text, "settcpentry-host: did not close "));
}

static void many_lines_are_counted_rather_than_written(void **state)
{
    struct host_request nonsense = {.version = HOST_VERSION, .connection = {.family = 5}};
    char text[65536];
    int lines = 0;
    struct asker asker;

    start_with_journal(false);
    join(&asker, HOST_PAGE_PREFIX "fast");
    for (int i = 0; i < 500; i++) {
        assert_int_equal(asker_ask(&asker, nonsense), ANSWER_BAD_REQUEST);
    }
    usleep(1100000);
    assert_int_equal(asker_ask(&asker, nonsense), ANSWER_BAD_REQUEST);
    asker_leave(&asker);
    stop(state);
    read_journal(text, sizeof(text));
    for (const char *at = text; (at = strchr(at, '\n')); at++) {
        lines++;
    }
    assert_in_range(lines, 50, 300);
    assert_non_null(strstr(text, " lines left out) "));
}

static void a_journal_that_nobody_reads_is_not_waited_for(void **state)
{
    struct host_request nonsense = {.version = HOST_VERSION, .connection = {.family = 5}};
    struct asker asker;

    start_with_journal(true);
    join(&asker, HOST_PAGE_PREFIX "unread");
    assert_int_equal(asker_ask(&asker, nonsense), ANSWER_BAD_REQUEST);
    assert_int_equal(asker_ask(&asker, nonsense), ANSWER_BAD_REQUEST);
    close(journal[0]); /* nor is it missed */
    assert_int_equal(asker_ask(&asker, nonsense), ANSWER_BAD_REQUEST);
    assert_int_equal(asker_ask(&asker, nonsense), ANSWER_BAD_REQUEST);
    asker_leave(&asker);
    stop(state);
}

/* ---- floods ---- */

static void ring_for_ever(struct asker *asker)
{
    for (;;) {
        asker_ring(asker);
    }
}

/* Again as soon as it is answered, so that there is always one who asks. */
static void ask_for_ever(struct asker *asker)
{
    struct host_page *page = asker->page;

    for (uint32_t id = 1;; id = (id + 1) & HOST_LAST_ID) {
        page->slots_used = 1;
        page->slots[0].request = (struct host_request){.version = HOST_VERSION, .id = id};
        __atomic_store_n(&page->slots[0].turn, host_turn(id, HOST_POSTED), __ATOMIC_SEQ_CST);
        if (__atomic_exchange_n(&page->asleep, 0, __ATOMIC_SEQ_CST) != 0) {
            asker_ring(asker);
        }
        while (__atomic_load_n(&page->slots[0].turn, __ATOMIC_ACQUIRE) !=
               host_turn(id, HOST_ANSWERED)) {
        }
    }
}

enum
{
    FLOODERS = 4,
};

static pid_t start_flooder(struct asker *asker, int number, void (*flood)(struct asker *asker))
{
    char name[32];
    pid_t flooder;

    snprintf(name, sizeof(name), HOST_PAGE_PREFIX "flood%d", number);
    join(asker, name);
    flooder = fork();
    if (flooder == 0) {
        flood(asker);
    }
    return flooder;
}

/* Others are met all the same, and it can be ended. */
static void expect_that_it_hears_through(void (*flood)(struct asker *asker))
{
    struct asker flooded[FLOODERS];
    pid_t flooders[FLOODERS];
    struct asker other;

    for (int i = 0; i < FLOODERS; i++) {
        flooders[i] = start_flooder(&flooded[i], i, flood);
    }
    join(&other, HOST_PAGE_PREFIX "other");
    expect_no_such_connection(&other);
    kill(server.helper, SIGTERM);
    assert_int_equal(asker_wait_for_helper(&server), 0);
    for (int i = 0; i < FLOODERS; i++) {
        kill(flooders[i], SIGKILL);
        waitpid(flooders[i], NULL, 0);
        asker_leave(&flooded[i]);
    }
    asker_leave(&other);
}

static void a_flood_of_bells_keeps_nobody_out_and_the_helper_from_no_end(void **state)
{
    (void)state;
    expect_that_it_hears_through(ring_for_ever);
}

static void a_flood_of_requests_keeps_nobody_out_and_the_helper_from_no_end(void **state)
{
    (void)state;
    expect_that_it_hears_through(ask_for_ever);
}

/* ---- who may ---- */

static void expect_refusal(const char *path)
{
    start_server_in(path);
    assert_int_equal(asker_wait_for_helper(&server), REFUSES);
}

static void a_second_one_in_the_same_folder_is_refused(void **state)
{
    const struct asker first = server;

    (void)state;
    expect_refusal(folder);
    server = first;
    assert_true(exists(HOST_SERVING_NAME));
}

static void a_folder_that_others_can_reach_is_refused(void **state)
{
    (void)state;
    for (mode_t bit = S_IXOTH; bit <= S_IRGRP; bit <<= 1) {
        assert_int_equal(chmod(folder, S_IRWXU | bit), 0);
        expect_refusal(folder);
    }
    assert_false(exists(HOST_SERVING_NAME));
}

static void a_folder_of_another_user_is_refused(void **state)
{
    (void)state;
    if (chown(folder, SOMEBODY_ELSE, SOMEBODY_ELSE) != 0) {
        print_message("skipped: only root of the machine can give a folder away\n");
        rmdir(folder);
        skip();
    }
    expect_refusal(folder);
}

static void a_symbolic_link_to_a_folder_is_refused(void **state)
{
    char link[sizeof(folder) + 8];

    (void)state;
    snprintf(link, sizeof(link), "%s.link", folder);
    assert_int_equal(symlink(folder, link), 0);
    expect_refusal(link);
    unlink(link);
    assert_false(exists(HOST_SERVING_NAME));
}

static void a_symbolic_link_in_place_of_the_marker_is_not_followed(void **state)
{
    struct asker target;

    (void)state;
    asker_make_page(&target, "/dev/shm/settcpentry-target");
    assert_int_equal(symlink("/dev/shm/settcpentry-target", in_folder(HOST_SERVING_NAME)), 0);
    expect_refusal(folder);
    assert_int_equal(target.page->magic, HOST_MAGIC); /* nothing was written to it */
    assert_int_equal(unlink(in_folder(HOST_SERVING_NAME)), 0);
    unlink("/dev/shm/settcpentry-target");
    asker_leave(&target);
}

/* One that leads to a real page elsewhere, which would be met if it were followed. */
static void a_symbolic_link_in_place_of_a_page_is_not_followed(void **state)
{
    struct asker target;
    struct asker asker;

    asker_make_page(&target, "/dev/shm/settcpentry-target");
    assert_int_equal(symlink("/dev/shm/settcpentry-target", in_folder(HOST_PAGE_PREFIX "0")), 0);
    start_server_in(folder);
    assert_true(comes_to_be(HOST_SERVING_NAME, true));
    join(&asker, HOST_PAGE_PREFIX "1"); /* so the server has had its turn */
    assert_int_equal(target.page->state, HOST_STARTING);
    assert_int_equal(unlink(in_folder(HOST_PAGE_PREFIX "0")), 0);
    unlink("/dev/shm/settcpentry-target");
    asker_leave(&target);
    asker_leave(&asker);
    stop(state);
}

static void other_files_in_the_folder_are_left_alone(void **state)
{
    struct asker asker;

    (void)state;
    asker_make_page(&asker, in_folder("other"));
    asker_ring(&asker);
    usleep(100000);
    assert_int_equal(asker.page->state, HOST_STARTING);
    assert_int_equal(unlink(in_folder("other")), 0);
    asker_leave(&asker);
}

/* ---- what a container's program must not reach outside ---- */

static char outside[] = "/tmp/settcpentry-outer-XXXXXX";

static const char *in_outside(const char *name)
{
    static char path[sizeof(outside) + 64];

    snprintf(path, sizeof(path), "%s/%s", outside, name);
    return path;
}

static int make_outside(void **state)
{
    memcpy(outside + sizeof(outside) - sizeof("XXXXXX"), "XXXXXX", sizeof("XXXXXX"));
    assert_non_null(mkdtemp(outside));
    return make_folder(state);
}

static int remove_outside(void **state)
{
    assert_int_equal(rmdir(outside), 0);
    return remove_folder(state);
}

static int start_beside(void **state)
{
    make_outside(state);
    start_server_in(folder);
    assert_true(comes_to_be(HOST_SERVING_NAME, true));
    return 0;
}

static int stop_beside(void **state)
{
    stop(state);
    return rmdir(outside);
}

static void write_file(const char *path, const char *text)
{
    const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    close(file);
}

static void expect_text(const char *path, const char *text)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    char found[64] = {0};

    assert_true(file >= 0);
    assert_true(read(file, found, sizeof(found) - 1) >= 0);
    assert_string_equal(found, text);
    close(file);
}

static void a_file_of_the_users_linked_in_place_of_the_marker_keeps_its_text(void **state)
{
    static const char *const texts[] = {"dear diary", ""};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        write_file(in_outside("diary"), texts[i]);
        assert_int_equal(link(in_outside("diary"), in_folder(HOST_SERVING_NAME)), 0);
        expect_refusal(folder);
        expect_text(in_outside("diary"), texts[i]);
        assert_int_equal(unlink(in_outside("diary")), 0);
        assert_int_equal(unlink(in_folder(HOST_SERVING_NAME)), 0);
    }
}

static void what_holds_something_is_not_taken_for_the_marker(void **state)
{
    (void)state;
    write_file(in_folder(HOST_SERVING_NAME), "a letter");
    expect_refusal(folder);
    expect_text(in_folder(HOST_SERVING_NAME), "a letter");
    assert_int_equal(unlink(in_folder(HOST_SERVING_NAME)), 0);
}

static void what_the_marker_has_become_is_left_alone_at_the_end(void **state)
{
    char other[sizeof(folder) + 64];
    struct asker asker;

    (void)state;
    snprintf(other, sizeof(other), "%s", in_folder("other"));
    start_server_in(folder);
    join(&asker, HOST_PAGE_PREFIX "a"); /* so it serves */
    asker_leave(&asker);
    write_file(other, "not the marker");
    kill(server.helper, SIGSTOP);
    assert_int_equal(rename(other, in_folder(HOST_SERVING_NAME)), 0);
    kill(server.helper, SIGTERM);
    kill(server.helper, SIGCONT);
    assert_int_not_equal(asker_wait_for_helper(&server), -1);
    expect_text(in_folder(HOST_SERVING_NAME), "not the marker");
    assert_int_equal(unlink(in_folder(HOST_SERVING_NAME)), 0);
}

enum
{
    ROUNDS = 200,
    TURNS_AT_MOST = 2000, /* in each */
};

/* While the helper meets a page, its name goes into a subfolder and back again and again, and the
 * subfolder changes places with a link to a folder outside that has a file of the same name. */
static void race_for_a_file_outside(void)
{
    static const char name[] = HOST_PAGE_PREFIX "race";
    char moved[sizeof(folder) + 64];
    char link[sizeof(folder) + 64];
    char sub[sizeof(folder) + 64];
    struct asker asker;

    snprintf(moved, sizeof(moved), "%s/sub/%s", folder, name);
    snprintf(link, sizeof(link), "%s/link", folder);
    snprintf(sub, sizeof(sub), "%s/sub", folder);
    asker_make_page(&asker, in_folder(name));
    for (int turns = 0; turns < TURNS_AT_MOST && asker.page->state == HOST_STARTING; turns++) {
        asker_ring(&asker);
        rename(asker.page_path, moved);
        for (int i = 0; i < 4; i++) { /* an even number: in the end all is in its place */
            assert_int_equal(renameat2(AT_FDCWD, sub, AT_FDCWD, link, RENAME_EXCHANGE), 0);
        }
        rename(moved, asker.page_path);
    }
    asker_leave(&asker);
}

static void no_race_of_names_leads_the_helper_to_a_file_outside(void **state)
{
    struct stat is;

    (void)state;
    assert_int_equal(mkdir(in_folder("sub"), 0700), 0);
    assert_int_equal(symlink(outside, in_folder("link")), 0);
    for (unsigned round = 0; round < ROUNDS; round++) {
        const char *victim = in_outside(HOST_PAGE_PREFIX "race");
        const int file = open(victim, O_WRONLY | O_CREAT | O_CLOEXEC, 0400);

        assert_true(file >= 0);
        close(file);
        race_for_a_file_outside();
        if (stat(victim, &is) != 0) {
            fail_msg("the file outside was removed in round %u", round);
        }
        assert_int_equal(is.st_mode & 07777, 0400);
    }
    assert_int_equal(unlink(in_outside(HOST_PAGE_PREFIX "race")), 0);
    assert_int_equal(unlink(in_folder("link")), 0);
    assert_int_equal(rmdir(in_folder("sub")), 0);
}

#define SERVED(test) cmocka_unit_test_setup_teardown(test, start, stop)
#define BESIDE_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_outside, remove_outside)
#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SERVED(several_programs_are_served_at_once),
        SERVED(a_page_loses_its_name_at_the_meeting),
        cmocka_unit_test_setup(a_page_that_was_there_first_is_met_too, make_folder),
        SERVED(a_page_that_is_not_filled_in_yet_is_met_when_it_is),
        SERVED(one_more_than_it_serves_is_told_so_and_has_a_place_when_one_has_gone),
        SERVED(a_program_that_never_rings_again_is_left),
        SERVED(a_page_made_shorter_harms_nobody_else),
        cmocka_unit_test_setup_teardown(programs_are_told_when_it_ends, start, remove_folder),
        cmocka_unit_test_setup(it_ends_with_its_folder, start),
        SERVED(what_a_killed_one_left_is_taken_over),
        cmocka_unit_test_setup_teardown(
            a_flood_of_bells_keeps_nobody_out_and_the_helper_from_no_end, start, remove_folder),
        cmocka_unit_test_setup_teardown(
            a_flood_of_requests_keeps_nobody_out_and_the_helper_from_no_end, start, remove_folder),
        cmocka_unit_test_setup(what_is_closed_and_what_is_not_is_said_with_the_pages_name,
                               make_folder),
        cmocka_unit_test_setup(many_lines_are_counted_rather_than_written, make_folder),
        cmocka_unit_test_setup(a_journal_that_nobody_reads_is_not_waited_for, make_folder),
        SERVED(a_second_one_in_the_same_folder_is_refused),
        IN_A_FOLDER(a_folder_that_others_can_reach_is_refused),
        IN_A_FOLDER(a_folder_of_another_user_is_refused),
        IN_A_FOLDER(a_symbolic_link_to_a_folder_is_refused),
        IN_A_FOLDER(a_symbolic_link_in_place_of_the_marker_is_not_followed),
        cmocka_unit_test_setup(a_symbolic_link_in_place_of_a_page_is_not_followed, make_folder),
        SERVED(other_files_in_the_folder_are_left_alone),
        BESIDE_A_FOLDER(a_file_of_the_users_linked_in_place_of_the_marker_keeps_its_text),
        IN_A_FOLDER(what_holds_something_is_not_taken_for_the_marker),
        IN_A_FOLDER(what_the_marker_has_become_is_left_alone_at_the_end),
        cmocka_unit_test_setup_teardown(no_race_of_names_leads_the_helper_to_a_file_outside,
                                        start_beside, stop_beside),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: test_folder HELPER\n");
        return 2;
    }
    helper = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
