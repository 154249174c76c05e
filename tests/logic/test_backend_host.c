/* SPDX-License-Identifier: MIT */
/* Wine: what becomes of the helper's answers, and of its absence. */
#include "backend.h"
#include "host_session.h"
#include "linux_tcp.h"

#include "fake_system_tcp.h"
#include "testing.h"

static const struct connection ipv4 = {.family = CONNECTION_IPV4, .local = {.port = 1}};
static const struct connection ipv6 = {.family = CONNECTION_IPV6, .local = {.port = 1}};

static struct
{
    DWORD error;
    enum host_verdict verdict;
    struct connection asked; /* of the last call */
} helper;

/* What Linux lists until Wine's function is called, and from then on. */
static struct
{
    enum linux_tcp_presence before;
    enum linux_tcp_presence after;
    int looks;
} linux_lists;

enum linux_tcp_presence linux_tcp_look(const struct connection *connection)
{
    assert_int_equal(connection->local.port, 1);
    linux_lists.looks++;
    return fake_system_tcp.closes == 0 ? linux_lists.before : linux_lists.after;
}

DWORD host_session_ask(const struct connection *connection, enum host_verdict *verdict_out)
{
    helper.asked = *connection;
    *verdict_out = helper.verdict;
    return helper.error;
}

static void expect_of(const struct connection *connection, DWORD code, DWORD last_error)
{
    const struct outcome outcome = backend_host_close(connection);

    assert_int_equal(outcome.code, code);
    assert_int_equal(outcome.last_error, last_error);
}

static void expect(DWORD code, DWORD last_error)
{
    expect_of(&ipv4, code, last_error);
}

static void expect_ipv6(DWORD code, DWORD last_error)
{
    expect_of(&ipv6, code, last_error);
}

static void expect_for_verdict(enum host_verdict verdict, DWORD code, DWORD last_error)
{
    helper.error = NO_ERROR;
    helper.verdict = verdict;
    fake_system_tcp = (struct fake_system_tcp){0};
    linux_lists.looks = 0;
    expect(code, last_error);
    assert_int_equal(fake_system_tcp.closes + linux_lists.looks, 0);
}

static void gone_is_0(void **state)
{
    (void)state;
    expect_for_verdict(VERDICT_GONE, NO_ERROR, NO_ERROR);
}

static void no_such_connection_or_a_listener_is_317(void **state)
{
    (void)state;
    expect_for_verdict(VERDICT_NOT_FOUND, ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND);
}

static void another_users_connection_is_5(void **state)
{
    (void)state;
    expect_for_verdict(VERDICT_NOT_OWNER, ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED);
}

static void a_helper_without_the_capability_is_5_and_last_error_1314(void **state)
{
    (void)state;
    expect_for_verdict(VERDICT_NO_CAPABILITY, ERROR_ACCESS_DENIED, ERROR_PRIVILEGE_NOT_HELD);
}

static void a_kernel_that_cannot_is_50(void **state)
{
    (void)state;
    expect_for_verdict(VERDICT_NOT_SUPPORTED, ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED);
}

static void a_helper_that_does_not_understand_is_13(void **state)
{
    (void)state;
    expect_for_verdict(VERDICT_BAD_REQUEST, ERROR_INVALID_DATA, ERROR_INVALID_DATA);
}

static void a_helper_that_fails_is_31(void **state)
{
    (void)state;
    expect_for_verdict(VERDICT_FAILED, ERROR_GEN_FAILURE, ERROR_GEN_FAILURE);
}

static void each_failure_has_a_reason_of_its_own(void **state)
{
    static const DWORD errors[] = {
        ERROR_TIMEOUT,
        ERROR_BROKEN_PIPE,
        ERROR_INVALID_DATA,
        ERROR_REVISION_MISMATCH,
        ERROR_BAD_EXE_FORMAT,
        ERROR_CANNOT_MAKE,
        ERROR_BUSY,
        ERROR_NO_SYSTEM_RESOURCES,
        ERROR_NETWORK_UNREACHABLE,
        ERROR_NOT_ENOUGH_MEMORY,
    };
    const size_t count = sizeof(errors) / sizeof(errors[0]);
    const char *reasons[sizeof(errors) / sizeof(errors[0])];

    (void)state;
    for (size_t i = 0; i < count; i++) {
        helper.error = errors[i];
        reasons[i] = backend_host_close(&ipv4).reason;
        for (size_t earlier = 0; earlier < i; earlier++) {
            assert_string_not_equal(reasons[i], reasons[earlier]);
        }
    }
}

static void a_helper_that_was_killed_late_or_mad_is_its_own_code_and_never_0(void **state)
{
    static const DWORD errors[] = {ERROR_BROKEN_PIPE, ERROR_TIMEOUT, ERROR_INVALID_DATA,
                                   ERROR_REVISION_MISMATCH, ERROR_BAD_EXE_FORMAT};

    (void)state;
    helper.verdict = VERDICT_GONE;
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        helper.error = errors[i];
        expect(errors[i], errors[i]);
    }
}

/* What Linux lists before and after, and what Wine's own function says. */
static void given_no_helper(enum linux_tcp_presence before, enum linux_tcp_presence after,
                            DWORD wines_code)
{
    helper.error = ERROR_FILE_NOT_FOUND;
    helper.verdict = VERDICT_GONE;
    fake_system_tcp = (struct fake_system_tcp){.code = wines_code};
    linux_lists.before = before;
    linux_lists.after = after;
}

static void without_a_helper_what_linux_does_not_list_is_317(void **state)
{
    (void)state;
    given_no_helper(LINUX_TCP_ABSENT, LINUX_TCP_ABSENT, NO_ERROR);
    expect(ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND);
    assert_int_equal(fake_system_tcp.closes, 0);
}

static void without_a_helper_a_stub_that_claims_success_is_50(void **state)
{
    (void)state;
    given_no_helper(LINUX_TCP_PRESENT, LINUX_TCP_PRESENT, NO_ERROR);
    expect(ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED);
}

static void without_a_helper_a_wine_that_really_closes_is_0(void **state)
{
    (void)state;
    given_no_helper(LINUX_TCP_PRESENT, LINUX_TCP_ABSENT, NO_ERROR);
    expect(NO_ERROR, NO_ERROR);
}

static void without_a_helper_a_wine_that_says_no_is_50_whatever_happened(void **state)
{
    (void)state;
    given_no_helper(LINUX_TCP_PRESENT, LINUX_TCP_ABSENT, ERROR_ACCESS_DENIED);
    expect(ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED);
}

static void without_a_helper_and_linuxs_list_nothing_is_claimed(void **state)
{
    (void)state;
    given_no_helper(LINUX_TCP_UNKNOWN, LINUX_TCP_UNKNOWN, NO_ERROR);
    expect(ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED);
    assert_int_equal(fake_system_tcp.closes, 0);
    given_no_helper(LINUX_TCP_PRESENT, LINUX_TCP_UNKNOWN, NO_ERROR);
    expect(ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED);
}

static void the_helper_is_asked_for_just_that_connection(void **state)
{
    (void)state;
    expect_for_verdict(VERDICT_GONE, NO_ERROR, NO_ERROR);
    assert_memory_equal(&helper.asked, &ipv4, sizeof(ipv4));
    expect_ipv6(NO_ERROR, NO_ERROR);
    assert_memory_equal(&helper.asked, &ipv6, sizeof(ipv6));
}

static void each_verdict_has_its_code_for_ipv6(void **state)
{
    static const struct
    {
        enum host_verdict verdict;
        DWORD code;
        DWORD last_error;
    } rows[] = {
        {VERDICT_GONE, NO_ERROR, NO_ERROR},
        {VERDICT_NOT_FOUND, ERROR_NOT_FOUND, ERROR_NOT_FOUND},
        {VERDICT_NOT_OWNER, ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED},
        {VERDICT_NO_CAPABILITY, ERROR_ACCESS_DENIED, ERROR_PRIVILEGE_NOT_HELD},
        {VERDICT_NOT_SUPPORTED, ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED},
        {VERDICT_BAD_REQUEST, ERROR_INVALID_DATA, ERROR_INVALID_DATA},
        {VERDICT_FAILED, ERROR_GEN_FAILURE, ERROR_GEN_FAILURE},
    };

    (void)state;
    helper.error = NO_ERROR;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        helper.verdict = rows[i].verdict;
        expect_ipv6(rows[i].code, rows[i].last_error);
    }
}

static void without_a_helper_ipv6_is_1168_only_if_linux_does_not_list_it(void **state)
{
    (void)state;
    given_no_helper(LINUX_TCP_ABSENT, LINUX_TCP_ABSENT, NO_ERROR);
    expect_ipv6(ERROR_NOT_FOUND, ERROR_NOT_FOUND);
    given_no_helper(LINUX_TCP_PRESENT, LINUX_TCP_PRESENT, NO_ERROR);
    expect_ipv6(ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED);
    given_no_helper(LINUX_TCP_UNKNOWN, LINUX_TCP_UNKNOWN, NO_ERROR);
    expect_ipv6(ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED);
    assert_int_equal(fake_system_tcp.closes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gone_is_0),
        cmocka_unit_test(no_such_connection_or_a_listener_is_317),
        cmocka_unit_test(another_users_connection_is_5),
        cmocka_unit_test(a_helper_without_the_capability_is_5_and_last_error_1314),
        cmocka_unit_test(a_kernel_that_cannot_is_50),
        cmocka_unit_test(a_helper_that_does_not_understand_is_13),
        cmocka_unit_test(a_helper_that_fails_is_31),
        cmocka_unit_test(each_failure_has_a_reason_of_its_own),
        cmocka_unit_test(a_helper_that_was_killed_late_or_mad_is_its_own_code_and_never_0),
        cmocka_unit_test(without_a_helper_what_linux_does_not_list_is_317),
        cmocka_unit_test(without_a_helper_a_stub_that_claims_success_is_50),
        cmocka_unit_test(without_a_helper_a_wine_that_really_closes_is_0),
        cmocka_unit_test(without_a_helper_a_wine_that_says_no_is_50_whatever_happened),
        cmocka_unit_test(without_a_helper_and_linuxs_list_nothing_is_claimed),
        cmocka_unit_test(the_helper_is_asked_for_just_that_connection),
        cmocka_unit_test(each_verdict_has_its_code_for_ipv6),
        cmocka_unit_test(without_a_helper_ipv6_is_1168_only_if_linux_does_not_list_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
