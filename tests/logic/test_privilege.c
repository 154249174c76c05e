/* SPDX-License-Identifier: MIT */
/* Who may, by tokens that no real system gives on demand. */
#include "privilege.h"
#include "settcpentry.h"

#include "fake_os.h"
#include "testing.h"

static const DWORD old_system = ERROR_INVALID_PARAMETER; /* no such class of information */

static void expect_of(const struct fake_token *token, DWORD code, DWORD last_error)
{
    struct outcome verdict;

    fake_os_impersonate(*token);
    verdict = privilege_check();
    assert_int_equal(verdict.code, code);
    if (code != NO_ERROR) {
        assert_int_equal(verdict.last_error, last_error);
    }
    assert_int_equal(fake_os.tokens_open, 0);
}

static void an_elevated_administrator_may(void **state)
{
    (void)state;
    expect_of(&fake_administrator, NO_ERROR, NO_ERROR);
}

static void an_administrator_of_a_system_without_elevation_may(void **state)
{
    const struct fake_token token = {
        .membership = OS_MEMBER_ENABLED,
        .elevation_error = old_system,
    };

    (void)state;
    expect_of(&token, NO_ERROR, NO_ERROR);
}

static void an_administrator_who_is_not_elevated_is_told_so(void **state)
{
    const struct fake_token enabled = {.membership = OS_MEMBER_ENABLED};
    const struct fake_token filtered = {.membership = OS_MEMBER_DENY_ONLY};

    (void)state;
    expect_of(&enabled, ERROR_MR_MID_NOT_FOUND, ERROR_ELEVATION_REQUIRED);
    expect_of(&filtered, ERROR_MR_MID_NOT_FOUND, ERROR_ELEVATION_REQUIRED);
}

static void everybody_else_is_denied(void **state)
{
    static const struct fake_token tokens[] = {
        {.membership = OS_MEMBER_ABSENT},
        {.membership = OS_MEMBER_ABSENT, .elevated = true},
        {.membership = OS_MEMBER_ABSENT, .elevation_error = ERROR_INVALID_PARAMETER},
        {.membership = OS_MEMBER_DENY_ONLY, .elevated = true},
        {.membership = OS_MEMBER_DENY_ONLY, .elevation_error = ERROR_INVALID_PARAMETER},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
        expect_of(&tokens[i], ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED);
    }
}

static void what_cannot_be_found_out_is_denied(void **state)
{
    struct fake_token token = fake_administrator;

    (void)state;
    token.membership_error = ERROR_NOT_ENOUGH_MEMORY;
    expect_of(&token, ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED);
    token = fake_administrator;
    token.elevation_error = ERROR_NOT_ENOUGH_MEMORY;
    expect_of(&token, ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED);
}

static void a_thread_token_that_cannot_be_opened_is_denied(void **state)
{
    (void)state;
    fake_os = (struct fake_os){
        .thread_error = ERROR_CANT_OPEN_ANONYMOUS,
        .process = fake_administrator,
    };
    assert_int_equal(privilege_check().code, ERROR_ACCESS_DENIED);
}

static void a_process_token_that_cannot_be_opened_is_denied(void **state)
{
    (void)state;
    fake_os = (struct fake_os){
        .thread_error = ERROR_NO_TOKEN,
        .process_error = ERROR_ACCESS_DENIED,
    };
    assert_int_equal(privilege_check().code, ERROR_ACCESS_DENIED);
}

static void a_thread_is_judged_by_its_own_token_not_the_processs(void **state)
{
    (void)state;
    fake_os = (struct fake_os){
        .thread = {.membership = OS_MEMBER_ABSENT},
        .process = fake_administrator,
    };
    assert_int_equal(privilege_check().code, ERROR_ACCESS_DENIED);
}

static DWORD check_process(struct fake_token token)
{
    fake_os = (struct fake_os){.thread_error = ERROR_NO_TOKEN, .process = token};
    return privilege_check().code;
}

/* The last of all: the process remembers it. */
static void of_the_process_only_allowed_is_remembered(void **state)
{
    const struct fake_token not_elevated = {.membership = OS_MEMBER_ENABLED};

    (void)state;
    assert_int_equal(check_process(not_elevated), ERROR_MR_MID_NOT_FOUND);
    assert_int_equal(check_process(fake_administrator), NO_ERROR);
    assert_int_equal(fake_os.tokens_opened, 2);
    assert_int_equal(check_process(not_elevated), NO_ERROR);
    assert_int_equal(fake_os.tokens_opened, 1); /* the thread's is asked for each time */
    expect_of(&not_elevated, ERROR_MR_MID_NOT_FOUND, ERROR_ELEVATION_REQUIRED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_elevated_administrator_may),
        cmocka_unit_test(an_administrator_of_a_system_without_elevation_may),
        cmocka_unit_test(an_administrator_who_is_not_elevated_is_told_so),
        cmocka_unit_test(everybody_else_is_denied),
        cmocka_unit_test(what_cannot_be_found_out_is_denied),
        cmocka_unit_test(a_thread_token_that_cannot_be_opened_is_denied),
        cmocka_unit_test(a_process_token_that_cannot_be_opened_is_denied),
        cmocka_unit_test(a_thread_is_judged_by_its_own_token_not_the_processs),
        cmocka_unit_test(of_the_process_only_allowed_is_remembered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
