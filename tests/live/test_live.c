/* SPDX-License-Identifier: MIT */
/*
 * A Windows program closes a real connection between two Linux processes.
 *   test_live CLOSE_CONNECTION [ENDLESS KILLS]
 * examples/close_connection, and a program that calls SetTcpEntry without end, for so many kills of
 * each kind; without it, nothing is killed.
 */
#include "testing.h"

#include "helpers.h"
#include "pair.h"
#include "under_wine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    OK = 0,
    NOT_FOUND = 317,
    NOT_FOUND_PRECISELY = 1168,
    NOT_SUPPORTED = 50,
};

static const char *close_connection;
static const char *endless;
static int kills;

static void expect(const struct pair_end *local, const struct pair_end *remote, long code,
                   unsigned long last_error)
{
    const struct wine_answer answer =
        wine_close_connection(close_connection, &local->address, &remote->address);

    assert_true(wine_answered(&answer, code, last_error));
}

static void expect_connects(int listener)
{
    struct pair pair;

    pair_open(&pair, listener, getuid());
    assert_int_equal(pair_ping(&pair), PAIR_ALIVE);
    pair_close(&pair);
}

static void this_end_sees_econnaborted_and_the_other_econnreset(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    struct pair pair;

    (void)state;
    pair_open(&pair, listener, getuid());
    expect(&pair.server, &pair.client, OK, 0);
    assert_int_equal(pair_saw(&pair.server), ECONNABORTED);
    assert_int_equal(pair_saw(&pair.client), ECONNRESET);
    pair_close(&pair);
    close(listener);
}

static void a_second_drop_of_either_row_is_317(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    struct pair pair;

    (void)state;
    pair_open(&pair, listener, getuid());
    expect(&pair.client, &pair.server, OK, 0);
    expect(&pair.client, &pair.server, NOT_FOUND, NOT_FOUND_PRECISELY);
    expect(&pair.server, &pair.client, NOT_FOUND, NOT_FOUND_PRECISELY);
    expect_connects(listener);
    pair_close(&pair);
    close(listener);
}

static void another_connection_to_the_same_listener_is_untouched(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    struct pair pair;
    struct pair other;

    (void)state;
    pair_open(&pair, listener, getuid());
    pair_open(&other, listener, getuid());
    expect(&pair.server, &pair.client, OK, 0);
    assert_int_equal(pair_ping(&other), PAIR_ALIVE);
    pair_close(&pair);
    pair_close(&other);
    close(listener);
}

static void
a_connection_that_was_just_closed_is_317_and_the_listener_on_its_port_lives(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    struct pair pair;

    (void)state;
    pair_open(&pair, listener, getuid());
    pair_end_process(&pair.client); /* first, so that nothing is left of the server's end */
    assert_int_equal(pair_saw(&pair.server), 0);
    pair_end_process(&pair.server);
    expect(&pair.server, &pair.client, NOT_FOUND, NOT_FOUND_PRECISELY);
    expect_connects(listener);
    close(listener);
}

static void an_address_that_is_none_closes_nothing(void **state)
{
    static const char *const bad[][3] = {
        {"127.0.0.1", "127.0.0.1:1", NULL},
        {"127.0.0.1:99999", "127.0.0.1:1", NULL},
        {"127.0.0.1:1", "127.0.0.256:1", NULL},
        {"127.0.0.1:1x", "127.0.0.1:1", NULL},
        {"127.0.0.1:1", "", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const struct wine_answer answer = wine_run(close_connection, bad[i]);

        assert_int_equal(answer.status, 2);
        assert_int_equal(answer.code, -1);
    }
}

/* Full, and nobody reads it. */
static void a_trace_that_is_not_read_keeps_no_call_waiting(void **state)
{
    static const char path[] = "/dev/shm/trace";
    const char bytes[4096] = {0};
    const int listener = pair_listen("127.0.0.1");
    struct pair pair;
    int fifo;

    (void)state;
    unlink(path); /* of a run that failed */
    assert_int_equal(mkfifo(path, 0600), 0);
    fifo = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    while (write(fifo, bytes, sizeof(bytes)) > 0) {
    }
    pair_open(&pair, listener, getuid());
    setenv("SETTCPENTRY_TRACE", "Z:\\dev\\shm\\trace", 1);
    expect(&pair.client, &pair.server, OK, 0);
    unsetenv("SETTCPENTRY_TRACE");
    assert_int_equal(pair_saw(&pair.client), ECONNABORTED);
    pair_close(&pair);
    unlink(path);
    close(fifo);
    close(listener);
}

static void expect_without_helper(const struct pair *pair, long code, unsigned long last_error)
{
    struct wine_answer answer;

    wine_through(wine_without_helper);
    answer = wine_close_connection(close_connection, &pair->client.address, &pair->server.address);
    wine_through(NULL);
    assert_true(wine_answered(&answer, code, last_error));
}

static void without_a_helper_a_living_connection_is_50_and_an_absent_one_317(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    struct pair pair;

    (void)state;
    pair_open(&pair, listener, getuid());
    expect_without_helper(&pair, NOT_SUPPORTED, NOT_SUPPORTED);
    assert_int_equal(pair_ping(&pair), PAIR_ALIVE);
    expect(&pair.client, &pair.server, OK, 0);
    expect_without_helper(&pair, NOT_FOUND, NOT_FOUND_PRECISELY);
    expect_connects(listener);
    pair_close(&pair);
    close(listener);
}

static pid_t start_endless(const char *milliseconds)
{
    const char *const arguments[] = {milliseconds, NULL};
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    const pid_t program = wine_start(endless, arguments, nowhere);

    close(nowhere);
    return program;
}

static void a_program_that_is_killed_leaves_no_helper_and_no_file(void **state)
{
    (void)state;
    for (int i = 0; i < kills; i++) {
        const pid_t program = start_endless(NULL);

        if (i % 2 == 0) {
            assert_true(helpers_come()); /* in the middle of its calls */
        }
        usleep((useconds_t)(random() % 400000)); /* at any moment of its start */
        kill(program, SIGKILL);
        waitpid(program, NULL, 0);
        assert_true(helpers_are_gone());
    }
}

static void a_program_that_is_killed_by_windows_leaves_no_helper_and_no_file(void **state)
{
    (void)state;
    for (int i = 0; i < kills; i++) {
        char milliseconds[16];

        snprintf(milliseconds, sizeof(milliseconds), "%ld", random() % (i % 2 == 0 ? 20 : 200));
        waitpid(start_endless(milliseconds), NULL, 0);
        assert_true(helpers_are_gone());
    }
}

static void a_helper_that_is_killed_is_replaced_and_leaves_no_file(void **state)
{
    const pid_t program = start_endless(NULL);

    (void)state;
    for (int i = 0; i < kills; i++) {
        assert_true(helpers_come());
        usleep((useconds_t)(random() % 20000));
        helpers_kill();
    }
    assert_true(helpers_come());
    assert_int_equal(waitpid(program, NULL, WNOHANG), 0);
    kill(program, SIGKILL);
    waitpid(program, NULL, 0);
    assert_true(helpers_are_gone());
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(this_end_sees_econnaborted_and_the_other_econnreset),
        cmocka_unit_test(a_second_drop_of_either_row_is_317),
        cmocka_unit_test(another_connection_to_the_same_listener_is_untouched),
        cmocka_unit_test(
            a_connection_that_was_just_closed_is_317_and_the_listener_on_its_port_lives),
        cmocka_unit_test(an_address_that_is_none_closes_nothing),
        cmocka_unit_test(without_a_helper_a_living_connection_is_50_and_an_absent_one_317),
        cmocka_unit_test(a_trace_that_is_not_read_keeps_no_call_waiting),
        cmocka_unit_test(a_program_that_is_killed_leaves_no_helper_and_no_file),
        cmocka_unit_test(a_program_that_is_killed_by_windows_leaves_no_helper_and_no_file),
        cmocka_unit_test(a_helper_that_is_killed_is_replaced_and_leaves_no_file),
    };

    if (argc != 2 && argc != 4) {
        fprintf(stderr, "usage: test_live CLOSE_CONNECTION [ENDLESS KILLS]\n");
        return 2;
    }
    close_connection = argv[1];
    if (argc == 4) {
        endless = argv[2];
        kills = (int)strtol(argv[3], NULL, 10);
        srandom((unsigned)getpid()); /* other moments each time */
    } else {
        cmocka_set_skip_filter("*that_is_killed*");
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
