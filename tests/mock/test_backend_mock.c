/* SPDX-License-Identifier: MIT */
/* What the scripted backend answers, over a script, and what it leaves of the rows. */
#include "backend.h"

#include "endpoint_text.h"
#include "mock.h"
#include "os.h"
#include "testing.h"

#include <stdlib.h>

enum
{
    RULES_MOST = 8,
};

static struct mock mock;
static char text[512];
static uint32_t counts[RULES_MOST];
static bool closed[RULES_MOST];
static DWORD slept;

const struct mock *mock_get(void)
{
    return &mock;
}

uint32_t mock_count(const struct script_rule *rule)
{
    return counts[rule == &mock.script.otherwise ? RULES_MOST - 1 : rule - mock.script.rules]++;
}

bool mock_is_open(size_t row)
{
    return !closed[row];
}

bool mock_close(size_t row)
{
    const bool was_open = !closed[row];

    closed[row] = true;
    return was_open;
}

void os_sleep(DWORD milliseconds)
{
    slept += milliseconds;
}

static void use(const char *script)
{
    struct script_error error;

    memset(counts, 0, sizeof(counts));
    memset(closed, 0, sizeof(closed));
    slept = 0;
    assert_true(strlen(script) < sizeof(text));
    memcpy(text, script, strlen(script) + 1);
    assert_true(script_read(text, strlen(text), &mock.script, &error));
}

static int free_script(void **state)
{
    (void)state;
    script_free(&mock.script);
    return 0;
}

static enum answer_kind closing(const char *local, const char *remote)
{
    const struct connection connection = connection_of_text(local, remote);

    return backend_close(&connection, 0).kind;
}

static void without_rows_and_rules_there_is_no_connection(void **state)
{
    (void)state;
    use("");
    assert_int_equal(closing("1.2.3.4:5", "6.7.8.9:10"), ANSWER_NOT_FOUND);
    assert_int_equal(closing("[::1]:5", "[::1]:10"), ANSWER_NOT_FOUND);
}

static void a_row_can_be_closed_once(void **state)
{
    (void)state;
    use("row 1.2.3.4:5 6.7.8.9:10 ESTABLISHED\nrow 1.2.3.4:5 6.7.8.9:11 ESTABLISHED");
    assert_int_equal(closing("1.2.3.4:5", "6.7.8.9:11"), ANSWER_CLOSED);
    assert_false(closed[0]);
    assert_true(closed[1]);
    assert_int_equal(closing("1.2.3.4:5", "6.7.8.9:11"), ANSWER_NOT_FOUND);
    assert_int_equal(closing("1.2.3.4:5", "6.7.8.9:10"), ANSWER_CLOSED);
}

static void a_listener_is_no_connection(void **state)
{
    struct connection listener = connection_of_text("1.2.3.4:5", "6.7.8.9:10");

    (void)state;
    listener.remote = (struct connection_end){.port = 0};
    use("row 1.2.3.4:5 * LISTEN");
    assert_int_equal(backend_close(&listener, 0).kind, ANSWER_NOT_FOUND);
    assert_false(closed[0]);
}

static void a_scope_counts_for_link_local_addresses_only(void **state)
{
    struct connection global = connection_of_text("[2001:db8::1]:5", "[2001:db8::2]:10");

    (void)state;
    use("row [2001:db8::1]:5 [2001:db8::2]:10 ESTABLISHED\nrow [fe80::1%2]:5 [fe80::2%2]:6 "
        "ESTABLISHED");
    global.local.scope_id = 7;
    assert_int_equal(backend_close(&global, 0).kind, ANSWER_CLOSED);
    assert_int_equal(closing("[fe80::1%3]:5", "[fe80::2%3]:6"), ANSWER_NOT_FOUND);
    assert_int_equal(closing("[fe80::1%2]:5", "[fe80::2%2]:6"), ANSWER_CLOSED);
}

static void a_rule_comes_before_the_rows_and_an_answer_that_closes_closes_the_row(void **state)
{
    (void)state;
    use("row 1.2.3.4:5 6.7.8.9:10 ESTABLISHED\nanswer * :10 1460, CLOSED");
    assert_int_equal(closing("1.2.3.4:5", "6.7.8.9:10"), ANSWER_NO_ANSWER);
    assert_false(closed[0]);
    assert_int_equal(closing("1.2.3.4:5", "6.7.8.9:10"), ANSWER_CLOSED);
    assert_true(closed[0]);
}

static void successive_calls_get_successive_answers_and_then_the_last_one(void **state)
{
    (void)state;
    use("answer * :10 1460, 170, 50\nanswer * :11 1460, 5");
    assert_int_equal(closing("1.2.3.4:5", "6.7.8.9:10"), ANSWER_NO_ANSWER);
    assert_int_equal(closing("1.2.3.4:5", "6.7.8.9:11"), ANSWER_NO_ANSWER);
    assert_int_equal(closing("1.2.3.4:5", "6.7.8.9:10"), ANSWER_HELPER_BUSY);
    assert_int_equal(closing("1.2.3.4:5", "6.7.8.9:10"), ANSWER_KERNEL_CANNOT);
    assert_int_equal(closing("1.2.3.4:5", "6.7.8.9:10"), ANSWER_KERNEL_CANNOT);
    assert_int_equal(closing("1.2.3.4:5", "6.7.8.9:11"), ANSWER_NOT_OWNER);
}

static void the_default_takes_the_place_of_the_rows(void **state)
{
    (void)state;
    use("row 1.2.3.4:5 6.7.8.9:10 ESTABLISHED\ndefault 5");
    assert_int_equal(closing("1.2.3.4:5", "6.7.8.9:10"), ANSWER_NOT_OWNER);
    assert_int_equal(closing("1.2.3.4:5", "6.7.8.9:99"), ANSWER_NOT_OWNER);
}

static void an_answer_waits_as_long_as_the_script_says(void **state)
{
    (void)state;
    use("default 0 after 30ms, 0");
    closing("1.2.3.4:5", "6.7.8.9:10");
    assert_int_equal(slept, 30);
    closing("1.2.3.4:5", "6.7.8.9:10");
    assert_int_equal(slept, 30);
}

static void a_family_that_is_absent_says_so_before_any_rule(void **state)
{
    (void)state;
    use("ipv4 absent\ndefault 0");
    assert_int_equal(closing("1.2.3.4:5", "6.7.8.9:10"), ANSWER_NO_IPV4);
    assert_int_equal(closing("[::1]:5", "[::1]:10"), ANSWER_CLOSED);
    script_free(&mock.script);
    use("ipv6 absent\ndefault 0");
    assert_int_equal(closing("1.2.3.4:5", "6.7.8.9:10"), ANSWER_CLOSED);
    assert_int_equal(closing("[::1]:5", "[::1]:10"), ANSWER_NO_IPV6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_teardown(name, free_script)
        TEST(without_rows_and_rules_there_is_no_connection),
        TEST(a_row_can_be_closed_once),
        TEST(a_listener_is_no_connection),
        TEST(a_scope_counts_for_link_local_addresses_only),
        TEST(a_rule_comes_before_the_rows_and_an_answer_that_closes_closes_the_row),
        TEST(successive_calls_get_successive_answers_and_then_the_last_one),
        TEST(the_default_takes_the_place_of_the_rows),
        TEST(an_answer_waits_as_long_as_the_script_says),
        TEST(a_family_that_is_absent_says_so_before_any_rule),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
