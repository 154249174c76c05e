/* SPDX-License-Identifier: MIT */
/*
 * How tcpdrop asks, watches, tells and closes many, among 200 connections of several processes.
 *   test_closing TCPDROP HOLDERS_FOLDER SCHEMA MANY
 * MANY of 11/10 as many are closed at once.
 */
#include "testing.h"

#include "fleet.h"
#include "program.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <glob.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum
{
    DONE = 0,
    NOT_DONE = 1,
    USAGE = 2,
    NO_SUCH_CONNECTION = 4,
    WORDS_AT_MOST = 6,
    COMERS = 10,
    MANY_AT_MOST = 11000,
    MANY_HOLDERS = 2,
};

static const char *tcpdrop;
static const char *folder;
static const char *schema;
static size_t many_count;

/* Filters for none but fleet[0], as its holder has it; all of its processes'; and those of this test alone. */
#define FIRST "--local", "127.0.0.1:20000", "--remote", "127.0.0.1:8080"
#define SOME "--remote", "127.0.2.130:8081"
#define COMING "--remote", "127.55.0.1", "--state", "close-wait"

#define RUN(...) program_run(tcpdrop, (const char *const[]){__VA_ARGS__, NULL})

static bool is_meant_by_some(const struct held *held)
{
    return strcmp(held->remote, "127.0.2.130") == 0 && held->remote_port == 8081;
}

static void mean(bool (*is_meant)(const struct held *held))
{
    for (size_t i = 0; i < FLEET; i++) {
        fleet[i].is_meant = is_meant && is_meant(&fleet[i]);
    }
}

static void expect_fleet(bool (*is_meant)(const struct held *held))
{
    mean(is_meant);
    assert_true(held_are_dropped_as_meant(fleet, FLEET));
    held_open_again(fleet, FLEET);
}

static void expect_said(struct program_answer answer, int status, const char *said)
{
    if (answer.status != status || !strstr(answer.output, said)) {
        fail_msg("status %d, %.2000s%s", answer.status, answer.output, answer.errors);
    }
    program_free(&answer);
}

static size_t lines_of(const char *text)
{
    size_t lines = 0;

    for (; *text; text++) {
        lines += *text == '\n';
    }
    return lines;
}

/* ---- asking ---- */

static void without_yes_and_without_a_terminal_nothing_is_closed(void **state)
{
    struct program_answer answer = RUN("--close", FIRST);

    (void)state;
    assert_int_equal(answer.status, USAGE);
    assert_string_equal(answer.output, "");
    assert_int_equal(lines_of(answer.errors), 1);
    assert_non_null(strstr(answer.errors, "--yes"));
    program_free(&answer);
    expect_fleet(NULL);
}

/* All that is shown until the text comes, or until the end. */
static void read_until(int terminal, const char *text, char *shown, size_t size)
{
    size_t length = strlen(shown);
    ssize_t bytes = 1;

    while (bytes > 0 && length + 1 < size && !(text && strstr(shown, text))) {
        bytes = read(terminal, shown + length, size - 1 - length);
        length += bytes > 0 ? (size_t)bytes : 0; /* EIO: whoever had it has ended */
        shown[length] = 0;
    }
}

/* At a terminal, but for this descriptor if it is not -1. */
static pid_t start_at_terminal(int without, int *terminal_out)
{
    const pid_t child = forkpty(terminal_out, NULL, NULL, NULL);

    if (child == 0) {
        if (without >= 0) {
            dup2(open("/dev/null", O_RDWR), without);
        }
        program_become(tcpdrop, (const char *const[]){"--close", FIRST, NULL});
    }
    assert_true(child > 0);
    return child;
}

/* Somebody types this when asked; what was shown. */
static const char *ask(const char *typed, int status)
{
    static char shown[4096];
    int terminal;
    const pid_t child = start_at_terminal(-1, &terminal);

    shown[0] = 0;
    read_until(terminal, "[y/N] ", shown, sizeof(shown));
    assert_int_equal(write(terminal, typed, strlen(typed)), strlen(typed));
    read_until(terminal, NULL, shown, sizeof(shown));
    close(terminal);
    assert_int_equal(program_wait(child), status);
    return shown;
}

/* What is so of Linux's tcpdrop alone, or need not be seen twice. */
static void need_linux(const char *why)
{
    if (program_is_windows(tcpdrop)) {
        print_message("skipped: %s\n", why);
        skip();
    }
}

static void at_a_terminal_n_return_and_no_answer_close_nothing(void **state)
{
    (void)state;
    need_linux("Wine's terminals are not those that are tried here");
    assert_non_null(strstr(ask("n\n", NOT_DONE), "Close this connection? [y/N] "));
    ask("\n", NOT_DONE);
    ask("\004", NOT_DONE); /* Ctrl-D */
    expect_fleet(NULL);
}

static void where_one_can_see_but_not_answer_or_the_other_way_round_nobody_is_asked(void **state)
{
    (void)state;
    need_linux("Wine's terminals are not those that are tried here");
    for (int without = STDIN_FILENO; without <= STDOUT_FILENO; without++) {
        int terminal;
        const pid_t child = start_at_terminal(without, &terminal);

        assert_int_equal(write(terminal, "y\n", 2), 2);
        assert_int_equal(program_wait(child), USAGE);
        close(terminal);
    }
    expect_fleet(NULL);
}

static bool is_first(const struct held *held)
{
    return held == &fleet[0];
}

static void at_a_terminal_what_will_be_closed_is_shown_and_y_closes_it(void **state)
{
    const char *shown;

    (void)state;
    need_linux("Wine's terminals are not those that are tried here");
    shown = ask("y\n", DONE);
    assert_non_null(strstr(shown, "tcp4   127.0.0.1:20000  127.0.0.1:8080  ESTABLISHED"));
    assert_non_null(strstr(shown, "1 closed, 0 gone already, 0 not closed"));
    expect_fleet(is_first);
}

/* ---- telling ---- */

static void a_closed_connection_is_a_line_and_the_last_is_a_summary(void **state)
{
    (void)state;
    expect_said(
        RUN("--close", "--dry-run", FIRST), DONE,
        "127.0.0.1:20000 127.0.0.1:8080: would be closed\n1 would be closed, 0 would not\n");
    expect_said(RUN("--close", "--yes", FIRST), DONE,
                "127.0.0.1:20000 127.0.0.1:8080: closed\n1 closed, 0 gone already, 0 not closed\n");
    expect_fleet(is_first);
}

static void the_table_has_a_line_of_headings_and_one_for_each_row(void **state)
{
    char row[256];
    struct program_answer answer = RUN("--list", "--long", FIRST);

    (void)state;
    snprintf(row, sizeof(row),
             "PROTO  LOCAL            REMOTE          STATE         PID      PROCESS\n"
             "tcp4   127.0.0.1:20000  127.0.0.1:8080  ESTABLISHED   %-7u  %s\n",
             fleet_holders[0].id, fleet_holders[0].name);
    assert_int_equal(answer.status, DONE);
    assert_string_equal(answer.output, row);
    program_free(&answer);
    expect_said(RUN("--list", FIRST), DONE,
                "PROTO  LOCAL            REMOTE          STATE\n"
                "tcp4   127.0.0.1:20000  127.0.0.1:8080  ESTABLISHED\n");
}

/* Does as the line says; tcpdrop is the one that is tested. */
static void run_line(char *line)
{
    const char *words[WORDS_AT_MOST + 1] = {NULL};
    struct program_answer answer;
    size_t count = 0;

    for (char *word = strtok(line, " "); word && count < WORDS_AT_MOST; word = strtok(NULL, " ")) {
        words[count++] = word;
    }
    assert_int_equal(count, 5);
    assert_string_equal(words[0], "tcpdrop");
    answer = program_run(tcpdrop, words + 1);
    assert_int_equal(answer.status, DONE);
    program_free(&answer);
}

static void each_line_of_commands_closes_its_row_as_it_is(void **state)
{
    struct program_answer answer = RUN("--list", "--commands", SOME);
    char *rest = answer.output;

    (void)state;
    assert_int_equal(answer.status, DONE);
    assert_true(lines_of(answer.output) > 1);
    for (char *line = strsep(&rest, "\n"); *line; line = strsep(&rest, "\n")) {
        run_line(line);
    }
    program_free(&answer);
    expect_fleet(is_meant_by_some);
}

/* ---- JSON ---- */

/* By Debian's python3-jsonschema. */
static struct program_answer validate(const char *document)
{
    return program_run_with(
        "/usr/bin/python3",
        (const char *const[]){"-m", "jsonschema", "-i", "/dev/stdin", schema, NULL}, document);
}

static void expect_valid(const char *document)
{
    struct program_answer answer = validate(document);

    if (answer.status != 0) {
        fail_msg("%.500s: %.500s", document, answer.errors);
    }
    program_free(&answer);
}

/* The text has to be the document of an action, and to be so, by jq. */
static void expect_document(struct program_answer answer, int status, const char *so)
{
    struct program_answer jq;

    assert_int_equal(answer.status, status);
    expect_valid(answer.output);
    jq = program_run_with("jq", (const char *const[]){"-e", so, NULL}, answer.output);
    if (jq.status != 0) {
        fail_msg("not %s: %.500s", so, answer.output);
    }
    program_free(&jq);
    program_free(&answer);
}

static void what_every_action_prints_as_json_is_as_the_schema_says(void **state)
{
    (void)state;
    expect_document(RUN("--list", "--json"), DONE,
                    ".action == \"list\" and .summary.matched >= 200");
    expect_document(RUN("--list", "--json", "--state", "all", "-6"), DONE,
                    ".connections[0] | has(\"processes\") | not");
    expect_document(RUN("--list", "--json", "--long", FIRST), DONE,
                    ".connections[0].processes[0].name | startswith(\"alpha\")");
    expect_document(RUN("--list", "--json", "--remote", "127.77.0.1"), NO_SUCH_CONNECTION,
                    ".summary.matched == 0");
    expect_document(RUN("--close", "--json", "--dry-run", FIRST), DONE,
                    ".action == \"dry-run\" and .connections[0].result == \"would be closed\"");
    expect_document(RUN("--close", "--json", "--yes", FIRST), DONE,
                    ".summary.closed == 1 and .connections[0].result == \"closed\"");
    expect_document(RUN("--json", "127.0.0.1:20000", "127.0.0.1:8080"), NO_SUCH_CONNECTION,
                    ".action == \"close\" and .connections[0].last_error == 1168");
    expect_fleet(is_first);
    expect_document(RUN("--json", "127.0.0.1:20000", "127.0.0.1:8080"), DONE,
                    ".connections[0].result == \"closed\"");
    expect_fleet(is_first);
}

static void the_schema_refuses_what_no_action_prints(void **state)
{
    static const char *const spoilt[] = {
        "del(.summary)",
        ".action = \"open\"",
        ".connections[0].local.port = 65536",
        ".connections[0].state = \"closing-time\"",
        ".connections[0].result = \"maybe\"",
        ".connections[0].more = 1",
    };
    struct program_answer good;

    (void)state;
    need_linux("Linux's tcpdrop has shown it");
    good = RUN("--list", "--json", FIRST);
    for (size_t i = 0; i < sizeof(spoilt) / sizeof(spoilt[0]); i++) {
        struct program_answer bad =
            program_run_with("jq", (const char *const[]){spoilt[i], NULL}, good.output);
        struct program_answer answer = validate(bad.output);

        assert_int_equal(bad.status, 0);
        assert_int_equal(answer.status, 1);
        program_free(&answer);
        program_free(&bad);
    }
    program_free(&good);
}

/* ---- watching ---- */

/* Half closed: the test does that when all else is done, and not before that they match. */
static const struct held comer = {
    .holder = &fleet_holders[1],
    .family = "4",
    .local = "127.0.0.1",
    .remote = "127.55.0.1",
    .remote_port = 8080,
    .is_half_closed = true,
};

/* Ten, one after the other, each when the one before has been closed. */
static void come_and_be_closed(void)
{
    for (int i = 0; i < COMERS; i++) {
        struct held held = comer;

        held.slot = fleet_holders[1].slots;
        held.local_port = (uint16_t)(21000 + i);
        held_open(&held);
        assert_true(held_is_reset(&held));
        close(held.server);
    }
}

static bool is_in_this_network(const char *comm)
{
    char path[64];
    struct stat theirs;
    struct stat ours;

    snprintf(path, sizeof(path), "%.*s/ns/net", (int)strlen(comm) - (int)strlen("/comm"), comm);
    return stat(path, &theirs) == 0 && stat("/proc/self/ns/net", &ours) == 0 &&
           theirs.st_ino == ours.st_ino;
}

static bool has_name(const char *comm, const char *name)
{
    char text[32] = "";
    FILE *file = fopen(comm, "r");

    if (file) {
        text[fread(text, 1, sizeof(text) - 1, file)] = 0;
        fclose(file);
    }
    text[strcspn(text, "\n")] = 0;
    return strcmp(text, name) == 0;
}

/* Emulated Wine starts it by a program of its own, which is the one that we know. */
static pid_t find_tcpdrop(void)
{
    const char *name = strrchr(tcpdrop, '/') + 1;
    pid_t process = 0;
    glob_t found;

    assert_int_equal(glob("/proc/[0-9]*/comm", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc && process == 0; i++) {
        if (has_name(found.gl_pathv[i], name) && is_in_this_network(found.gl_pathv[i])) {
            process = (pid_t)strtol(found.gl_pathv[i] + strlen("/proc/"), NULL, 10);
        }
    }
    globfree(&found);
    assert_int_not_equal(process, 0);
    return process;
}

/* While tcpdrop watches, until it is told to end; what it has said. */
static char *watch(const char *form, int signal_number)
{
    FILE *output = tmpfile();
    char *text = NULL;
    size_t size = 0;
    pid_t watching;

    assert_non_null(output);
    watching = program_start(
        tcpdrop, (const char *const[]){"--close", "--watch=0.05", "--yes", COMING, form, NULL}, -1,
        fileno(output), STDERR_FILENO);
    come_and_be_closed();
    assert_int_equal(kill(find_tcpdrop(), signal_number), 0);
    assert_int_equal(program_wait(watching), DONE);
    rewind(output);
    assert_true(getdelim(&text, &size, 0, output) > 0);
    fclose(output);
    expect_fleet(NULL);
    return text;
}

static void expect_ten_lines_and_a_summary(int signal_number)
{
    char *said = watch(NULL, signal_number);

    assert_int_equal(lines_of(said), COMERS + 1);
    assert_non_null(strstr(said, "127.0.0.1:21009 127.55.0.1:8080: closed\n"
                                 "10 closed, 0 gone already, 0 not closed\n"));
    free(said);
}

/* Under Wine, too: it makes Ctrl-C of the signal that a terminal sends. */
static void watch_closes_the_tenth_that_comes_until_ctrl_c_and_no_other(void **state)
{
    (void)state;
    expect_ten_lines_and_a_summary(SIGINT);
}

static void watch_ends_by_sigterm_as_well(void **state)
{
    (void)state;
    need_linux("Wine has no such thing as SIGTERM for programs");
    expect_ten_lines_and_a_summary(SIGTERM);
}

/* One of them is enough to be looked at closely. */
static void watch_prints_a_document_a_line(void **state)
{
    char *said = watch("--json", SIGINT);
    char *rest = said;

    (void)state;
    assert_int_equal(lines_of(said), COMERS);
    for (char *line = strsep(&rest, "\n"); *line; line = strsep(&rest, "\n")) {
        assert_true(line[0] == '{' && line[strlen(line) - 1] == '}');
        assert_non_null(strstr(line, "\"closed\": 1"));
    }
    expect_valid(said); /* which ends with the first line now */
    free(said);
}

/* ---- what is never closed ---- */

static bool is_any(const struct held *held)
{
    (void)held;
    return true;
}

static in_port_t own_port(int end)
{
    struct sockaddr_in own = {.sin_port = 0};
    socklen_t size = sizeof(own);

    assert_int_equal(getsockname(end, (struct sockaddr *)&own, &size), 0);
    return ntohs(own.sin_port);
}

/* A connection that has ended in all order; the port of the end that the kernel remembers. */
static in_port_t leave_one_in_time_wait(void)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons(7000), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    in_port_t port;
    int server;

    assert_int_equal(bind(listener, (const struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(connect(client, (const struct sockaddr *)&at, sizeof(at)), 0);
    server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    port = own_port(client);
    close(client);
    close(server);
    close(listener);
    return port;
}

static bool is_in_time_wait(in_port_t port)
{
    char filter[32];
    struct program_answer answer;
    bool is;

    snprintf(filter, sizeof(filter), ":%u", port);
    answer = program_run(
        "ss", (const char *const[]){"-Htn", "state", "time-wait", "sport", "=", filter, NULL});
    is = answer.output[0] != 0;
    program_free(&answer);
    return is;
}

static void listeners_and_time_wait_live_through_everything(void **state)
{
    const in_port_t port = leave_one_in_time_wait();

    (void)state;
    assert_true(is_in_time_wait(port));
    expect_said(RUN("--close", "--all", "--yes"), DONE, " 0 not closed\n");
    expect_fleet(is_any); /* which are opened again, by the same listeners */
    assert_true(is_in_time_wait(port));
    expect_said(RUN("--close", "--yes", "--state", "all", "--remote", ":8080-9000"), DONE,
                " 0 not closed\n");
    expect_fleet(is_any);
    assert_true(is_in_time_wait(port));
}

/* ---- many ---- */

static struct held many[MANY_AT_MOST];

/* Every eleventh is a bystander: by nothing but its other end's address. */
static void open_many(struct holder holders[MANY_HOLDERS])
{
    for (size_t i = 0; i < many_count + many_count / 10; i++) {
        struct holder *holder = &holders[i % MANY_HOLDERS];

        many[i] = (struct held){
            .holder = holder,
            .slot = holder->slots++,
            .family = "4",
            .local = "127.3.0.1",
            .local_port = (uint16_t)(30000 + i),
            .remote = i % 11 == 10 ? "127.4.0.2" : "127.4.0.1",
            .remote_port = fleet_ports[i % FLEET_PORTS],
            .is_meant = i % 11 != 10,
        };
        held_open(&many[i]);
    }
}

static void of_many_that_are_closed_at_once_none_is_a_bystander(void **state)
{
    const size_t all = many_count + many_count / 10;
    struct holder holders[MANY_HOLDERS];
    char summary[64];

    (void)state;
    for (size_t i = 0; i < MANY_HOLDERS; i++) {
        holder_start(&holders[i], folder, "alpha", program_is_windows(tcpdrop));
    }
    open_many(holders);
    snprintf(summary, sizeof(summary), "\n%zu closed, 0 gone already, 0 not closed\n", many_count);
    expect_said(RUN("--close", "--yes", "--remote", "127.4.0.1"), DONE, summary);
    assert_true(held_are_dropped_as_meant(many, all));
    expect_fleet(NULL);
    for (size_t i = 0; i < all; i++) {
        held_close(&many[i]);
    }
    for (size_t i = 0; i < MANY_HOLDERS; i++) {
        holder_end(&holders[i]);
    }
}

static int open_all(void **state)
{
    (void)state;
    fleet_open(folder, program_is_windows(tcpdrop));
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    fleet_close();
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_yes_and_without_a_terminal_nothing_is_closed),
        cmocka_unit_test(at_a_terminal_n_return_and_no_answer_close_nothing),
        cmocka_unit_test(where_one_can_see_but_not_answer_or_the_other_way_round_nobody_is_asked),
        cmocka_unit_test(at_a_terminal_what_will_be_closed_is_shown_and_y_closes_it),
        cmocka_unit_test(a_closed_connection_is_a_line_and_the_last_is_a_summary),
        cmocka_unit_test(the_table_has_a_line_of_headings_and_one_for_each_row),
        cmocka_unit_test(each_line_of_commands_closes_its_row_as_it_is),
        cmocka_unit_test(what_every_action_prints_as_json_is_as_the_schema_says),
        cmocka_unit_test(the_schema_refuses_what_no_action_prints),
        cmocka_unit_test(watch_closes_the_tenth_that_comes_until_ctrl_c_and_no_other),
        cmocka_unit_test(watch_ends_by_sigterm_as_well),
        cmocka_unit_test(watch_prints_a_document_a_line),
        cmocka_unit_test(listeners_and_time_wait_live_through_everything),
        cmocka_unit_test(of_many_that_are_closed_at_once_none_is_a_bystander),
    };

    if (argc != 5) {
        fprintf(stderr, "usage: test_closing TCPDROP HOLDERS_FOLDER SCHEMA MANY\n");
        return 2;
    }
    tcpdrop = argv[1];
    folder = argv[2];
    schema = argv[3];
    many_count = strtoul(argv[4], NULL, 10);
    return cmocka_run_group_tests(tests, open_all, close_all);
}
