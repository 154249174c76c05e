/* SPDX-License-Identifier: MIT */
/*
 * tcpdrop's filters, among 200 connections of several processes: which rows are listed, promised and closed.
 *   test_drops TCPDROP HOLDERS_FOLDER CLOSED LOOKED_AT
 * Of the filters in cases.inc every CLOSEDth is used for closing, every LOOKED_ATth for what closes nothing.
 */
#include "testing.h"

#include "fleet.h"
#include "program.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

enum
{
    DONE = 0,
    USAGE = 2,
    NO_SUCH_CONNECTION = 4,
    ARGUMENTS_AT_MOST = 24,
    ROWS_AT_MOST = 2 * FLEET,
    ROW_CHARS = 256,
};

static const char *tcpdrop;
static const char *holders;
static size_t closed;
static size_t looked_at;

/* ---- the rows that there are, seen without tcpdrop ---- */

struct row
{
    bool is_server; /* the test's end */
    bool is_ipv4;
    const char *local;
    uint16_t local_port;
    const char *remote;
    uint16_t remote_port;
    const char *state;
    const struct holder *owner;
};

static const struct holder nobody;
static struct holder test = {.name = "test_drops"};
static bool servers_are_listed; /* Wine 9.17 and later: only sockets of its own programs */
static bool servers_have_owners;
static bool ipv6_has_owners;   /* Wine 8 reads the wrong column of /proc/net/tcp6 */
static bool scopes_are_listed; /* Wine's mean nothing */

/* An address as it is printed, without a scope. */
static const char *without_scope(const char *address)
{
    return strcmp(address, "fe80::1%1") == 0 ? "fe80::1" : address;
}

static struct row row_of(const struct held *held, bool is_server)
{
    const struct row client = {
        .is_ipv4 = strcmp(held->family, "6") != 0,
        .local = without_scope(held->local),
        .local_port = held->local_port,
        .remote = without_scope(held->remote),
        .remote_port = held->remote_port,
        .state = held->is_half_closed ? "CLOSE-WAIT" : "ESTABLISHED",
        .owner = strcmp(held->family, "4") == 0 || ipv6_has_owners ? held->holder : &nobody,
    };

    if (!is_server) {
        return client;
    }
    return (struct row){
        .is_server = true,
        .is_ipv4 = client.is_ipv4,
        .local = client.remote,
        .local_port = client.remote_port,
        .remote = client.local,
        .remote_port = client.local_port,
        .state = held->is_half_closed ? "FIN-WAIT-2" : "ESTABLISHED",
        .owner = servers_have_owners ? &test : &nobody,
    };
}

/* ---- what is asked for ---- */

static bool is(const char *text, const char *other)
{
    return strcmp(text, other) == 0;
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool within(uint16_t port, uint16_t low, uint16_t high)
{
    return port >= low && port <= high;
}

#define CASE(name, arguments, wanted)                                                              \
    static bool wants_##name(const struct row *r)                                                  \
    {                                                                                              \
        return wanted;                                                                             \
    }
#include "cases.inc"
#undef CASE

static const struct test_case
{
    const char *name;
    const char *arguments[ARGUMENTS_AT_MOST];
    bool (*wants)(const struct row *row);
} cases[] = {
/* clang-format off */
#define ARGUMENTS(...) {__VA_ARGS__}
#define CASE(name, arguments, wanted) {#name, arguments, wants_##name},
#include "cases.inc"
#undef CASE
    /* clang-format on */
};

enum
{
    CASES = sizeof(cases) / sizeof(cases[0]),
};

static size_t append(const char **argv, size_t count, const char *const words[])
{
    for (; *words; words++) {
        argv[count++] = *words;
    }
    argv[count] = NULL;
    return count;
}

/* The argument with the process id that it stands for. */
static const char *with_pid(const char *argument, char id_out[12])
{
    if (argument[0] != '@') {
        return argument;
    }
    snprintf(id_out, 12, "%u",
             is(argument, "@test") ? (unsigned)getpid() : fleet_holders[argument[1] - '0'].id);
    return id_out;
}

static struct program_answer run_case(const struct test_case *test_case, const char *const action[])
{
    const char *argv[2 * ARGUMENTS_AT_MOST];
    char ids[ARGUMENTS_AT_MOST][12];
    size_t count = append(argv, 0, action);

    for (size_t i = 0; test_case->arguments[i]; i++) {
        argv[count++] = with_pid(test_case->arguments[i], ids[i]);
    }
    argv[count] = NULL;
    return program_run(tcpdrop, argv);
}

/* ---- rows as text, a line each, sorted ---- */

struct rows
{
    char all[ROWS_AT_MOST + 1][ROW_CHARS];
    size_t count;
};

static struct rows expected;

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void sort(struct rows *rows)
{
    qsort(rows->all, rows->count, ROW_CHARS, compare);
    rows->all[rows->count][0] = 0;
}

static bool is_about_processes(const struct test_case *test_case)
{
    for (size_t i = 0; test_case->arguments[i]; i++) {
        if (is(test_case->arguments[i], "--pid") || is(test_case->arguments[i], "--process")) {
            return true;
        }
    }
    return false;
}

static void write_row(const struct row *row, bool with_owner, char text_out[ROW_CHARS])
{
    const int length =
        snprintf(text_out, ROW_CHARS, "%s %s %u %s %u %s", row->is_ipv4 ? "ipv4" : "ipv6",
                 row->local, row->local_port, row->remote, row->remote_port, row->state);

    if (with_owner && row->owner->id != 0) {
        snprintf(text_out + length, (size_t)(ROW_CHARS - length), " %u %s", row->owner->id,
                 row->owner->name);
    }
}

/* Marks the connections that are meant, and writes the rows to `expected`; their number. */
static size_t expect_rows(const struct test_case *test_case)
{
    const bool with_owner = is_about_processes(test_case);

    expected.count = 0;
    for (size_t i = 0; i < FLEET; i++) {
        fleet[i].is_meant = false;
        for (int is_server = 0; is_server <= (int)servers_are_listed; is_server++) {
            const struct row row = row_of(&fleet[i], is_server);

            if (test_case->wants(&row)) {
                fleet[i].is_meant = true;
                write_row(&row, with_owner, expected.all[expected.count++]);
            }
        }
    }
    sort(&expected);
    return expected.count;
}

static bool ends(const char *text, const char *end, const char *with)
{
    const size_t length = strlen(with);

    return (size_t)(end - text) >= length && strncmp(end - length, with, length) == 0;
}

/* The values of a connection in JSON, as write_row has them: it is a line of its own. */
static void read_row(const char *line, char text_out[ROW_CHARS])
{
    const char *const line_end = line + strcspn(line, "\n");
    int length = 0;

    for (const char *key_end = strstr(line, "\": "); key_end && key_end < line_end;
         key_end = strstr(key_end + 1, "\": ")) {
        const char *value = key_end + 3;
        const bool is_text = *value == '"';

        if (*value != '{' && *value != '[' && !ends(line, key_end, "scope") &&
            !ends(line, key_end, "result")) {
            value += is_text;
            length +=
                snprintf(text_out + length, (size_t)(ROW_CHARS - length), "%s%.*s",
                         length > 0 ? " " : "", (int)strcspn(value, is_text ? "\"" : ",}"), value);
        }
    }
}

static const struct rows *rows_of(const char *json)
{
    static struct rows rows;

    rows.count = 0;
    for (const char *line = strstr(json, "{\"family\""); line && rows.count < ROWS_AT_MOST;
         line = strstr(line + 1, "{\"family\"")) {
        read_row(line, rows.all[rows.count++]);
    }
    sort(&rows);
    return &rows;
}

static void expect_rows_in(const struct test_case *test_case, const char *json)
{
    const struct rows *rows = rows_of(json);

    for (size_t i = 0; i < expected.count || i < rows->count; i++) {
        if (!is(rows->all[i], expected.all[i])) {
            fail_msg("%s: expected '%s', it said '%s'", test_case->name, expected.all[i],
                     rows->all[i]);
        }
    }
}

static void expect_status(const struct test_case *test_case, const struct program_answer *answer,
                          int status)
{
    if (answer->status != status) {
        fail_msg("%s: status %d, %.500s%s", test_case->name, answer->status, answer->output,
                 answer->errors);
    }
}

static void expect_dropped_as_meant(const struct test_case *test_case)
{
    if (!held_are_dropped_as_meant(fleet, FLEET)) {
        fail_msg("%s: see above", test_case->name);
    }
}

static void expect_none_is_dropped(const struct test_case *test_case)
{
    for (size_t i = 0; i < FLEET; i++) {
        fleet[i].is_meant = false;
    }
    expect_dropped_as_meant(test_case);
}

/* ---- tests ---- */

static void each_filter_is_about_some_rows_and_not_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASES && servers_have_owners; i++) {
        const size_t rows = expect_rows(&cases[i]);

        if (rows == 0 || (rows == ROWS_AT_MOST && !is(cases[i].name, "any_address"))) {
            fail_msg("%s is about %zu rows", cases[i].name, rows);
        }
    }
}

/* Does it say of exactly these rows what it is asked? */
static void expect_action(const struct test_case *test_case, const char *const action[],
                          size_t rows)
{
    struct program_answer answer = run_case(test_case, action);

    if (rows == 0) {
        expect_status(test_case, &answer, NO_SUCH_CONNECTION);
    } else {
        expect_status(test_case, &answer, DONE);
        expect_rows_in(test_case, answer.output);
    }
    program_free(&answer);
}

static void each_filter_lists_exactly_what_matches(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASES; i += looked_at) {
        expect_action(&cases[i], (const char *const[]){"--list", "--json", NULL},
                      expect_rows(&cases[i]));
    }
    expect_none_is_dropped(&cases[0]);
}

static void each_filters_dry_run_promises_exactly_what_matches_and_closes_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASES; i += looked_at) {
        expect_action(&cases[i], (const char *const[]){"--close", "--dry-run", "--json", NULL},
                      expect_rows(&cases[i]));
        expect_none_is_dropped(&cases[i]);
    }
}

static void each_filter_closes_exactly_what_matches(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASES; i += closed) {
        expect_action(&cases[i], (const char *const[]){"--close", "--yes", "--json", NULL},
                      expect_rows(&cases[i]));
        expect_dropped_as_meant(&cases[i]);
        held_open_again(fleet, FLEET);
    }
}

static bool wants_all(const struct row *row)
{
    (void)row;
    return true;
}

static void all_closes_all_and_lets_listeners_live(void **state)
{
    static const struct test_case all = {"--all", {"--all"}, wants_all};

    (void)state;
    expect_action(&all, (const char *const[]){"--close", "--yes", "--json", NULL},
                  expect_rows(&all));
    expect_dropped_as_meant(&all);
    held_open_again(fleet, FLEET);
}

/* ---- what cannot be meant ---- */

/* Arguments, and what of them is named. */
static const struct
{
    const char *arguments[ARGUMENTS_AT_MOST];
    const char *named;
} wrong[] = {
    {{"--close", "--yes", "--remote", "127.0.0.0/33"}, "'127.0.0.0/33'"},
    {{"--close", "--yes", "--remote", "fd00::/129"}, "'fd00::/129'"},
    {{"--close", "--yes", "--remote", "127.0.0.0/"}, "'127.0.0.0/'"},
    {{"--close", "--yes", "--remote", "127.0.0.0/8x"}, "'127.0.0.0/8x'"},
    {{"--close", "--yes", "--remote", "127.0.0.256"}, "'127.0.0.256'"},
    {{"--close", "--yes", "--remote", "127.1"}, "'127.1'"},
    {{"--close", "--yes", "--remote", ""}, "''"},
    {{"--close", "--yes", "--local", ":8081-8080"}, "':8081-8080'"},
    {{"--close", "--yes", "--local", ":8080-"}, "':8080-'"},
    {{"--close", "--yes", "--local", ":-8080"}, "':-8080'"},
    {{"--close", "--yes", "--local", ":0"}, "':0'"},
    {{"--close", "--yes", "--local", ":65536"}, "':65536'"},
    {{"--close", "--yes", "--local", "127.0.0.1:"}, "'127.0.0.1:'"},
    {{"--close", "--yes", "--local", "[::1:8080"}, "'[::1:8080'"},
    {{"--close", "--yes", "--remote", "game.test"}, "'game.test'"},
    {{"--close", "--yes", "--resolve", "--remote", "nobody.invalid"}, "'nobody.invalid'"},
    {{"--close", "--yes", "--state", "established", "--state", "closing-time"}, "'closing-time'"},
    {{"--close", "--yes", "--state", "listen"}, "'listen'"},
    {{"--close", "--yes", "--pid", "12x"}, "'12x'"},
    {{"--close", "--yes", "--pid", "-1"}, "'-1'"},
    {{"--close", "--yes", "--pid", "4294967296"}, "'4294967296'"},
    {{"--close", "--yes", "-4", "--remote", "::1"}, "'::1'"},
    {{"--close", "--yes", "-6", "--local", "127.0.0.0/8"}, "'127.0.0.0/8'"},
    {{"--close", "--yes", "--local", "127.0.0.1", "--remote", "fd00::/16"}, "'127.0.0.1'"},
    {{"--close", "--yes", "--all", "--remote", ":8080"}, "--all"},
    {{"--close", "--yes"}, "--all"},
    {{"--close", "--dry-run"}, "--all"},
    {{"--close", "--yes", "--dry-run", "--remote", ":8080"}, "--dry-run"},
    {{"--close", "--watch", "--remote", ":8080"}, "--yes"},
    {{"--close", "--watch", "--yes"}, "--all"},
    {{"--close", "--watch", "--dry-run", "--remote", ":8080"}, "--watch"},
    {{"--close", "--watch=0", "--yes", "--remote", ":8080"}, "'0'"},
    {{"--close", "--watch=-1", "--yes", "--remote", ":8080"}, "'-1'"},
    {{"--close", "--watch=soon", "--yes", "--remote", ":8080"}, "'soon'"},
    {{"--watch", "--remote", ":8080"}, "--watch"},
    {{"--list", "--watch", "--remote", ":8080"}, "--watch"},
    {{"--list", "--yes", "--remote", ":8080"}, "--yes"},
    {{"--list", "--dry-run"}, "--dry-run"},
    {{"--list", "--close", "--yes", "--remote", ":8080"}, "--close"},
    {{"--list", "--json", "--commands"}, "--commands"},
    {{"--close", "--yes", "--commands", "--remote", ":8080"}, "--commands"},
    {{"--close", "--yes", "--remote"}, "'--remote'"},
    {{"--close", "--yes", "--remote", ":8080", "127.0.0.1:20000"}, "'127.0.0.1:20000'"},
    {{"--yes", "--remote", ":8080"}, "--close"},
    {{"--remote", ":8080", "127.0.0.1:20000", "127.0.0.1:8080"}, "--remote"},
};

static void what_cannot_be_meant_is_named_in_one_line_and_closes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i += looked_at) {
        struct program_answer answer = program_run(tcpdrop, wrong[i].arguments);
        const char *end = strchr(answer.errors, '\n');

        if (answer.status != USAGE || !begins(answer.errors, "tcpdrop: ") || !end || end[1] != 0 ||
            !strstr(answer.errors, wrong[i].named) || answer.output[0] != 0) {
            fail_msg("%s is to be named; status %d: %s%s", wrong[i].named, answer.status,
                     answer.output, answer.errors);
        }
        program_free(&answer);
    }
    expect_none_is_dropped(&(const struct test_case){.name = "what cannot be meant"});
}

static void where_nothing_matches_one_line_says_so_and_the_status_is_4(void **state)
{
    static const char *const cases4[][ARGUMENTS_AT_MOST] = {
        {"--list", "--remote", "127.77.0.1"},
        {"--list", "--process", "nobody"},
        {"--close", "--yes", "--remote", "127.77.0.1"},
        {"--close", "--dry-run", "--remote", "127.77.0.1"},
        {"--close", "--yes", "--pid", "4294967295"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases4) / sizeof(cases4[0]); i++) {
        struct program_answer answer = program_run(tcpdrop, cases4[i]);
        const char *end = strchr(answer.errors, '\n');

        assert_int_equal(answer.status, NO_SUCH_CONNECTION);
        assert_true(begins(answer.errors, "tcpdrop: "));
        assert_true(end && end[1] == 0);
        program_free(&answer);
    }
    expect_none_is_dropped(&(const struct test_case){.name = "what matches nothing"});
}

/* ---- what the tests run in ---- */

static char hosts[] = "/tmp/tcpdrop-hosts-XXXXXX";

/* A host's name that the system knows: here, in the test's own network, and nowhere else. */
static void add_host(void)
{
    const int file = mkstemp(hosts);
    static const char names[] = "127.0.2.1 game.test\nfd00:0:0:2::1 game.test\n";

    assert_non_null(getenv("SETTCPENTRY_PRIVATE_NETWORK"));
    assert_int_equal(write(file, names, sizeof(names) - 1), sizeof(names) - 1);
    close(file);
    assert_int_equal(chmod(hosts, 0644), 0);
    assert_int_equal(mount(hosts, "/etc/hosts", NULL, MS_BIND, NULL), 0);
}

/* Is any of these connections so, by jq? */
static bool is_any(const char *json, const char *so)
{
    char filter[256];
    struct program_answer jq;
    bool is_so;

    snprintf(filter, sizeof(filter), "any(.connections[]; %s)", so);
    jq = program_run_with("jq", (const char *const[]){"-e", filter, NULL}, json);
    is_so = jq.status == 0;
    program_free(&jq);
    return is_so;
}

/* What kind of table this system has is not said by its version. */
static void find_out_what_is_listed(void)
{
    struct program_answer answer =
        program_run(tcpdrop, (const char *const[]){"--list", "--json", "--long", NULL});

    servers_are_listed = is_any(answer.output, ".local.port == 8080");
    servers_have_owners =
        is_any(answer.output, ".local.port == 8080 and (.processes | length == 1)");
    ipv6_has_owners = is_any(answer.output, ".family == \"ipv6\" and (.processes | length == 1)");
    scopes_are_listed = is_any(answer.output, ".local.scope == 1");
    program_free(&answer);
}

static int open_all(void **state)
{
    (void)state;
    test.id = (uint32_t)getpid();
    add_host();
    fleet_open(holders, program_is_windows(tcpdrop));
    find_out_what_is_listed();
    assert_true((servers_have_owners && ipv6_has_owners && scopes_are_listed) ||
                program_is_windows(tcpdrop));
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    fleet_close();
    umount("/etc/hosts");
    unlink(hosts);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_filter_is_about_some_rows_and_not_all),
        cmocka_unit_test(each_filter_lists_exactly_what_matches),
        cmocka_unit_test(each_filters_dry_run_promises_exactly_what_matches_and_closes_none),
        cmocka_unit_test(each_filter_closes_exactly_what_matches),
        cmocka_unit_test(all_closes_all_and_lets_listeners_live),
        cmocka_unit_test(what_cannot_be_meant_is_named_in_one_line_and_closes_nothing),
        cmocka_unit_test(where_nothing_matches_one_line_says_so_and_the_status_is_4),
    };

    if (argc != 5) {
        fprintf(stderr, "usage: test_drops TCPDROP HOLDERS_FOLDER CLOSED LOOKED_AT\n");
        return 2;
    }
    tcpdrop = argv[1];
    holders = argv[2];
    closed = strtoul(argv[3], NULL, 10);
    looked_at = strtoul(argv[4], NULL, 10);
    return cmocka_run_group_tests(tests, open_all, close_all);
}
