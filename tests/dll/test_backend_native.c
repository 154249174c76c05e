/* SPDX-License-Identifier: MIT */
/* Windows: what becomes of the system's own answer. */
#include "backend.h"

#include "fake_system_tcp.h"
#include "nsi.h"
#include "testing.h"

static const struct connection ipv4 = {.family = CONNECTION_IPV4};
static const struct connection ipv6 = {.family = CONNECTION_IPV6};

static DWORD nsi_code;

DWORD nsi_close_ipv6(const struct connection *connection)
{
    (void)connection;
    return nsi_code;
}

static void expect_of(const struct connection *connection, enum answer_kind kind, DWORD detail)
{
    const struct answer answer = backend_native_close(connection);

    assert_int_equal(answer.kind, kind);
    assert_int_equal(answer.detail, detail);
}

static void given_system(DWORD code, bool lacks_ipv4)
{
    fake_system_tcp = (struct fake_system_tcp){.code = code, .lacks_ipv4 = lacks_ipv4};
}

static void the_systems_success_is_success(void **state)
{
    (void)state;
    given_system(NO_ERROR, false);
    expect_of(&ipv4, ANSWER_CLOSED, 0);
    assert_int_equal(fake_system_tcp.closes, 1);
    nsi_code = NO_ERROR;
    expect_of(&ipv6, ANSWER_CLOSED, 0);
}

static void the_systems_other_codes_come_back_unchanged(void **state)
{
    static const DWORD codes[] = {ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER, ERROR_NOT_SUPPORTED,
                                  ERROR_NETWORK_ACCESS_DENIED, 0xDEADBEEF};

    (void)state;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        given_system(codes[i], false);
        expect_of(&ipv4, ANSWER_SYSTEMS_OWN, codes[i]);
        nsi_code = codes[i];
        expect_of(&ipv6, ANSWER_SYSTEMS_OWN, codes[i]);
    }
    given_system(ERROR_PROC_NOT_FOUND, false);
    expect_of(&ipv4, ANSWER_SYSTEMS_OWN, ERROR_PROC_NOT_FOUND);
}

static void the_systems_317_means_no_such_connection(void **state)
{
    (void)state;
    given_system(ERROR_MR_MID_NOT_FOUND, false);
    expect_of(&ipv4, ANSWER_NOT_FOUND, 0);
}

static void the_systems_317_means_no_ipv4_where_there_is_none(void **state)
{
    (void)state;
    given_system(ERROR_MR_MID_NOT_FOUND, true);
    expect_of(&ipv4, ANSWER_NO_IPV4, 0);
}

static void nsis_1168_means_no_such_connection(void **state)
{
    (void)state;
    nsi_code = ERROR_NOT_FOUND;
    expect_of(&ipv6, ANSWER_NOT_FOUND, 0);
}

static void without_nsi_there_is_no_way_for_ipv6(void **state)
{
    (void)state;
    nsi_code = ERROR_MOD_NOT_FOUND;
    expect_of(&ipv6, ANSWER_NO_IPV6, 0);
    nsi_code = ERROR_PROC_NOT_FOUND;
    expect_of(&ipv6, ANSWER_NO_IPV6, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_systems_success_is_success),
        cmocka_unit_test(the_systems_other_codes_come_back_unchanged),
        cmocka_unit_test(the_systems_317_means_no_such_connection),
        cmocka_unit_test(the_systems_317_means_no_ipv4_where_there_is_none),
        cmocka_unit_test(nsis_1168_means_no_such_connection),
        cmocka_unit_test(without_nsi_there_is_no_way_for_ipv6),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
