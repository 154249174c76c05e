/* SPDX-License-Identifier: MIT */
/* The lines of SETTCPENTRY_TRACE. */
#include "trace.h"

#include "os.h"
#include "testing.h"

#include <string.h>

static char line[1024]; /* what was written last */
static DWORD append_error;

bool os_environment(const WCHAR *name, WCHAR *value_out, DWORD chars)
{
    static const WCHAR wanted[] = L"SETTCPENTRY_TRACE";

    assert_memory_equal(name, wanted, sizeof(wanted));
    assert_true(chars > 1);
    value_out[0] = 'f';
    value_out[1] = 0;
    return true;
}

DWORD os_append(const WCHAR *path, const void *bytes, DWORD length)
{
    assert_int_equal(path[0], 'f');
    assert_true(length < sizeof(line));
    memcpy(line, bytes, length);
    line[length] = 0;
    return append_error;
}

DWORD os_milliseconds(void)
{
    return 4294967295U;
}

static const MIB_TCPROW row = {
    .dwState = MIB_TCP_STATE_DELETE_TCB,
    .dwLocalAddr = 0x0100007F,
    .dwLocalPort = 0xDEAD901F,
    .dwRemoteAddr = 0xFFFEA8C0,
    .dwRemotePort = 0xFFFF,
};

static void a_line_names_both_ends_in_the_order_of_the_row(void **state)
{
    (void)state;
    trace_ipv4(&row, outcome_plain(NO_ERROR, "gone"));
    assert_string_equal(line,
                        "4294967295 SetTcpEntry 127.0.0.1:8080 192.168.254.255:65535 state 12: "
                        "0: gone\r\n");
}

static void a_failure_has_both_answers_and_the_reason(void **state)
{
    (void)state;
    trace_ipv4(&row, (struct outcome){317, 1168, "no such connection"});
    assert_non_null(strstr(line, ": 317, LastError 1168: no such connection\r\n"));
}

static void a_row_that_is_null_is_named_so(void **state)
{
    (void)state;
    trace_ipv4(NULL, outcome_plain(87, "there is no row"));
    assert_string_equal(line, "4294967295 SetTcpEntry NULL: 87, LastError 87: there is no row\r\n");
    trace_ipv6(NULL, outcome_plain(87, "there is no row"));
    assert_string_equal(line,
                        "4294967295 SetTcp6Entry NULL: 87, LastError 87: there is no row\r\n");
}

static void ipv6_is_written_in_full_with_scope_ids(void **state)
{
    MIB_TCP6ROW row6 = {.dwLocalScopeId = 2, .dwLocalPort = 0x901F, .dwRemotePort = 0x0100};

    (void)state;
    row6.State = MIB_TCP_STATE_DELETE_TCB;
    row6.LocalAddr.u.Byte[0] = 0xFE;
    row6.LocalAddr.u.Byte[1] = 0x80;
    row6.LocalAddr.u.Byte[15] = 0x1F;
    row6.RemoteAddr.u.Byte[15] = 1;
    trace_ipv6(&row6, outcome_plain(NO_ERROR, "gone"));
    assert_string_equal(line, "4294967295 SetTcp6Entry [fe80:0:0:0:0:0:0:1f%2]:8080 "
                              "[0:0:0:0:0:0:0:1%0]:1 state 12: 0: gone\r\n");
}

static void the_longest_line_fits_and_a_longer_one_is_cut(void **state)
{
    MIB_TCP6ROW row6;
    char reason[1000];

    (void)state;
    memset(&row6, 0xFF, sizeof(row6));
    memset(reason, 'x', sizeof(reason));
    reason[80] = 0;
    trace_ipv6(&row6, (struct outcome){~0U, ~0U, reason});
    assert_non_null(strstr(line, "x\r\n"));
    reason[80] = 'x';
    reason[sizeof(reason) - 1] = 0;
    trace_ipv6(&row6, (struct outcome){~0U, ~0U, reason});
    assert_true(strlen(line) < 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_names_both_ends_in_the_order_of_the_row),
        cmocka_unit_test(a_failure_has_both_answers_and_the_reason),
        cmocka_unit_test(a_row_that_is_null_is_named_so),
        cmocka_unit_test(ipv6_is_written_in_full_with_scope_ids),
        cmocka_unit_test(the_longest_line_fits_and_a_longer_one_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
