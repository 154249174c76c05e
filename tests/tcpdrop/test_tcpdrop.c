/* SPDX-License-Identifier: MIT */
/*
 * tcpdrop closes the one connection that is named to it.
 *   test_tcpdrop TCPDROP [FAULTY_HELPER]
 * The faulty helper is one for Windows programs.
 */
#include "testing.h"

#include "pair.h"
#include "program.h"
#include "protocol.h"

#include <arpa/inet.h>
#include <ctype.h>
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

static void write_port(const union pair_address *address, char port_out[8])
{
    const in_port_t port =
        address->any.sa_family == AF_INET6 ? address->ipv6.sin6_port : address->ipv4.sin_port;

    snprintf(port_out, 8, "%u", (unsigned)ntohs(port));
}

/* The ways to name it; each has an end's address and port as L, l, the other's as R, r, both together as A and B. */
static const char *const ipv4_forms[][8] = {
    {"L", "l", "R", "r"},
    {"A", "B"},
    {"A", "->", "B"},
    {"A -> B"},
    {"A->B"},
    {"tcp        0      0 A           B         ESTABLISHED"},
    {"  TCP    A           B          ESTABLISHED     1234"},
    {"ESTAB 0      0          A     B"},
    {"tcp4   A  B  ESTABLISHED"},
};
static const char *const ipv6_forms[][8] = {
    {"L", "l", "R", "r"},
    {"A", "B"},
    {"A -> B"},
    {"tcp6       0      0 L:l             R:r             ESTABLISHED"},
    {"tcp6   A  B  ESTABLISHED"},
};

/* What the letters stand for. */
struct ends
{
    char both[2][PAIR_NAME_CHARS];
    char address[2][PAIR_NAME_CHARS];
    char port[2][8];
};

static struct ends ends_of(const struct pair *pair)
{
    const union pair_address *const addresses[] = {&pair->client.address, &pair->server.address};
    struct ends ends;

    for (int i = 0; i < 2; i++) {
        pair_name(addresses[i], ends.both[i]);
        snprintf(ends.address[i], PAIR_NAME_CHARS, "%s", ends.both[i] + (ends.both[i][0] == '['));
        ends.address[i][strcspn(ends.address[i], "]")] = 0;
        if (ends.both[i][0] != '[') {
            *strrchr(ends.address[i], ':') = 0;
        }
        write_port(addresses[i], ends.port[i]);
    }
    return ends;
}

static const char *what_is_meant(const struct ends *ends, char letter)
{
    const struct
    {
        char letter;
        const char *text;
    } meanings[] = {
        {'A', ends->both[0]},    {'B', ends->both[1]}, {'L', ends->address[0]},
        {'R', ends->address[1]}, {'l', ends->port[0]}, {'r', ends->port[1]},
    };

    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
        if (meanings[i].letter == letter) {
            return meanings[i].text;
        }
    }
    return NULL;
}

/* Letters by themselves are replaced, those of words are not. */
static void write_form(const struct ends *ends, const char *form, char text_out[512])
{
    size_t length = 0;

    for (size_t i = 0; form[i]; i++) {
        const bool is_alone = (i == 0 || !isalpha(form[i - 1])) && !isalpha(form[i + 1]);
        const char *text = is_alone ? what_is_meant(ends, form[i]) : NULL;

        length += (size_t)snprintf(text_out + length, 512 - length, "%.*s", text ? 400 : 1,
                                   text ? text : &form[i]);
    }
}

static struct program_answer run_form(const struct pair *pair, const char *const form[])
{
    const struct ends ends = ends_of(pair);
    static char texts[8][512];
    const char *arguments[9] = {NULL};

    for (int i = 0; form[i]; i++) {
        write_form(&ends, form[i], texts[i]);
        arguments[i] = texts[i];
    }
    return program_run(tcpdrop, arguments);
}

static void expect_that_exactly_one_is_closed(const char *address, const char *const form[])
{
    const int listener = pair_listen(address);
    struct pair meant;
    struct pair other;
    struct program_answer answer;

    pair_open(&meant, listener, getuid());
    pair_open(&other, listener, getuid());
    answer = run_form(&meant, form);
    if (answer.status != DONE || !strstr(answer.output, ": closed\n")) {
        fail_msg("'%s': status %d, %s%s", form[0], answer.status, answer.output, answer.errors);
    }
    program_free(&answer);
    assert_int_not_equal(pair_ping(&meant), PAIR_ALIVE);
    assert_int_equal(pair_ping(&other), PAIR_ALIVE);
    pair_close(&meant);
    pair_close(&other);
    close(listener);
}

static void every_form_closes_exactly_the_ipv4_connection_meant(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(ipv4_forms) / sizeof(ipv4_forms[0]); i++) {
        expect_that_exactly_one_is_closed("127.0.0.1", ipv4_forms[i]);
    }
}

static void every_form_closes_exactly_the_ipv6_connection_meant(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(ipv6_forms) / sizeof(ipv6_forms[0]); i++) {
        expect_that_exactly_one_is_closed("::1", ipv6_forms[i]);
    }
}

static void localhost_is_the_address_that_the_other_end_has(void **state)
{
    static const char *const form[] = {"localhost:l", "B", NULL};

    (void)state;
    expect_that_exactly_one_is_closed("127.0.0.1", form);
    expect_that_exactly_one_is_closed("::1", form);
}

static void expect_that_it_is_found_once(const char *address)
{
    const int listener = pair_listen(address);
    struct program_answer answer;
    struct pair pair;

    pair_open(&pair, listener, getuid());
    answer = run_form(&pair, ipv4_forms[0]);
    assert_int_equal(answer.status, DONE);
    program_free(&answer);
    answer = run_form(&pair, ipv4_forms[0]);
    assert_int_equal(answer.status, NO_SUCH_CONNECTION);
    assert_non_null(strstr(answer.output, ", LastError 1168: there is no such connection"));
    program_free(&answer);
    pair_close(&pair);
    close(listener);
}

static void one_that_is_closed_is_not_found_again(void **state)
{
    (void)state;
    expect_that_it_is_found_once("127.0.0.1");
    expect_that_it_is_found_once("::1");
}

/* One line on standard error, which names it, and nothing else. */
static void expect_complaint(const char *const arguments[], const char *named)
{
    struct program_answer answer = program_run(tcpdrop, arguments);
    const char *end = strchr(answer.errors, '\n');

    if (answer.status != USAGE || strncmp(answer.errors, "tcpdrop: ", 9) != 0 || !end || end[1] ||
        !strstr(answer.errors, named) || answer.output[0]) {
        fail_msg("%s is to be named; status %d: %s%s", named, answer.status, answer.output,
                 answer.errors);
    }
    program_free(&answer);
}

static void what_is_malformed_is_named_in_one_line(void **state)
{
    static const struct
    {
        const char *arguments[6];
        const char *named;
    } cases[] = {
        {{"127.0.0.1", "80x", "127.0.0.1", "81"}, "'80x'"},
        {{"127.0.0.1:80", "127.0.0.1:65536"}, "'127.0.0.1:65536'"},
        {{"127.0.0.1:80", "127.0.0.256:81"}, "'127.0.0.256:81'"},
        {{"\xC3\xA9:80", "127.0.0.1:81"}, "'\xC3\xA9:80'"},
        {{"127.0.0.1:80", "[::1]:81"}, "'[::1]:81'"},
        {{"tcp 0 0 0.0.0.0:80 0.0.0.0:* LISTEN"}, "LISTEN"},
        {{"udp 0 0 127.0.0.1:80 127.0.0.1:81"}, "udp"},
        {{"127.0.0.1:80"}, "--help"},
        {{NULL}, "--help"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        expect_complaint(cases[i].arguments, cases[i].named);
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
        expect_complaint(cases[i], named[i]);
    }
}

static void expect_said(const char *option, const char *said)
{
    struct program_answer answer = program_run(tcpdrop, (const char *const[]){option, NULL});

    assert_int_equal(answer.status, DONE);
    assert_non_null(strstr(answer.output, said));
    assert_string_equal(answer.errors, "");
    program_free(&answer);
}

static void help_and_version_are_0(void **state)
{
    (void)state;
    expect_said("--help", "usage: tcpdrop");
    expect_said("--version", "tcpdrop 0.");
    expect_said("--version",
                program_is_windows(tcpdrop) ? ", iphlp.dll 0." : ", settcpentry-host /");
}

/* What tcpdrop says of this answer, which the faulty helper chooses by the remote port as it is in memory. */
static void expect_words(enum answer_kind kind, enum answer_status status, const char *reason)
{
    char remote[32];
    in_port_t port = 1;
    struct program_answer answer;

    while (1 + port % ANSWER_LAST_OF_HELPER != (int)kind) {
        port++;
    }
    snprintf(remote, sizeof(remote), "127.0.0.1:%u", (unsigned)ntohs(port));
    answer = program_run(tcpdrop, (const char *const[]){"127.0.0.1:80", remote, NULL});
    assert_int_equal(answer.status, status);
    assert_non_null(strstr(answer.output, kind == ANSWER_CLOSED ? ": closed" : reason));
    program_free(&answer);
}

static void each_answer_of_the_helper_has_its_status_and_its_words(void **state)
{
    char helper[256];

    (void)state;
    if (!faulty_helper) {
        print_message(
            "skipped: the faulty helper is one for the DLL; test_closer_linux has another\n");
        skip();
        return; /* skip() does not return, which clang's analyzer does not know */
    }
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
        cmocka_unit_test(every_form_closes_exactly_the_ipv4_connection_meant),
        cmocka_unit_test(every_form_closes_exactly_the_ipv6_connection_meant),
        cmocka_unit_test(localhost_is_the_address_that_the_other_end_has),
        cmocka_unit_test(one_that_is_closed_is_not_found_again),
        cmocka_unit_test(what_is_malformed_is_named_in_one_line),
        cmocka_unit_test(an_option_that_is_none_is_named),
        cmocka_unit_test(help_and_version_are_0),
        cmocka_unit_test(each_answer_of_the_helper_has_its_status_and_its_words),
    };

    if (argc != 2 && argc != 3) {
        fprintf(stderr, "usage: test_tcpdrop TCPDROP [FAULTY_HELPER]\n");
        return 2;
    }
    tcpdrop = argv[1];
    faulty_helper = argv[2];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
