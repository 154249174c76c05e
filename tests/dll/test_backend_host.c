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
    struct answer answer;
    struct connection asked; /* of the last call */
    int begun;
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

struct answer host_session_ask(const struct connection *connection, int begun)
{
    helper.begun = begun;
    helper.asked = *connection;
    return helper.answer;
}

static void expect(const struct connection *connection, enum answer_kind kind)
{
    assert_int_equal(backend_host_close(connection, HOST_SESSION_NOT_BEGUN).kind, kind);
}

static void every_answer_of_the_helper_or_of_its_failures_comes_back_unchanged(void **state)
{
    (void)state;
    fake_system_tcp = (struct fake_system_tcp){0};
    linux_lists.looks = 0;
    for (int kind = ANSWER_NONE + 1; kind < ANSWERS; kind++) {
        if (kind != ANSWER_NO_HELPER) {
            helper.answer = (struct answer){(enum answer_kind)kind, 4711};
            expect(&ipv4, (enum answer_kind)kind);
            expect(&ipv6, (enum answer_kind)kind);
            assert_int_equal(backend_host_close(&ipv4, HOST_SESSION_NOT_BEGUN).detail, 4711);
        }
    }
    assert_int_equal(fake_system_tcp.closes + linux_lists.looks, 0);
}

/* What Linux lists before and after, and what Wine's own function says. */
static void given_no_helper(enum linux_tcp_presence before, enum linux_tcp_presence after,
                            DWORD wines_code)
{
    helper.answer = answer_of(ANSWER_NO_HELPER);
    fake_system_tcp = (struct fake_system_tcp){.code = wines_code};
    linux_lists.before = before;
    linux_lists.after = after;
}

static void without_a_helper_what_linux_does_not_list_is_not_found(void **state)
{
    (void)state;
    given_no_helper(LINUX_TCP_ABSENT, LINUX_TCP_ABSENT, NO_ERROR);
    expect(&ipv4, ANSWER_NOT_FOUND);
    expect(&ipv6, ANSWER_NOT_FOUND);
    assert_int_equal(fake_system_tcp.closes, 0);
}

static void without_a_helper_a_stub_that_claims_success_is_not_believed(void **state)
{
    (void)state;
    given_no_helper(LINUX_TCP_PRESENT, LINUX_TCP_PRESENT, NO_ERROR);
    expect(&ipv4, ANSWER_NO_HELPER);
}

static void without_a_helper_a_wine_that_really_closes_is_believed(void **state)
{
    (void)state;
    given_no_helper(LINUX_TCP_PRESENT, LINUX_TCP_ABSENT, NO_ERROR);
    expect(&ipv4, ANSWER_CLOSED_BY_WINE);
}

static void without_a_helper_a_wine_that_says_no_has_not_closed_whatever_happened(void **state)
{
    (void)state;
    given_no_helper(LINUX_TCP_PRESENT, LINUX_TCP_ABSENT, ERROR_ACCESS_DENIED);
    expect(&ipv4, ANSWER_NO_HELPER);
}

static void without_a_helper_and_linuxs_list_nothing_is_claimed(void **state)
{
    (void)state;
    given_no_helper(LINUX_TCP_UNKNOWN, LINUX_TCP_UNKNOWN, NO_ERROR);
    expect(&ipv4, ANSWER_NO_HELPER);
    assert_int_equal(fake_system_tcp.closes, 0);
    given_no_helper(LINUX_TCP_PRESENT, LINUX_TCP_UNKNOWN, NO_ERROR);
    expect(&ipv4, ANSWER_NO_HELPER);
}

static void without_a_helper_no_wine_is_asked_about_ipv6(void **state)
{
    (void)state;
    given_no_helper(LINUX_TCP_PRESENT, LINUX_TCP_PRESENT, NO_ERROR);
    expect(&ipv6, ANSWER_NO_HELPER);
    given_no_helper(LINUX_TCP_UNKNOWN, LINUX_TCP_UNKNOWN, NO_ERROR);
    expect(&ipv6, ANSWER_NO_HELPER);
    assert_int_equal(fake_system_tcp.closes, 0);
}

static void the_helper_is_asked_for_just_that_connection(void **state)
{
    (void)state;
    helper.answer = answer_of(ANSWER_CLOSED);
    expect(&ipv4, ANSWER_CLOSED);
    assert_memory_equal(&helper.asked, &ipv4, sizeof(ipv4));
    expect(&ipv6, ANSWER_CLOSED);
    assert_memory_equal(&helper.asked, &ipv6, sizeof(ipv6));
}

static void the_session_is_told_what_it_has_begun(void **state)
{
    (void)state;
    helper.answer = answer_of(ANSWER_CLOSED);
    backend_host_close(&ipv4, 3);
    assert_int_equal(helper.begun, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_of_the_helper_or_of_its_failures_comes_back_unchanged),
        cmocka_unit_test(without_a_helper_what_linux_does_not_list_is_not_found),
        cmocka_unit_test(without_a_helper_a_stub_that_claims_success_is_not_believed),
        cmocka_unit_test(without_a_helper_a_wine_that_really_closes_is_believed),
        cmocka_unit_test(without_a_helper_a_wine_that_says_no_has_not_closed_whatever_happened),
        cmocka_unit_test(without_a_helper_and_linuxs_list_nothing_is_claimed),
        cmocka_unit_test(without_a_helper_no_wine_is_asked_about_ipv6),
        cmocka_unit_test(the_helper_is_asked_for_just_that_connection),
        cmocka_unit_test(the_session_is_told_what_it_has_begun),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
