/* SPDX-License-Identifier: MIT */
/* Who may, by tokens that no real system gives on demand. */
#include "privilege.h"
#include "settcpentry.h"

#include "fake_os.h"
#include "testing.h"

static struct outcome verdict_of(const struct fake_token *token, bool is_wine)
{
    struct outcome verdict;

    fake_os_impersonate(*token);
    fake_os.is_wine = is_wine;
    verdict = privilege_check();
    assert_int_equal(fake_os.tokens_open, 0);
    return verdict;
}

static void expect_of(const struct fake_token *token, bool is_wine, DWORD code)
{
    const struct outcome verdict = verdict_of(token, is_wine);

    assert_int_equal(verdict.code, code);
    if (code != NO_ERROR) {
        assert_int_equal(verdict.last_error,
                         code == ERROR_MR_MID_NOT_FOUND ? ERROR_ELEVATION_REQUIRED : code);
    }
}

enum
{
    MAY = NO_ERROR,
    NOT_ELEVATED = ERROR_MR_MID_NOT_FOUND,
    DENIED = ERROR_ACCESS_DENIED,
    OLD_SYSTEM = ERROR_INVALID_PARAMETER, /* no such class of information */
    FAILS = ERROR_NOT_ENOUGH_MEMORY,
};

/* For each membership and what can be said of elevation. */
static const struct
{
    struct fake_token token;
    DWORD on_windows;
    DWORD on_wine;
} verdicts[] = {
    {{.membership = OS_MEMBER_ENABLED, .elevated = true}, MAY, MAY},
    {{.membership = OS_MEMBER_ENABLED, .elevated = false}, NOT_ELEVATED, MAY},
    {{.membership = OS_MEMBER_ENABLED, .elevation_error = OLD_SYSTEM}, MAY, MAY},
    {{.membership = OS_MEMBER_ENABLED, .elevation_error = FAILS}, DENIED, MAY},
    {{.membership = OS_MEMBER_DENY_ONLY, .elevated = true}, DENIED, DENIED},
    {{.membership = OS_MEMBER_DENY_ONLY, .elevated = false}, NOT_ELEVATED, NOT_ELEVATED},
    {{.membership = OS_MEMBER_DENY_ONLY, .elevation_error = OLD_SYSTEM}, DENIED, DENIED},
    {{.membership = OS_MEMBER_DENY_ONLY, .elevation_error = FAILS}, DENIED, DENIED},
    {{.membership = OS_MEMBER_ABSENT, .elevated = true}, DENIED, DENIED},
    {{.membership = OS_MEMBER_ABSENT, .elevated = false}, DENIED, DENIED},
    {{.membership = OS_MEMBER_ABSENT, .elevation_error = OLD_SYSTEM}, DENIED, DENIED},
    {{.membership = OS_MEMBER_ABSENT, .elevation_error = FAILS}, DENIED, DENIED},
};

static const size_t verdict_count = sizeof(verdicts) / sizeof(verdicts[0]);

static void on_windows_only_elevated_administrators_may(void **state)
{
    (void)state;
    for (size_t i = 0; i < verdict_count; i++) {
        expect_of(&verdicts[i].token, false, verdicts[i].on_windows);
    }
}

static void under_wine_administrators_may_elevated_or_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < verdict_count; i++) {
        expect_of(&verdicts[i].token, true, verdicts[i].on_wine);
    }
}

static void membership_that_cannot_be_found_out_is_denied(void **state)
{
    struct fake_token token = fake_administrator;

    (void)state;
    token.membership_error = ERROR_NOT_ENOUGH_MEMORY;
    expect_of(&token, false, DENIED);
    expect_of(&token, true, DENIED);
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
    expect_of(&not_elevated, false, NOT_ELEVATED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_windows_only_elevated_administrators_may),
        cmocka_unit_test(under_wine_administrators_may_elevated_or_not),
        cmocka_unit_test(membership_that_cannot_be_found_out_is_denied),
        cmocka_unit_test(a_thread_token_that_cannot_be_opened_is_denied),
        cmocka_unit_test(a_process_token_that_cannot_be_opened_is_denied),
        cmocka_unit_test(a_thread_is_judged_by_its_own_token_not_the_processs),
        cmocka_unit_test(of_the_process_only_allowed_is_remembered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
