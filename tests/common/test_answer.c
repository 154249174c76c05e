/* SPDX-License-Identifier: MIT */
/* The table of answers as a whole: what holds for every row, also for one that is added. */
#include "answer.h"
#include "connection.h"
#include "protocol.h"

#include "settcpentry.h"
#include "testing.h"

#include <string.h>

/* Each test runs once for each row. */
static enum answer_kind kind;

static bool is_success(enum answer_kind of)
{
    return answer_rows[of].status == STATUS_DONE;
}

static void it_has_a_reason_that_goes_on_in_the_middle_of_a_sentence(void **state)
{
    const char *reason = answer_rows[kind].reason;

    (void)state;
    assert_true(strlen(reason) > 0);
    assert_true(reason[strlen(reason) - 1] != '.');
    for (int other = ANSWER_NONE; other < (int)kind; other++) {
        assert_string_not_equal(reason, answer_rows[other].reason);
    }
}

/* What was not done is never 0, whatever the system's code. */
static void it_is_0_only_where_the_connection_was_closed(void **state)
{
    static const uint32_t details[] = {NO_ERROR, ERROR_DISK_FULL};

    (void)state;
    for (int i = 0; i < 2; i++) {
        const struct answer answer = {kind, details[i]};

        assert_int_equal(answer_code(answer, CONNECTION_IPV4) == NO_ERROR, is_success(kind));
        assert_int_equal(answer_code(answer, CONNECTION_IPV6) == NO_ERROR, is_success(kind));
    }
    assert_true(!is_success(kind) || kind == ANSWER_CLOSED || kind == ANSWER_CLOSED_BY_WINE);
}

/* LastError is as precise as the code, or more so: who shows only the one misses nothing. */
static void its_last_error_is_a_code_too(void **state)
{
    const struct answer answer = {kind, ERROR_DISK_FULL};

    (void)state;
    assert_int_equal(answer_last_error(answer) == NO_ERROR, is_success(kind));
    assert_int_not_equal(answer_last_error(answer), SYSTEM_CODE);
}

/* So that tcpdrop, which sees no more than these, knows its exit status. */
static void answers_of_the_same_codes_have_the_same_status(void **state)
{
    const struct answer_row *row = &answer_rows[kind];

    (void)state;
    for (int other = ANSWER_NONE + 1; other < ANSWERS; other++) {
        if (memcmp(&row->codes, &answer_rows[other].codes, sizeof(row->codes)) == 0) {
            assert_int_equal(row->status, answer_rows[other].status);
        }
    }
}

/* 317 for SetTcp6Entry means "not elevated" and nothing else, as its header promises. */
static void for_ipv6_only_not_elevated_is_317(void **state)
{
    (void)state;
    assert_int_equal(answer_code(answer_of(kind), CONNECTION_IPV6) == ERROR_MR_MID_NOT_FOUND,
                     kind == ANSWER_NOT_ELEVATED);
}

static int for_each_row(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_has_a_reason_that_goes_on_in_the_middle_of_a_sentence),
        cmocka_unit_test(it_is_0_only_where_the_connection_was_closed),
        cmocka_unit_test(its_last_error_is_a_code_too),
        cmocka_unit_test(answers_of_the_same_codes_have_the_same_status),
        cmocka_unit_test(for_ipv6_only_not_elevated_is_317),
    };
    int failed = 0;

    for (int i = ANSWER_NONE + 1; i < ANSWERS; i++) {
        kind = (enum answer_kind)i;
        failed += cmocka_run_group_tests_name(answer_rows[i].reason, tests, NULL, NULL);
    }
    return failed;
}

/* The contract, written down once more: include/settcpentry.h has the same. */
static void the_documented_codes_are_what_the_contract_says(void **state)
{
    static const struct
    {
        enum answer_kind kind;
        DWORD code;
        DWORD code_ipv6;
        DWORD last_error;
    } contract[] = {
        {ANSWER_CLOSED, 0, 0, 0},
        {ANSWER_NO_ROW, 87, 87, 87},
        {ANSWER_WRONG_STATE, 87, 87, 87},
        {ANSWER_NOT_ELEVATED, 317, 317, 740},
        {ANSWER_NOT_FOUND, 317, 1168, 1168},
        {ANSWER_NOT_ADMINISTRATOR, 5, 5, 5},
        {ANSWER_TOKEN_UNREADABLE, 5, 5, 5},
        {ANSWER_NOT_OWNER, 5, 5, 5},
        {ANSWER_NO_CAPABILITY, 5, 5, 1314},
        {ANSWER_KERNEL_CANNOT, 50, 50, 50},
        {ANSWER_MULTIPATH, 50, 50, 50},
        {ANSWER_NO_HELPER, 50, 50, 50},
        {ANSWER_NO_IPV4, 50, 50, 50},
        {ANSWER_NO_IPV6, 50, 50, 50},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(contract) / sizeof(contract[0]); i++) {
        const struct answer answer = answer_of(contract[i].kind);

        assert_int_equal(answer_code(answer, CONNECTION_IPV4), contract[i].code);
        assert_int_equal(answer_code(answer, CONNECTION_IPV6), contract[i].code_ipv6);
        assert_int_equal(answer_last_error(answer), contract[i].last_error);
    }
}

static void the_helpers_are_those_up_to_its_last_and_not_none(void **state)
{
    (void)state;
    assert_false(answer_is_helpers(ANSWER_NONE));
    assert_true(answer_is_helpers(ANSWER_CLOSED));
    assert_true(answer_is_helpers(ANSWER_SYSTEM_CALL_FAILED));
    assert_false(answer_is_helpers(ANSWER_NO_ROW));
    assert_false(answer_is_helpers(ANSWERS));
    assert_false(answer_is_helpers(0x10000 | ANSWER_CLOSED));
}

/* Who sees this fail has changed them: then another HOST_VERSION is due, and these lines. */
static void the_helpers_numbers_are_those_of_this_version(void **state)
{
    (void)state;
    assert_int_equal(HOST_VERSION, 4);
    assert_int_equal(ANSWER_CLOSED, 1);
    assert_int_equal(ANSWER_NOT_FOUND, 2);
    assert_int_equal(ANSWER_NOT_OWNER, 3);
    assert_int_equal(ANSWER_NO_CAPABILITY, 4);
    assert_int_equal(ANSWER_KERNEL_CANNOT, 5);
    assert_int_equal(ANSWER_MULTIPATH, 6);
    assert_int_equal(ANSWER_BAD_REQUEST, 7);
    assert_int_equal(ANSWER_SYSTEM_CALL_FAILED, 8);
    assert_int_equal(ANSWER_LAST_OF_HELPER, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_documented_codes_are_what_the_contract_says),
        cmocka_unit_test(the_helpers_are_those_up_to_its_last_and_not_none),
        cmocka_unit_test(the_helpers_numbers_are_those_of_this_version),
    };

    return for_each_row() + cmocka_run_group_tests(tests, NULL, NULL);
}
