/* SPDX-License-Identifier: MIT */
/*
 * What tcpdrop lists and closes for a Linux user who is not root.  Run by user_drops.sh, as root.
 *   test_user_drops TCPDROP USER_ID HELPER BARE_HELPER SCHEMA
 */
#include "testing.h"

#include "pair.h"
#include "program.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum
{
    DONE = 0,
    NOT_DONE = 1,
    NO_RIGHTS = 3,
    FILTER_CHARS = 16,
};

static const char *tcpdrop;
static uid_t user;
static const char *helper;
static const char *bare_helper; /* without the capability */
static const char *schema;

/* A connection of the user's and one of root's, with one server's port; a filter for their clients' ends. */
struct two
{
    int listener;
    struct pair own;
    struct pair roots;
    char filter[FILTER_CHARS];
};

static struct two open_two(void)
{
    struct two two;

    two.listener = pair_listen("127.0.0.1");
    pair_open(&two.own, two.listener, user);
    pair_open(&two.roots, two.listener, 0);
    snprintf(two.filter, sizeof(two.filter), ":%u", ntohs(two.own.server.address.ipv4.sin_port));
    return two;
}

static void close_two(struct two *two)
{
    pair_close(&two->own);
    pair_close(&two->roots);
    close(two->listener);
}

static struct program_answer run_as_user(const char *const arguments[])
{
    struct program_answer answer;

    program_run_as(user);
    answer = program_run(tcpdrop, arguments);
    program_run_as(0);
    return answer;
}

#define RUN(...) run_as_user((const char *const[]){__VA_ARGS__, NULL})

static void expect_said(struct program_answer answer, int status, const char *said)
{
    if (answer.status != status || !strstr(answer.output, said)) {
        fail_msg("status %d, %s%s", answer.status, answer.output, answer.errors);
    }
    program_free(&answer);
}

/* The client's end of it, as the table and the lines have it; with what follows. */
static void write_line(const struct pair *pair, const char *what, char line_out[512])
{
    char local[PAIR_NAME_CHARS];
    char remote[PAIR_NAME_CHARS];

    snprintf(line_out, 512, "%s %s: %s", pair_name(&pair->client.address, local),
             pair_name(&pair->server.address, remote), what);
}

static void ones_own_are_closed_and_anothers_live_and_are_told(void **state)
{
    struct two two = open_two();
    struct program_answer answer = RUN("--close", "--yes", "--remote", two.filter);
    char line[512];

    (void)state;
    assert_int_equal(answer.status, NOT_DONE);
    write_line(&two.own, "closed\n", line);
    assert_non_null(strstr(answer.output, line));
    write_line(&two.roots,
               "not closed: 5, LastError 5: it is another Linux user's connection; "
               "run it as that user\n",
               line);
    assert_non_null(strstr(answer.output, line));
    assert_non_null(strstr(answer.output, "\n1 closed, 0 gone already, 1 not closed\n"));
    program_free(&answer);
    assert_int_not_equal(pair_ping(&two.own), PAIR_ALIVE);
    assert_int_equal(pair_ping(&two.roots), PAIR_ALIVE);
    close_two(&two);
}

static void where_all_are_anothers_the_status_is_3(void **state)
{
    struct two two = open_two();
    char name[PAIR_NAME_CHARS];

    (void)state;
    expect_said(RUN("--close", "--yes", "--local", pair_name(&two.roots.client.address, name)),
                NO_RIGHTS, "0 closed, 0 gone already, 1 not closed\n");
    assert_int_equal(pair_ping(&two.own), PAIR_ALIVE);
    assert_int_equal(pair_ping(&two.roots), PAIR_ALIVE);
    close_two(&two);
}

static void the_one_that_is_named_is_closed_if_it_is_ones_own(void **state)
{
    struct two two = open_two();
    char local[PAIR_NAME_CHARS];
    char remote[PAIR_NAME_CHARS];

    (void)state;
    expect_said(
        RUN(pair_name(&two.own.server.address, local), pair_name(&two.own.client.address, remote)),
        DONE, ": closed\n");
    expect_said(RUN(pair_name(&two.roots.server.address, local),
                    pair_name(&two.roots.client.address, remote)),
                NO_RIGHTS, ": not closed: 5, LastError 5: it is another Linux user's connection");
    assert_int_not_equal(pair_ping(&two.own), PAIR_ALIVE);
    assert_int_equal(pair_ping(&two.roots), PAIR_ALIVE);
    close_two(&two);
}

static void everybodys_are_listed_and_only_ones_own_promised(void **state)
{
    struct two two = open_two();
    char name[PAIR_NAME_CHARS];

    (void)state;
    expect_said(RUN("--list", "--remote", two.filter), DONE,
                pair_name(&two.own.client.address, name));
    expect_said(RUN("--list", "--remote", two.filter), DONE,
                pair_name(&two.roots.client.address, name));
    expect_said(RUN("--close", "--dry-run", "--remote", two.filter), NOT_DONE,
                "1 would be closed, 1 would not\n");
    close_two(&two);
}

/* A process of the user's that connects, and waits; the connection's other end. */
static int start_process_of_the_users(int listener, const char *port, pid_t *process_out)
{
    program_run_as(user);
    *process_out = program_start(
        "bash", (const char *const[]){"-c", "exec 3<>/dev/tcp/127.0.0.1/$0; read -u 3", port, NULL},
        -1, -1, -1);
    program_run_as(0);
    return accept(listener, NULL, NULL);
}

/* Whose process root's are an ordinary user is not told. */
static void by_process_ones_own_match_and_no_others(void **state)
{
    struct two two = open_two();
    pid_t process;
    const int server = start_process_of_the_users(two.listener, two.filter + 1, &process);
    char byte;

    (void)state;
    expect_said(RUN("--close", "--yes", "--process", "*", "--remote", two.filter), DONE,
                "1 closed, 0 gone already, 0 not closed\n");
    assert_int_equal(recv(server, &byte, 1, 0), -1);
    assert_int_equal(errno, ECONNRESET);
    assert_int_equal(pair_ping(&two.roots), PAIR_ALIVE);
    program_wait(process);
    close(server);
    close_two(&two);
}

static void without_the_capability_none_is_closed_and_the_remedy_is_told(void **state)
{
    struct two two = open_two();
    char name[PAIR_NAME_CHARS];

    (void)state;
    setenv("SETTCPENTRY_HOST", bare_helper, 1);
    expect_said(RUN("--close", "--yes", "--local", pair_name(&two.own.client.address, name)),
                NO_RIGHTS,
                ": not closed: 5, LastError 1314: settcpentry-host lacks the capability "
                "CAP_NET_ADMIN in this network; in a container, run tcpdrop outside; else as root: "
                "setcap cap_net_admin+ep ");
    expect_said(RUN("--close", "--dry-run", "--local", name), NO_RIGHTS,
                ": would not be closed: 5, LastError 1314: ");
    setenv("SETTCPENTRY_HOST", helper, 1);
    assert_int_equal(pair_ping(&two.own), PAIR_ALIVE);
    close_two(&two);
}

static void what_could_not_be_closed_is_in_the_json_as_the_schema_says(void **state)
{
    struct two two = open_two();
    struct program_answer answer =
        RUN("--close", "--yes", "--json", "--long", "--remote", two.filter);
    struct program_answer checked;

    (void)state;
    assert_int_equal(answer.status, NOT_DONE);
    assert_non_null(strstr(answer.output, "\"result\": \"not closed\", \"code\": 5, "
                                          "\"last_error\": 5, \"reason\": \"it is another"));
    checked = program_run_with(
        "/usr/bin/python3",
        (const char *const[]){"-m", "jsonschema", "-i", "/dev/stdin", schema, NULL}, answer.output);
    assert_string_equal(checked.output, "");
    assert_int_equal(checked.status, 0);
    program_free(&checked);
    program_free(&answer);
    close_two(&two);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ones_own_are_closed_and_anothers_live_and_are_told),
        cmocka_unit_test(where_all_are_anothers_the_status_is_3),
        cmocka_unit_test(the_one_that_is_named_is_closed_if_it_is_ones_own),
        cmocka_unit_test(everybodys_are_listed_and_only_ones_own_promised),
        cmocka_unit_test(by_process_ones_own_match_and_no_others),
        cmocka_unit_test(without_the_capability_none_is_closed_and_the_remedy_is_told),
        cmocka_unit_test(what_could_not_be_closed_is_in_the_json_as_the_schema_says),
    };

    if (argc != 6) {
        fprintf(stderr, "usage: test_user_drops TCPDROP USER_ID HELPER BARE_HELPER SCHEMA\n");
        return 2;
    }
    tcpdrop = argv[1];
    user = (uid_t)strtoul(argv[2], NULL, 10);
    helper = argv[3];
    bare_helper = argv[4];
    schema = argv[5];
    setenv("SETTCPENTRY_HOST", helper, 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
