/* SPDX-License-Identifier: MIT */
/* Who may, by tokens that no real system gives on demand. */
#include "privilege.h"

#include "fake_os.h"
#include "testing.h"

static void expect_of(const struct fake_token *token, bool is_wine, int expected)
{
    fake_os_impersonate(*token);
    fake_os.is_wine = is_wine;
    assert_int_equal(privilege_check().kind, expected);
    assert_int_equal(fake_os.tokens_open, 0);
}

enum
{
    MAY = ANSWER_NONE,
    NOT_ELEVATED = ANSWER_NOT_ELEVATED,
    DENIED = ANSWER_NOT_ADMINISTRATOR,
    UNREADABLE = ANSWER_TOKEN_UNREADABLE,

    OLD_SYSTEM = ERROR_INVALID_PARAMETER, /* no such class of information */
    FAILS = ERROR_NOT_ENOUGH_MEMORY,
};

/* What comes of each membership and what can be said of elevation (enum answer_kind). */
static const struct
{
    struct fake_token token;
    int on_windows;
    int on_wine;
} cases[] = {
    {{.membership = OS_MEMBER_ENABLED, .elevated = true}, MAY, MAY},
    {{.membership = OS_MEMBER_ENABLED, .elevated = false}, NOT_ELEVATED, MAY},
    {{.membership = OS_MEMBER_ENABLED, .elevation_error = OLD_SYSTEM}, MAY, MAY},
    {{.membership = OS_MEMBER_ENABLED, .elevation_error = FAILS}, UNREADABLE, MAY},
    {{.membership = OS_MEMBER_DENY_ONLY, .elevated = true}, DENIED, DENIED},
    {{.membership = OS_MEMBER_DENY_ONLY, .elevated = false}, NOT_ELEVATED, NOT_ELEVATED},
    {{.membership = OS_MEMBER_DENY_ONLY, .elevation_error = OLD_SYSTEM}, DENIED, DENIED},
    {{.membership = OS_MEMBER_DENY_ONLY, .elevation_error = FAILS}, DENIED, DENIED},
    {{.membership = OS_MEMBER_ABSENT, .elevated = true}, DENIED, DENIED},
    {{.membership = OS_MEMBER_ABSENT, .elevated = false}, DENIED, DENIED},
    {{.membership = OS_MEMBER_ABSENT, .elevation_error = OLD_SYSTEM}, DENIED, DENIED},
    {{.membership = OS_MEMBER_ABSENT, .elevation_error = FAILS}, DENIED, DENIED},
};

static const size_t case_count = sizeof(cases) / sizeof(cases[0]);

static void on_windows_only_elevated_administrators_may(void **state)
{
    (void)state;
    for (size_t i = 0; i < case_count; i++) {
        expect_of(&cases[i].token, false, cases[i].on_windows);
    }
}

static void under_wine_administrators_may_elevated_or_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < case_count; i++) {
        expect_of(&cases[i].token, true, cases[i].on_wine);
    }
}

static void membership_that_cannot_be_found_out_is_no_membership(void **state)
{
    struct fake_token token = fake_administrator;

    (void)state;
    token.membership_error = ERROR_NOT_ENOUGH_MEMORY;
    expect_of(&token, false, ANSWER_TOKEN_UNREADABLE);
    expect_of(&token, true, ANSWER_TOKEN_UNREADABLE);
}

static void a_thread_token_that_cannot_be_opened_is_denied(void **state)
{
    (void)state;
    fake_os = (struct fake_os){
        .thread_error = ERROR_CANT_OPEN_ANONYMOUS,
        .process = fake_administrator,
    };
    assert_int_equal(privilege_check().kind, ANSWER_TOKEN_UNREADABLE);
}

static void a_process_token_that_cannot_be_opened_is_denied(void **state)
{
    (void)state;
    fake_os = (struct fake_os){
        .thread_error = ERROR_NO_TOKEN,
        .process_error = ERROR_ACCESS_DENIED,
    };
    assert_int_equal(privilege_check().kind, ANSWER_TOKEN_UNREADABLE);
}

static void a_thread_is_judged_by_its_own_token_not_the_processs(void **state)
{
    (void)state;
    fake_os = (struct fake_os){
        .thread = {.membership = OS_MEMBER_ABSENT},
        .process = fake_administrator,
    };
    assert_int_equal(privilege_check().kind, ANSWER_NOT_ADMINISTRATOR);
}

static enum answer_kind check_process(struct fake_token token)
{
    fake_os = (struct fake_os){.thread_error = ERROR_NO_TOKEN, .process = token};
    return privilege_check().kind;
}

/* The last of all: the process remembers it. */
static void of_the_process_only_allowed_is_remembered(void **state)
{
    const struct fake_token not_elevated = {.membership = OS_MEMBER_ENABLED};

    (void)state;
    assert_int_equal(check_process(not_elevated), ANSWER_NOT_ELEVATED);
    assert_int_equal(check_process(fake_administrator), ANSWER_NONE);
    assert_int_equal(fake_os.tokens_opened, 2);
    assert_int_equal(check_process(not_elevated), ANSWER_NONE);
    assert_int_equal(fake_os.tokens_opened, 1); /* the thread's is asked for each time */
    expect_of(&not_elevated, false, ANSWER_NOT_ELEVATED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_windows_only_elevated_administrators_may),
        cmocka_unit_test(under_wine_administrators_may_elevated_or_not),
        cmocka_unit_test(membership_that_cannot_be_found_out_is_no_membership),
        cmocka_unit_test(a_thread_token_that_cannot_be_opened_is_denied),
        cmocka_unit_test(a_process_token_that_cannot_be_opened_is_denied),
        cmocka_unit_test(a_thread_is_judged_by_its_own_token_not_the_processs),
        cmocka_unit_test(of_the_process_only_allowed_is_remembered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
