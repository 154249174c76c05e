/* SPDX-License-Identifier: MIT */
/* What the mock's script may say, and where it says that one is broken. */
#include "script.h"

#include "endpoint_text.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *text;
static struct script script;

/* True for good scripts; error_out is of the others. */
static bool reads(const char *what, struct script_error *error_out)
{
    const size_t length = strlen(what);

    script_free(&script);
    free(text);
    text = malloc(length + 1);
    assert_non_null(text);
    memcpy(text, what, length + 1);
    return script_read(text, length, &script, error_out);
}

static void read_well(const char *what)
{
    struct script_error error = {.line = 0};

    if (!reads(what, &error)) {
        fail_msg("line %u, column %u: expected %s", error.line, error.column, error.expected);
    }
}

static void expect_broken(const char *what, unsigned line, unsigned column, const char *expected)
{
    struct script_error error = {.line = 0};

    assert_false(reads(what, &error));
    if (!strstr(error.expected, expected)) {
        fail_msg("'%s' expects %s", what, error.expected);
    }
    assert_int_equal(error.line, line);
    assert_int_equal(error.column, column);
    assert_null(strpbrk(error.expected, "\"\\"));
}

static int free_script(void **state)
{
    (void)state;
    script_free(&script);
    free(text);
    text = NULL;
    return 0;
}

static void an_empty_script_has_an_administrator_both_families_and_no_rows(void **state)
{
    (void)state;
    read_well("");
    assert_int_equal(script.caller, CALLER_ADMINISTRATOR);
    assert_false(script.lacks_ipv4 || script.lacks_ipv6);
    assert_false(script_has_tables(&script));
    assert_int_equal(script.row_count + script.rule_count + script.absent_count, 0);
    assert_int_equal(script.otherwise.reply_count, 0);
}

static void comments_blanks_and_line_ends_of_any_system_do_not_matter(void **state)
{
    (void)state;
    read_well("\xEF\xBB\xBF# a comment\r\n\r\n \t caller\tuser # another\r\n#\n  \nipv6 "
              "absent\r\nipv4 absent");
    assert_true(script.lacks_ipv4);
    assert_int_equal(script.caller, CALLER_USER);
    assert_true(script.lacks_ipv6);
}

static void each_caller_has_a_name(void **state)
{
    (void)state;
    read_well("caller administrator");
    assert_int_equal(script.caller, CALLER_ADMINISTRATOR);
    read_well("caller filtered");
    assert_int_equal(script.caller, CALLER_FILTERED);
    read_well("caller user");
    assert_int_equal(script.caller, CALLER_USER);
    read_well("caller real");
    assert_int_equal(script.caller, CALLER_REAL);
}

static void each_family_is_present_or_absent_by_itself(void **state)
{
    (void)state;
    read_well("ipv4 absent\nipv6 present");
    assert_true(script.lacks_ipv4);
    assert_false(script.lacks_ipv6);
    assert_true(script_has_tables(&script));
    read_well("ipv4 present\nipv6 present");
    assert_false(script_has_tables(&script));
}

static void exports_of_both_dlls_can_be_absent(void **state)
{
    (void)state;
    read_well("absent SetTcp6Entry\nabsent GetTcpTable2");
    assert_int_equal(script.absent_count, 2);
    assert_string_equal(script.absent[0], "SetTcp6Entry");
    assert_string_equal(script.absent[1], "GetTcpTable2");
}

static void a_row_has_two_ends_a_state_and_perhaps_a_process_and_its_module(void **state)
{
    const struct script_row *row;

    (void)state;
    read_well("row 127.0.0.1:50000 10.0.0.1:80 ESTABLISHED pid 1234 module C:\\game.exe\n"
              "row [fe80::1%3]:1 [2001:db8::2]:2 time_wait\n"
              "row 0.0.0.0:443 * LISTEN module \"C:\\a b, #c\\d.exe\" # it listens");
    assert_int_equal(script.row_count, 3);
    assert_true(script_has_tables(&script));
    row = &script.rows[0];
    assert_connection(&row->connection, "127.0.0.1:50000", "10.0.0.1:80");
    assert_int_equal(row->state, STATE_ESTABLISHED);
    assert_int_equal(row->process, 1234);
    assert_string_equal(row->module, "C:\\game.exe");
    row = &script.rows[1];
    assert_connection(&row->connection, "[fe80::1%3]:1", "[2001:db8::2]:2");
    assert_int_equal(row->state, STATE_TIME_WAIT);
    assert_int_equal(row->process, 0);
    assert_null(row->module);
    row = &script.rows[2];
    assert_connection(&row->connection, "0.0.0.0:443", "0.0.0.0:0");
    assert_int_equal(row->state, STATE_LISTEN);
    assert_string_equal(row->module, "C:\\a b, #c\\d.exe");
}

static const struct script_reply *only_reply(const char *reply)
{
    static char line[128];

    snprintf(line, sizeof(line), "answer * * %s", reply);
    read_well(line);
    assert_int_equal(script.rule_count, 1);
    assert_int_equal(script.rules[0].reply_count, 1);
    return &script.rules[0].replies[0];
}

static void assert_answer(const char *reply, enum answer_kind kind, uint32_t detail)
{
    const struct answer answer = only_reply(reply)->answer;

    assert_int_equal(answer.kind, kind);
    assert_int_equal(answer.detail, detail);
}

static void an_answer_goes_by_its_name(void **state)
{
    (void)state;
    assert_answer("CLOSED", ANSWER_CLOSED, 0);
    assert_answer("NOT_ELEVATED", ANSWER_NOT_ELEVATED, 0);
    assert_answer("NO_IPV6", ANSWER_NO_IPV6, 0);
}

static void an_answer_that_the_table_does_not_tell_has_its_code_in_brackets(void **state)
{
    (void)state;
    assert_answer("SYSTEMS_OWN(65)", ANSWER_SYSTEMS_OWN, 65);
    assert_answer("HELPER_UNREACHABLE(3)", ANSWER_HELPER_UNREACHABLE, 3);
    assert_answer("SYSTEM_CALL_FAILED(12)", ANSWER_SYSTEM_CALL_FAILED, 12);
    expect_broken("answer * * SYSTEMS_OWN", 1, 12, "an answer");
    expect_broken("answer * * SYSTEMS_OWN(0)", 1, 12, "an answer");
    expect_broken("answer * * NOT_FOUND(5)", 1, 12, "an answer");
}

static void an_answer_goes_by_its_code_or_with_its_last_error(void **state)
{
    (void)state;
    assert_answer("0", ANSWER_CLOSED, 0);
    assert_answer("317", ANSWER_NOT_FOUND, 0);
    assert_answer("317/740", ANSWER_NOT_ELEVATED, 0);
    assert_answer("5/1314", ANSWER_NO_CAPABILITY, 0);
    assert_answer("1460/1460", ANSWER_NO_ANSWER, 0);
    assert_answer("65", ANSWER_SYSTEMS_OWN, 65);
    assert_answer("65/65", ANSWER_SYSTEMS_OWN, 65);
    assert_answer("87", ANSWER_SYSTEMS_OWN, 87);
}

static void a_code_and_a_last_error_that_nobody_gives_are_refused(void **state)
{
    (void)state;
    expect_broken("answer * * 317/5", 1, 12, "belong together");
    expect_broken("answer * * 65/5", 1, 12, "belong together");
    expect_broken("answer * * 0/5", 1, 12, "belong together");
    expect_broken("answer * * 4294967295", 1, 12, "belong together");
}

static void what_the_functions_find_out_by_themselves_is_no_answer(void **state)
{
    (void)state;
    expect_broken("answer * * NO_ROW", 1, 12, "an answer");
    expect_broken("answer * * WRONG_STATE", 1, 12, "an answer");
    expect_broken("answer * * ", 1, 12, "an answer");
}

static void answers_follow_one_another_each_with_a_delay(void **state)
{
    const struct script_rule *rule = &script.otherwise;

    (void)state;
    read_well("default HELPER_BUSY after 20ms,1460 , CLOSED after 0ms");
    assert_int_equal(rule->reply_count, 3);
    assert_int_equal(rule->replies[0].answer.kind, ANSWER_HELPER_BUSY);
    assert_int_equal(rule->replies[0].delay, 20);
    assert_int_equal(rule->replies[1].answer.kind, ANSWER_NO_ANSWER);
    assert_int_equal(rule->replies[1].delay, 0);
    assert_int_equal(rule->replies[2].answer.kind, ANSWER_CLOSED);
}

static size_t rule_for(const char *local, const char *remote)
{
    const struct connection connection = connection_of_text(local, remote);
    const struct script_rule *rule = script_rule_for(&script, &connection);

    if (rule == &script.otherwise) {
        return 100;
    }
    return rule ? (size_t)(rule - script.rules) : 101;
}

static void the_first_rule_that_matches_both_ends_counts_and_else_the_default(void **state)
{
    (void)state;
    read_well("default 50\n"
              "answer 10.0.0.0/8 :80 0\n"
              "answer * 10.0.0.1:80-90 0\n"
              "answer * [2001:db8::]/32 0\n");
    assert_int_equal(rule_for("10.1.2.3:1", "10.0.0.1:80"), 0);
    assert_int_equal(rule_for("11.1.2.3:1", "10.0.0.1:80"), 1);
    assert_int_equal(rule_for("11.1.2.3:1", "10.0.0.1:91"), 100);
    assert_int_equal(rule_for("[::1]:1", "[2001:db8:1::1]:80"), 2);
    assert_int_equal(rule_for("[::1]:1", "[2001:db9::1]:80"), 100);
}

static void without_a_default_there_may_be_no_rule(void **state)
{
    (void)state;
    read_well("answer * 10.0.0.1 0\n");
    assert_int_equal(rule_for("10.1.2.3:1", "10.0.0.2:80"), 101);
}

static void a_mapped_connection_is_matched_as_the_ipv4_one(void **state)
{
    const struct connection ipv4 = connection_of_text("1.2.3.4:5", "10.0.0.1:80");
    const struct connection mapped = connection_mapped(&ipv4);

    (void)state;
    read_well("answer * 10.0.0.1 0\n");
    assert_ptr_equal(script_rule_for(&script, &mapped), &script.rules[0]);
}

static void what_is_wrong_is_told_by_line_and_column(void **state)
{
    static const struct
    {
        const char *text;
        unsigned line;
        unsigned column;
        const char *expected;
    } cases[] = {
        {"# fine\nwhat", 2, 1, "caller, ipv4"},
        {"\n\n , caller user", 3, 2, "caller, ipv4"},
        {"Caller user", 1, 1, "caller, ipv4"},
        {"caller, user", 1, 1, "caller, ipv4"},
        {"caller", 1, 7, "administrator, filtered"},
        {"caller root", 1, 8, "administrator, filtered"},
        {"caller user\ncaller user", 2, 1, "only once"},
        {"ipv4 absent\nipv4 present", 2, 1, "only once"},
        {"default 0\ndefault 0", 2, 1, "only once"},
        {"caller user real", 1, 13, "the end of the line"},
        {"caller user, real", 1, 12, "the end of the line"},
        {"ipv6 maybe", 1, 6, "present or absent"},
        {"absent SetTcp5Entry", 1, 8, "the name of an export"},
        {"absent", 1, 7, "the name of an export"},
        {"row 1.2.3.4 5.6.7.8:9 ESTABLISHED", 1, 5, "an address with a port"},
        {"row 1.2.3.4:0 5.6.7.8:9 ESTABLISHED", 1, 5, "an address with a port"},
        {"row ::1:2 ::1:3 ESTABLISHED", 1, 5, "an address with a port"},
        {"row 1.2.3.4:5 5.6.7.8 ESTABLISHED", 1, 15, "an address with a port"},
        {"row 1.2.3.4:5, 5.6.7.8:9 ESTABLISHED", 1, 14, "an address with a port"},
        {"row 1.2.3.4:5 [::1]:9 ESTABLISHED", 1, 15, "the same family"},
        {"row 1.2.3.4:5 5.6.7.8:9", 1, 24, "a state"},
        {"row 1.2.3.4:5 5.6.7.8:9 OPEN", 1, 25, "a state"},
        {"row 1.2.3.4:5 5.6.7.8:9 all", 1, 25, "a state"},
        {"row 1.2.3.4:5 5.6.7.8:9 LISTEN", 1, 25, "another state than LISTEN"},
        {"row 1.2.3.4:5 * ESTABLISHED", 1, 17, "LISTEN"},
        {"row 1.2.3.4:5 * LISTEN pid x", 1, 28, "the number of a process"},
        {"row 1.2.3.4:5 * LISTEN module", 1, 30, "a path"},
        {"row 1.2.3.4:5 * LISTEN module \"C:\\a b", 1, 31, "a path"},
        {"row 1.2.3.4:5 * LISTEN module C:\\a b", 1, 36, "pid N"},
        {"row 1.2.3.4:5 * LISTEN module x pid 1", 1, 33, "pid N"},
        {"answer", 1, 7, "an end or many"},
        {"answer 1.2.3.4.5 * 0", 1, 8, "an end or many"},
        {"answer * host.example 0", 1, 10, "an end or many"},
        {"answer * * what", 1, 12, "an answer"},
        {"answer * * 0,", 1, 14, "an answer"},
        {"answer * * 0,,0", 1, 14, "an answer"},
        {"answer * * 0 0", 1, 14, "one more answer"},
        {"answer * * 0 after", 1, 19, "milliseconds"},
        {"answer * * 0 after 5", 1, 20, "milliseconds"},
        {"answer * * 0 after ms", 1, 20, "milliseconds"},
        {"answer * * 0 after 600001ms", 1, 20, "milliseconds"},
        {"answer * * 0 after 99999999999ms", 1, 20, "milliseconds"},
        {"default", 1, 8, "an answer"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        expect_broken(cases[i].text, cases[i].line, cases[i].column, cases[i].expected);
    }
}

static void a_nul_is_told_by_line_and_column(void **state)
{
    struct script_error error = {.line = 0};
    char with_nul[] = "# a\ncaller\0user\n";

    (void)state;
    assert_false(script_read(with_nul, sizeof(with_nul) - 1, &script, &error));
    assert_int_equal(error.line, 2);
    assert_int_equal(error.column, 7);
    assert_string_equal(error.expected, "text, not a NUL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_teardown(name, free_script)
        TEST(an_empty_script_has_an_administrator_both_families_and_no_rows),
        TEST(comments_blanks_and_line_ends_of_any_system_do_not_matter),
        TEST(each_caller_has_a_name),
        TEST(each_family_is_present_or_absent_by_itself),
        TEST(exports_of_both_dlls_can_be_absent),
        TEST(a_row_has_two_ends_a_state_and_perhaps_a_process_and_its_module),
        TEST(an_answer_goes_by_its_name),
        TEST(an_answer_that_the_table_does_not_tell_has_its_code_in_brackets),
        TEST(an_answer_goes_by_its_code_or_with_its_last_error),
        TEST(a_code_and_a_last_error_that_nobody_gives_are_refused),
        TEST(what_the_functions_find_out_by_themselves_is_no_answer),
        TEST(answers_follow_one_another_each_with_a_delay),
        TEST(the_first_rule_that_matches_both_ends_counts_and_else_the_default),
        TEST(without_a_default_there_may_be_no_rule),
        TEST(a_mapped_connection_is_matched_as_the_ipv4_one),
        TEST(what_is_wrong_is_told_by_line_and_column),
        TEST(a_nul_is_told_by_line_and_column),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
