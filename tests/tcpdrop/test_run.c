/* SPDX-License-Identifier: MIT */
/* tcpdrop in a made-up system: what it closes, prints and returns. */
#include "fake_world.h"

#include "testing.h"

#include <stdio.h>
#include <string.h>

static int begin(void **state)
{
    (void)state;
    world_begin();
    return 0;
}

static void expect_output(const char *text)
{
    assert_string_equal(world.output, text);
}

static void expect_in(const char *where, const char *text)
{
    if (!strstr(where, text)) {
        fail_msg("'%s' is not in '%s'", text, where);
    }
}

/* One line, and it says so. */
static void expect_complaint(const char *text)
{
    expect_in(world.errors, text);
    assert_memory_equal(world.errors, "tcpdrop: ", 9);
    assert_ptr_equal(strchr(world.errors, '\n'), world.errors + strlen(world.errors) - 1);
}

static void refuse(uint16_t port, enum answer_kind kind)
{
    world.answers[port] = kind;
}

/* ---- listing ---- */

static void connections_are_listed_under_each_other(void **state)
{
    struct table_row *ipv6;

    (void)state;
    world_add(0, 80, 1);
    ipv6 = world_add(0, 50000, 2);
    ipv6->connection = (struct connection){
        .local = {.address = {0xFE, 0x80, [15] = 1}, .scope_id = 2, .port = 0x5000},
        .remote = {.address = {0xFE, 0x80, [15] = 2}, .scope_id = 2, .port = 0x5000},
        .family = CONNECTION_IPV6,
    };
    ipv6->state = STATE_CLOSE_WAIT;
    assert_int_equal(world_run("--list"), STATUS_DONE);
    expect_output("PROTO  LOCAL           REMOTE          STATE\n"
                  "tcp4   127.0.0.1:80    127.0.0.2:80    ESTABLISHED\n"
                  "tcp6   [fe80::1%2]:80  [fe80::2%2]:80  CLOSE-WAIT\n");
    assert_false(world.owners_were_asked);
}

static void with_long_processes_are_listed_too(void **state)
{
    (void)state;
    world_add(0, 80, 1);
    world_add(0, 81, 1)->owners = 0;
    assert_int_equal(world_run("--list --long"), STATUS_DONE);
    expect_output("PROTO  LOCAL         REMOTE        STATE         PID      PROCESS\n"
                  "tcp4   127.0.0.1:80  127.0.0.2:80  ESTABLISHED   100      game.exe\n"
                  "tcp4   127.0.0.1:81  127.0.0.2:81  ESTABLISHED\n");
}

static void with_commands_each_is_the_command_that_closes_it(void **state)
{
    (void)state;
    world_add(0, 80, 1);
    world_add(0, 81, 1)->state = STATE_LISTEN;
    assert_int_equal(world_run("--list --commands --state all"), STATUS_DONE);
    expect_output("tcpdrop 127.0.0.1 80 127.0.0.2 80\n");
}

static void listeners_and_what_is_over_are_listed_only_if_asked_for(void **state)
{
    (void)state;
    world_add(0, 80, 1)->state = STATE_LISTEN;
    world_add(0, 81, 1)->state = STATE_TIME_WAIT;
    assert_int_equal(world_run("--list"), STATUS_NO_SUCH_CONNECTION);
    expect_output("");
    expect_complaint("no connection matches");
    assert_int_equal(world_run("--list --state listen"), STATUS_DONE);
    expect_in(world.output, "127.0.0.1:80 ");
    assert_null(strstr(world.output, "127.0.0.1:81 "));
}

static void a_list_is_one_json_document(void **state)
{
    (void)state;
    world_add(0, 80, 1);
    assert_int_equal(world_run("--list --json --long"), STATUS_DONE);
    expect_output("{\"tcpdrop\": \"" SETTCPENTRY_VERSION_TEXT
                  "\", \"action\": \"list\", \"connections\": [\n"
                  "  {\"family\": \"ipv4\", \"local\": {\"address\": \"127.0.0.1\", \"port\": 80}, "
                  "\"remote\": {\"address\": \"127.0.0.2\", \"port\": 80}, "
                  "\"state\": \"ESTABLISHED\", "
                  "\"processes\": [{\"id\": 100, \"name\": \"game.exe\"}]}\n"
                  "], \"summary\": {\"matched\": 1}}\n");
}

static void in_json_the_scope_stands_beside_the_address(void **state)
{
    struct table_row *row = world_add(0, 80, 1);

    (void)state;
    row->connection = (struct connection){
        .local = {.address = {0xFE, 0x80, [15] = 1}, .scope_id = 2, .port = 0x5000},
        .remote = {.address = {0x20, 1, [15] = 2}, .port = 0x5000},
        .family = CONNECTION_IPV6,
    };
    assert_int_equal(world_run("--list --json"), STATUS_DONE);
    expect_in(world.output, "\"local\": {\"address\": \"fe80::1\", \"port\": 80, \"scope\": 2}, "
                            "\"remote\": {\"address\": \"2001::2\", \"port\": 80}, ");
}

static void a_table_that_cannot_be_read_is_said(void **state)
{
    (void)state;
    world.looks[0].wrong = "the table is out";
    assert_int_equal(world_run("--list"), STATUS_NOT_DONE);
    expect_complaint("the table is out");
}

/* ---- closing once ---- */

static void what_matches_is_closed_and_nothing_else(void **state)
{
    (void)state;
    world_add(0, 80, 1);
    world_add(0, 81, 2);
    world_add(0, 81, 3)->state = STATE_LISTEN;
    assert_int_equal(world_run("--close --yes --local :81 --state all"), STATUS_DONE);
    assert_int_equal(world.closed_count, 1);
    assert_int_equal(world.closed[0].identity, 2);
    expect_output("127.0.0.1:81 127.0.0.2:81: closed\n"
                  "1 closed, 0 gone already, 0 not closed\n");
}

static void without_a_match_nothing_is_closed(void **state)
{
    (void)state;
    world_add(0, 80, 1);
    assert_int_equal(world_run("--close --yes --local :81"), STATUS_NO_SUCH_CONNECTION);
    expect_complaint("no connection matches");
    assert_int_equal(world_run("--close --yes --json --local :81"), STATUS_NO_SUCH_CONNECTION);
    expect_in(world.output, "\"connections\": [\n], \"summary\": {\"matched\": 0, \"closed\": 0, ");
    assert_int_equal(world.closed_count, 0);
}

static void a_dry_run_closes_nothing(void **state)
{
    (void)state;
    world_add(0, 80, 1);
    assert_int_equal(world_run("--close --dry-run --all"), STATUS_DONE);
    expect_output("127.0.0.1:80 127.0.0.2:80: would be closed\n1 would be closed, 0 would not\n");
    assert_int_equal(world_run("--close --dry-run --all --json"), STATUS_DONE);
    expect_in(world.output, "\"action\": \"dry-run\"");
    expect_in(world.output,
              "\"result\": \"would be closed\"}\n], \"summary\": {\"matched\": 1}}\n");
    assert_int_equal(world.closed_count, 0);
}

static void a_dry_run_says_which_would_not_be_closed_and_why(void **state)
{
    (void)state;
    world_add(0, 80, 1);
    world_add(0, 81, 1)->whose = WHOSE_ANOTHERS;
    assert_int_equal(world_run("--close --dry-run --all"), STATUS_NOT_DONE);
    expect_in(world.output,
              "127.0.0.1:81 127.0.0.2:81: would not be closed: 5, LastError 5: it is ");
    expect_in(world.output, "1 would be closed, 1 would not\n");
    assert_int_equal(world_run("--close --dry-run --local :81 --json"), STATUS_NO_RIGHTS);
    expect_in(world.output, "\"result\": \"would not be closed\", \"code\": 5, ");
    assert_int_equal(world.closed_count, 0);
}

static void who_sits_there_is_shown_them_and_asked(void **state)
{
    static const struct
    {
        const char *typed;
        size_t closed;
    } cases[] = {{"y\n", 1}, {"YES\n", 1}, {"n\n", 0}, {"\n", 0}, {"", 0}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        world_begin();
        world_add(0, 80, 1);
        world.is_terminal[0] = world.is_terminal[1] = true;
        world.typed = cases[i].typed;
        assert_int_equal(world_run("--close --all"),
                         cases[i].closed ? STATUS_DONE : STATUS_NOT_DONE);
        expect_in(world.output, "tcp4   127.0.0.1:80  127.0.0.2:80  ESTABLISHED\n"
                                "Close this connection? [y/N] ");
        assert_int_equal(world.closed_count, cases[i].closed);
    }
}

static void where_nobody_can_be_asked_nothing_is_closed(void **state)
{
    static const bool terminals[][2] = {{false, false}, {true, false}, {false, true}};

    (void)state;
    for (size_t i = 0; i < sizeof(terminals) / sizeof(terminals[0]); i++) {
        world_begin();
        world_add(0, 80, 1);
        memcpy(world.is_terminal, terminals[i], sizeof(terminals[i]));
        world.typed = "y\n";
        assert_int_equal(world_run("--close --all"), STATUS_USAGE);
        expect_complaint("--yes");
        assert_int_equal(world.closed_count, 0);
    }
    world.is_terminal[0] = world.is_terminal[1] = true;
    assert_int_equal(world_run("--close --all --json"), STATUS_USAGE);
    assert_int_equal(world.closed_count, 0);
}

/* ---- what could not be closed ---- */

static void one_that_is_not_closed_is_told_with_its_reason(void **state)
{
    (void)state;
    world_add(0, 80, 1);
    world_add(0, 81, 1);
    refuse(81, ANSWER_NOT_OWNER);
    assert_int_equal(world_run("--close --yes --all"), STATUS_NOT_DONE);
    expect_output(
        "127.0.0.1:80 127.0.0.2:80: closed\n"
        "127.0.0.1:81 127.0.0.2:81: not closed: 5, LastError 5: it is another Linux user's "
        "connection; run it as that user\n"
        "1 closed, 0 gone already, 1 not closed\n");
    world.looked = 0;
    assert_int_equal(world_run("--close --yes --all --json"), STATUS_NOT_DONE);
    expect_in(world.output,
              "\"result\": \"not closed\", \"code\": 5, \"last_error\": 5, \"reason\": \"it is "
              "another Linux user's connection\", \"remedy\": \"run it as that user\"}");
    expect_in(world.output, "{\"matched\": 2, \"closed\": 1, \"gone\": 0, \"not_closed\": 1}");
}

static void a_reason_that_all_have_is_the_status(void **state)
{
    (void)state;
    world_add(0, 80, 1);
    world_add(0, 81, 1);
    refuse(80, ANSWER_NO_CAPABILITY);
    refuse(81, ANSWER_NOT_OWNER);
    assert_int_equal(world_run("--close --yes --all"), STATUS_NO_RIGHTS);
    refuse(81, ANSWER_MULTIPATH);
    assert_int_equal(world_run("--close --yes --all"), STATUS_NOT_DONE);
}

static void one_that_has_ended_meanwhile_is_gone(void **state)
{
    (void)state;
    world_add(0, 80, 1);
    world_add(0, 81, 2);
    world_add(1, 80, 1);
    refuse(81, ANSWER_NOT_FOUND);
    assert_int_equal(world_run("--close --yes --all"), STATUS_DONE);
    expect_output("127.0.0.1:80 127.0.0.2:80: closed\n"
                  "127.0.0.1:81 127.0.0.2:81: gone already\n"
                  "1 closed, 1 gone already, 0 not closed\n");
}

static void one_that_another_has_replaced_is_gone(void **state)
{
    (void)state;
    world_add(0, 80, 1);
    world_add(1, 80, 2);
    refuse(80, ANSWER_NOT_FOUND);
    assert_int_equal(world_run("--close --yes --all"), STATUS_DONE);
    expect_in(world.output, "0 closed, 1 gone already, 0 not closed\n");
}

static void one_that_is_over_is_gone_where_there_are_no_identities(void **state)
{
    (void)state;
    world_add(0, 80, 0);
    world_add(1, 80, 0)->state = STATE_TIME_WAIT;
    refuse(80, ANSWER_NOT_FOUND);
    assert_int_equal(world_run("--close --yes --all"), STATUS_DONE);
    expect_in(world.output, "1 gone already");
}

static void one_that_is_not_found_but_still_there_is_not_closed(void **state)
{
    (void)state;
    world_add(0, 80, 1)->state = STATE_TIME_WAIT;
    world_add(0, 81, 2);
    refuse(80, ANSWER_NOT_FOUND);
    assert_int_equal(world_run("--close --yes --state time-wait"), STATUS_NO_SUCH_CONNECTION);
    expect_in(world.output, "not closed: 317, LastError 1168: there is no such connection");
    expect_in(world.output, "0 closed, 0 gone already, 1 not closed\n");
}

static void nothing_is_called_gone_that_nobody_could_look_for(void **state)
{
    (void)state;
    world_add(0, 80, 1);
    world_add(1, 80, 1);
    world.looks[1].wrong = "the table is out";
    refuse(80, ANSWER_NOT_FOUND);
    assert_int_equal(world_run("--close --yes --all"), STATUS_NO_SUCH_CONNECTION);
    expect_complaint("the table is out");
    expect_in(world.output, "0 closed, 0 gone already, 1 not closed\n");
}

static void a_crowd_is_a_growing_number_on_a_terminal(void **state)
{
    (void)state;
    for (uint16_t port = 1; port <= 200; port++) {
        world_add(0, port, port);
    }
    refuse(7, ANSWER_NOT_OWNER);
    world.is_terminal[1] = world.is_terminal[2] = true;
    assert_int_equal(world_run("--close --yes --all"), STATUS_NOT_DONE);
    expect_in(world.errors, "\rclosing 100 of 200");
    assert_null(strstr(world.output, ": closed"));
    expect_in(world.output, "127.0.0.1:7 127.0.0.2:7: not closed");
    expect_in(world.errors, "closing 6 of 200\r   ");
    world_begin();
    world.is_terminal[1] = world.is_terminal[2] = true;
    world_add(0, 80, 1);
    assert_int_equal(world_run("--close --yes --all"), STATUS_DONE);
    assert_string_equal(world.errors, "");
    expect_in(world.output, "127.0.0.1:80 127.0.0.2:80: closed\n");
    world_begin();
    for (uint16_t port = 1; port <= 200; port++) {
        world_add(0, port, port);
    }
    assert_int_equal(world_run("--close --yes --all"), STATUS_DONE);
    assert_string_equal(world.errors, "");
    expect_in(world.output, "127.0.0.1:200 127.0.0.2:200: closed\n");
}

/* ---- until stopped ---- */

static void what_comes_is_closed_until_it_is_stopped(void **state)
{
    (void)state;
    world_add(0, 80, 1);
    world_add(2, 81, 2);
    world_add(3, 81, 3);
    world.looks[4].count = 0;
    world.look_count = 5;
    world.waits = 5;
    assert_int_equal(world_run("--close --watch --yes --all"), STATUS_DONE);
    expect_output("127.0.0.1:80 127.0.0.2:80: closed\n"
                  "127.0.0.1:81 127.0.0.2:81: closed\n"
                  "127.0.0.1:81 127.0.0.2:81: closed\n"
                  "3 closed, 0 gone already, 0 not closed\n");
}

static void one_that_may_not_be_closed_is_tried_again_only_if_it_came_anew(void **state)
{
    (void)state;
    for (size_t look = 0; look < 3; look++) {
        world_add(look, 80, 1);
    }
    world_add(3, 80, 2);
    world_add(4, 80, 1);
    world.looks[5].count = 0;
    world.look_count = 6;
    world.waits = 6;
    refuse(80, ANSWER_NOT_OWNER);
    assert_int_equal(world_run("--close --watch --yes --all"), STATUS_NOT_DONE);
    assert_int_equal(world.closed_count, 3);
    assert_int_equal(world.closed[0].identity, 1);
    assert_int_equal(world.closed[1].identity, 2);
    assert_int_equal(world.closed[2].identity, 1);
    expect_in(world.output, "0 closed, 0 gone already, 3 not closed\n");
}

static void one_that_cannot_be_closed_now_is_told_once_and_tried_until_it_is(void **state)
{
    (void)state;
    world_add(0, 80, 1);
    world_add(3, 80, 1);
    memcpy(&world.looks[1], &world.looks[0], sizeof(world.looks[0]));
    memcpy(&world.looks[2], &world.looks[0], sizeof(world.looks[0]));
    world.looks[4].count = 0;
    world.look_count = 5;
    world.waits = 5;
    world.refusals[80] = 3;
    refuse(80, ANSWER_NO_HELPER);
    assert_int_equal(world_run("--close --watch --yes --all"), STATUS_DONE);
    assert_int_equal(world.closed_count, 4);
    expect_output(
        "127.0.0.1:80 127.0.0.2:80: not closed: 50, LastError 50: settcpentry-host is not there, "
        "and without it nothing is closed; install settcpentry-host, or set "
        "SETTCPENTRY_HOST to where it is\n"
        "127.0.0.1:80 127.0.0.2:80: closed\n"
        "1 closed, 0 gone already, 0 not closed\n");
}

static void watching_gives_a_json_document_a_line_where_something_matched(void **state)
{
    (void)state;
    world_add(0, 80, 1);
    world_add(2, 81, 2);
    world.waits = 2;
    assert_int_equal(world_run("--close --watch=0.5 --yes --all --json"), STATUS_DONE);
    assert_int_equal(world.output[strlen(world.output) - 1], '\n');
    assert_memory_equal(world.output, "{\"tcpdrop\"", 10);
    assert_non_null(strstr(world.output, "}}\n{\"tcpdrop\""));
    assert_ptr_equal(strchr(strchr(world.output, '\n') + 1, '\n'),
                     world.output + strlen(world.output) - 1);
}

static void watching_does_not_begin_where_the_table_cannot_be_read(void **state)
{
    (void)state;
    world.looks[0].wrong = "the table is out";
    world.waits = 5;
    assert_int_equal(world_run("--close --watch --yes --all"), STATUS_NOT_DONE);
    expect_complaint("the table is out");
    assert_int_equal(world.looked, 1);
}

static void a_table_that_cannot_be_read_for_a_while_is_told_once_and_watched_on(void **state)
{
    (void)state;
    world.looks[1].wrong = world.looks[2].wrong = "the table is out";
    world_add(3, 80, 1);
    world.looks[4].count = 0;
    world.look_count = 5;
    world.waits = 4;
    assert_int_equal(world_run("--close --watch --yes --all"), STATUS_DONE);
    expect_complaint("the table is out");
    expect_in(world.output, "1 closed, 0 gone already, 0 not closed\n");
}

/* ---- the one that is named ---- */

static void one_that_is_named_is_closed_without_looking(void **state)
{
    (void)state;
    assert_int_equal(world_run("127.0.0.1 80 127.0.0.2 81"), STATUS_DONE);
    expect_output("127.0.0.1:80 127.0.0.2:81: closed\n");
    assert_int_equal(world.looked, 0);
    assert_int_equal(world.closed_count, 1);
    assert_int_equal(world.closed[0].identity, 0);
    refuse(81, ANSWER_NOT_FOUND);
    assert_int_equal(world_run("127.0.0.1:80 127.0.0.2:81 --json"), STATUS_NO_SUCH_CONNECTION);
    expect_in(world.output, "\"action\": \"close\", \"connections\": [\n  {\"family\": \"ipv4\", ");
    expect_in(world.output, "\"port\": 81}, \"result\": \"not closed\", \"code\": 317, ");
}

static void help_and_version_are_printed(void **state)
{
    (void)state;
    assert_int_equal(world_run("--help"), STATUS_DONE);
    expect_in(world.output, "usage: tcpdrop LADDR LPORT FADDR FPORT\n");
    assert_int_equal(world_run("--version"), STATUS_DONE);
    expect_output("tcpdrop of a test\n");
}

static void what_cannot_be_written_is_no_success_and_the_end_of_watching(void **state)
{
    (void)state;
    world_add(0, 80, 1);
    world.is_full = true;
    assert_int_equal(world_run("--list"), STATUS_NOT_DONE);
    expect_complaint("standard output cannot be written to");
    world.waits = 5;
    assert_int_equal(world_run("--close --watch --yes --all"), STATUS_NOT_DONE);
    expect_complaint("standard output cannot be written to");
    assert_int_equal(world.waits, 5);
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(connections_are_listed_under_each_other),
        TEST(with_long_processes_are_listed_too),
        TEST(with_commands_each_is_the_command_that_closes_it),
        TEST(listeners_and_what_is_over_are_listed_only_if_asked_for),
        TEST(a_list_is_one_json_document),
        TEST(a_table_that_cannot_be_read_is_said),
        TEST(what_matches_is_closed_and_nothing_else),
        TEST(without_a_match_nothing_is_closed),
        TEST(a_dry_run_closes_nothing),
        TEST(a_dry_run_says_which_would_not_be_closed_and_why),
        TEST(who_sits_there_is_shown_them_and_asked),
        TEST(where_nobody_can_be_asked_nothing_is_closed),
        TEST(one_that_is_not_closed_is_told_with_its_reason),
        TEST(a_reason_that_all_have_is_the_status),
        TEST(one_that_has_ended_meanwhile_is_gone),
        TEST(one_that_another_has_replaced_is_gone),
        TEST(one_that_is_over_is_gone_where_there_are_no_identities),
        TEST(one_that_is_not_found_but_still_there_is_not_closed),
        TEST(nothing_is_called_gone_that_nobody_could_look_for),
        TEST(a_crowd_is_a_growing_number_on_a_terminal),
        TEST(what_comes_is_closed_until_it_is_stopped),
        TEST(one_that_may_not_be_closed_is_tried_again_only_if_it_came_anew),
        TEST(one_that_cannot_be_closed_now_is_told_once_and_tried_until_it_is),
        TEST(watching_gives_a_json_document_a_line_where_something_matched),
        TEST(watching_does_not_begin_where_the_table_cannot_be_read),
        TEST(a_table_that_cannot_be_read_for_a_while_is_told_once_and_watched_on),
        TEST(one_that_is_named_is_closed_without_looking),
        TEST(help_and_version_are_printed),
        TEST(what_cannot_be_written_is_no_success_and_the_end_of_watching),
        TEST(in_json_the_scope_stands_beside_the_address),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
