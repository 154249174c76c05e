/* SPDX-License-Identifier: MIT */
/*
 * tcpdrop with real connections.
 *   test_tcpdrop TCPDROP FAULTY_HELPER
 */
#include "testing.h"

#include "pair.h"
#include "protocol.h"
#include "under_wine.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum
{
    DONE = 0,
    NOT_DONE = 1,
    USAGE = 2,
    NO_RIGHTS = 3,
    NO_SUCH_CONNECTION = 4,
};

static const char *tcpdrop;
static const char *faulty_helper;

static const char *last_line_of(const struct wine_answer *answer)
{
    return strstr(answer->output, "tcpdrop: ");
}

static void write_port(const union pair_address *address, char port_out[8])
{
    const in_port_t port =
        address->any.sa_family == AF_INET6 ? address->ipv6.sin6_port : address->ipv4.sin_port;

    snprintf(port_out, 8, "%u", (unsigned)ntohs(port));
}

/* As netstat prints them, or each by itself; the answer. */
static struct wine_answer run(const struct pair *pair, bool is_short)
{
    char local[PAIR_NAME_CHARS];
    char remote[PAIR_NAME_CHARS];
    char local_port[8];
    char remote_port[8];
    const char *const two[] = {local, remote, NULL};
    const char *const four[] = {local, local_port, remote, remote_port, NULL};

    pair_name(&pair->client.address, local);
    pair_name(&pair->server.address, remote);
    write_port(&pair->client.address, local_port);
    write_port(&pair->server.address, remote_port);
    if (!is_short) {
        *strrchr(local, ':') = 0;
        *strrchr(remote, ':') = 0;
    }
    return wine_run(tcpdrop, is_short ? two : four);
}

static void expect_that_exactly_one_is_closed(const char *address, bool is_short)
{
    const int listener = pair_listen(address);
    struct pair meant;
    struct pair other;
    struct wine_answer answer;

    pair_open(&meant, listener, getuid());
    pair_open(&other, listener, getuid());
    answer = run(&meant, is_short);
    assert_int_equal(answer.status, DONE);
    assert_non_null(strstr(answer.output, ": closed"));
    assert_int_not_equal(pair_ping(&meant), PAIR_ALIVE);
    assert_int_equal(pair_ping(&other), PAIR_ALIVE);
    answer = run(&meant, is_short);
    assert_int_equal(answer.status, NO_SUCH_CONNECTION);
    assert_non_null(strstr(answer.output, ", LastError 1168: there is no such connection"));
    pair_close(&meant);
    pair_close(&other);
    close(listener);
}

static void both_forms_close_exactly_the_ipv4_connection_meant(void **state)
{
    (void)state;
    expect_that_exactly_one_is_closed("127.0.0.1", false);
    expect_that_exactly_one_is_closed("127.0.0.1", true);
}

static void both_forms_close_exactly_the_ipv6_connection_meant(void **state)
{
    (void)state;
    expect_that_exactly_one_is_closed("::1", false);
    expect_that_exactly_one_is_closed("::1", true);
}

static void what_is_malformed_is_named_in_one_line_and_closes_nothing(void **state)
{
    static const char *const cases[][4] = {
        {"127.0.0.1", "80x", "127.0.0.1", "81"},
        {"127.0.0.1:80", "127.0.0.1:65536", NULL},
        {"127.0.0.1:80", "127.0.0.256:81", NULL},
        {"\xC3\xA9:80", "127.0.0.1:81", NULL},
    };
    static const char *const named[] = {"'80x'", "'127.0.0.1:65536'", "'127.0.0.256:81'",
                                        "'\xC3\xA9:80'"};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *const arguments[] = {cases[i][0], cases[i][1], cases[i][2], cases[i][3], NULL};
        const struct wine_answer answer = wine_run(tcpdrop, arguments);
        const char *line = last_line_of(&answer);

        assert_int_equal(answer.status, USAGE);
        assert_non_null(line);
        assert_non_null(strstr(line, named[i]));
        assert_int_equal(strchr(line, '\n') - line, (long)strlen(line) - 1);
    }
}

static void wrong_options_and_numbers_of_arguments_are_usage_errors(void **state)
{
    static const char *const cases[][4] = {
        {"127.0.0.1:80", NULL},
        {"--nonsense", NULL},
        {"--json", "127.0.0.1:80", "127.0.0.1:81", NULL},
        {NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(wine_run(tcpdrop, cases[i]).status, USAGE);
    }
}

static void an_option_that_is_none_is_named(void **state)
{
    static const char *const cases[][3] = {
        {"--nonsense", NULL}, {"--help=5", NULL}, {"-x", NULL}, {"-jz", NULL}, {"-\xC3\xA9", NULL}};
    static const char *const named[] = {"'--nonsense'", "'--help=5'", "'-x'", "'-j'",
                                        "'-\xC3\xA9'"};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct wine_answer answer = wine_run(tcpdrop, cases[i]);

        assert_int_equal(answer.status, USAGE);
        assert_non_null(strstr(answer.output, named[i]));
    }
}

static void help_and_version_are_0(void **state)
{
    const struct wine_answer help = wine_run(tcpdrop, (const char *const[]){"--help", NULL});
    const struct wine_answer version = wine_run(tcpdrop, (const char *const[]){"--version", NULL});

    (void)state;
    assert_int_equal(help.status, DONE);
    assert_non_null(strstr(help.output, "usage: tcpdrop"));
    assert_int_equal(version.status, DONE);
    assert_non_null(strstr(version.output, ", iphlp.dll 0."));
}

/* What tcpdrop says of this answer, which the faulty helper chooses by the remote port as it is in memory. */
static void expect_words(enum answer_kind kind, enum answer_status status, const char *reason)
{
    char remote[32];
    const char *const arguments[] = {"127.0.0.1:80", remote, NULL};
    in_port_t port = 1;
    struct wine_answer answer;

    while (1 + port % ANSWER_LAST_OF_HELPER != (int)kind) {
        port++;
    }
    snprintf(remote, sizeof(remote), "127.0.0.1:%u", (unsigned)ntohs(port));
    answer = wine_run(tcpdrop, arguments);
    assert_int_equal(answer.status, status);
    assert_non_null(strstr(answer.output, kind == ANSWER_CLOSED ? ": closed" : reason));
}

static void each_answer_of_the_helper_has_its_status_and_its_words(void **state)
{
    char helper[256];

    (void)state;
    snprintf(helper, sizeof(helper), "%s", getenv("SETTCPENTRY_HOST"));
    setenv("SETTCPENTRY_HOST", faulty_helper, 1);
    setenv("FAULTY_HELPER", "by_port", 1);
#define HELPER_ANSWER(name, where, codes, status, reason, ...)                                     \
    expect_words(ANSWER_##name, STATUS_##status, reason);
#include "../../def/answers.inc"
    setenv("SETTCPENTRY_HOST", helper, 1);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_forms_close_exactly_the_ipv4_connection_meant),
        cmocka_unit_test(both_forms_close_exactly_the_ipv6_connection_meant),
        cmocka_unit_test(what_is_malformed_is_named_in_one_line_and_closes_nothing),
        cmocka_unit_test(wrong_options_and_numbers_of_arguments_are_usage_errors),
        cmocka_unit_test(an_option_that_is_none_is_named),
        cmocka_unit_test(help_and_version_are_0),
        cmocka_unit_test(each_answer_of_the_helper_has_its_status_and_its_words),
    };

    if (argc != 3) {
        fprintf(stderr, "usage: test_tcpdrop TCPDROP FAULTY_HELPER\n");
        return 2;
    }
    tcpdrop = argv[1];
    faulty_helper = argv[2];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
