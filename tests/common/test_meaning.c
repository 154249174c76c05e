/* SPDX-License-Identifier: MIT */
/* What tcpdrop and doctor say of a return value and LastError, which are all that they see. */
#include "meaning.h"

#include "answer.h"
#include "connection.h"
#include "testing.h"
#include "wine.h"

#include <winerror.h>

#include <string.h>

enum
{
    SOMETHING_ELSE = 4711, /* a LastError of somebody else's */
};

static bool is_wine;

bool wine_is_here(void)
{
    return is_wine;
}

static void expect_row(enum answer_kind kind, uint32_t family)
{
    const struct answer_row *row = &answer_rows[kind];
    const struct answer answer = answer_of(kind);
    const struct meaning meaning =
        meaning_of(family, answer_code(answer, family), answer_last_error(answer));

    assert_int_equal(meaning.status, row->status);
    assert_non_null(strstr(meaning.reason, row->reason));
    assert_non_null(strstr(meaning.remedy, row->remedy));
}

static void every_answer_is_told_with_its_status_reason_and_remedy(void **state)
{
    (void)state;
    for (int i = ANSWER_NONE + 1; i < ANSWERS; i++) {
        is_wine = answer_rows[i].where != WHERE_WINDOWS;
        if (answer_rows[i].codes.ipv4 != SYSTEM_CODE) {
            expect_row((enum answer_kind)i, CONNECTION_IPV4);
            expect_row((enum answer_kind)i, CONNECTION_IPV6);
        }
    }
}

static void what_only_the_other_system_says_is_not_told(void **state)
{
    const char *reason = answer_rows[ANSWER_NO_HELPER].reason;
    struct meaning meaning;

    (void)state;
    is_wine = false;
    meaning = meaning_of(CONNECTION_IPV4, ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED);
    assert_null(strstr(meaning.reason, reason));
    is_wine = true;
    meaning = meaning_of(CONNECTION_IPV4, ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED);
    assert_non_null(strstr(meaning.reason, reason));
    assert_null(strstr(meaning.reason, answer_rows[ANSWER_NO_IPV4].reason));
}

static void last_error_tells_apart_what_the_code_does_not(void **state)
{
    const struct meaning meaning =
        meaning_of(CONNECTION_IPV4, ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND);

    (void)state;
    assert_int_equal(meaning.status, STATUS_NO_SUCH_CONNECTION);
    assert_null(strstr(meaning.reason, answer_rows[ANSWER_NOT_ELEVATED].reason));
}

/* As after the system's own function, which need not set it. */
static void a_last_error_that_does_not_fit_is_not_looked_at(void **state)
{
    const struct meaning meaning =
        meaning_of(CONNECTION_IPV4, ERROR_MR_MID_NOT_FOUND, SOMETHING_ELSE);

    (void)state;
    assert_non_null(strstr(meaning.reason, answer_rows[ANSWER_NOT_FOUND].reason));
    assert_non_null(strstr(meaning.reason, answer_rows[ANSWER_NOT_ELEVATED].reason));
}

static void a_code_of_no_answer_is_told_in_the_systems_words(void **state)
{
    const char *unreachable = answer_rows[ANSWER_HELPER_UNREACHABLE].reason;
    struct meaning meaning;

    (void)state;
    is_wine = false;
    meaning = meaning_of(CONNECTION_IPV4, ERROR_DISK_FULL, ERROR_DISK_FULL);
    assert_int_equal(meaning.status, STATUS_NOT_DONE);
    assert_true(strlen(meaning.reason) > 0);
    assert_null(strstr(meaning.reason, unreachable));
    is_wine = true;
    meaning = meaning_of(CONNECTION_IPV4, ERROR_DISK_FULL, ERROR_DISK_FULL);
    assert_non_null(strstr(meaning.reason, unreachable));
    assert_true(strlen(meaning.reason) > strlen(unreachable));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_is_told_with_its_status_reason_and_remedy),
        cmocka_unit_test(what_only_the_other_system_says_is_not_told),
        cmocka_unit_test(last_error_tells_apart_what_the_code_does_not),
        cmocka_unit_test(a_last_error_that_does_not_fit_is_not_looked_at),
        cmocka_unit_test(a_code_of_no_answer_is_told_in_the_systems_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
