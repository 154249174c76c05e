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

static void expect(DWORD code, DWORD last_error)
{
    const struct outcome outcome = backend_native_close(&ipv4);

    assert_int_equal(outcome.code, code);
    assert_int_equal(outcome.last_error, last_error);
    assert_int_equal(fake_system_tcp.closes, 1);
}

static void the_systems_codes_come_back_unchanged(void **state)
{
    static const DWORD codes[] = {NO_ERROR,
                                  ERROR_ACCESS_DENIED,
                                  ERROR_INVALID_PARAMETER,
                                  ERROR_NOT_SUPPORTED,
                                  ERROR_NETWORK_ACCESS_DENIED,
                                  ERROR_PROC_NOT_FOUND,
                                  0xDEADBEEF};

    (void)state;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        fake_system_tcp = (struct fake_system_tcp){.code = codes[i]};
        expect(codes[i], codes[i]);
    }
}

static void the_systems_317_means_no_such_connection(void **state)
{
    (void)state;
    fake_system_tcp = (struct fake_system_tcp){.code = ERROR_MR_MID_NOT_FOUND};
    expect(ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND);
}

static void the_systems_317_means_50_where_there_is_no_ipv4(void **state)
{
    (void)state;
    fake_system_tcp = (struct fake_system_tcp){
        .code = ERROR_MR_MID_NOT_FOUND,
        .lacks_ipv4 = true,
    };
    expect(ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED);
}

static void nsis_codes_come_back_unchanged_for_ipv6(void **state)
{
    static const DWORD codes[] = {NO_ERROR, ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER,
                                  ERROR_NOT_FOUND, ERROR_NOT_SUPPORTED};

    (void)state;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        struct outcome outcome;

        nsi_code = codes[i];
        outcome = backend_native_close(&ipv6);
        assert_int_equal(outcome.code, codes[i]);
        assert_int_equal(outcome.last_error, codes[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_systems_codes_come_back_unchanged),
        cmocka_unit_test(the_systems_317_means_no_such_connection),
        cmocka_unit_test(the_systems_317_means_50_where_there_is_no_ipv4),
        cmocka_unit_test(nsis_codes_come_back_unchanged_for_ipv6),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
