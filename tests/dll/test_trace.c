/* SPDX-License-Identifier: MIT */
/* The lines of SETTCPENTRY_TRACE. */
#include "trace.h"

#include "os.h"
#include "testing.h"

#include <string.h>

enum
{
    DELETE_TCB = 12,
};

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

static const struct call call = {
    .function = "SetTcpEntry",
    .has_row = true,
    .tcp_state = DELETE_TCB,
    .connection =
        {
            .local = {.address = {127, 0, 0, 1}, .port = 0x901F},
            .remote = {.address = {192, 168, 254, 255}, .port = 0xFFFF},
            .family = CONNECTION_IPV4,
        },
};

static void a_line_names_both_ends_in_the_order_of_the_row(void **state)
{
    (void)state;
    trace_call(&call, answer_of(ANSWER_CLOSED));
    assert_string_equal(line,
                        "4294967295 SetTcpEntry 127.0.0.1:8080 192.168.254.255:65535 state 12: "
                        "0: the connection is gone\r\n");
}

static void a_failure_has_both_codes_the_reason_and_what_helps(void **state)
{
    (void)state;
    trace_call(&call, answer_of(ANSWER_OTHER_NETWORK));
    assert_non_null(strstr(line, ": 1231, LastError 1231: settcpentry-host is in another network "
                                 "namespace than this program; run settcpentry-host --serve FOLDER "
                                 "in the same one, and set SETTCPENTRY_DIR to that\r\n"));
}

static void the_code_is_the_functions_own(void **state)
{
    struct call ipv6 = call;

    (void)state;
    ipv6.connection.family = CONNECTION_IPV6;
    trace_call(&call, answer_of(ANSWER_NOT_FOUND));
    assert_non_null(strstr(line, ": 317, LastError 1168: "));
    trace_call(&ipv6, answer_of(ANSWER_NOT_FOUND));
    assert_non_null(strstr(line, ": 1168, LastError 1168: "));
}

static void a_failed_system_call_shows_its_errno(void **state)
{
    (void)state;
    trace_call(&call, (struct answer){ANSWER_SYSTEM_CALL_FAILED, 105});
    assert_non_null(strstr(line, "a system call of settcpentry-host's failed (105); "));
}

static void a_row_that_is_null_is_named_so(void **state)
{
    const struct call without_row = {.function = "SetTcp6Entry"};

    (void)state;
    trace_call(&without_row, answer_of(ANSWER_NO_ROW));
    assert_string_equal(line,
                        "4294967295 SetTcp6Entry NULL: 87, LastError 87: the row is NULL\r\n");
}

static void ipv6_is_written_in_full_with_scope_ids(void **state)
{
    const struct call ipv6 = {
        .function = "SetTcp6Entry",
        .has_row = true,
        .tcp_state = DELETE_TCB,
        .connection =
            {
                .local = {.address = {0xFE, 0x80, [15] = 0x1F}, .scope_id = 2, .port = 0x901F},
                .remote = {.address = {[15] = 1}, .port = 0x0100},
                .family = CONNECTION_IPV6,
            },
    };

    (void)state;
    trace_call(&ipv6, answer_of(ANSWER_CLOSED));
    assert_string_equal(line, "4294967295 SetTcp6Entry [fe80:0:0:0:0:0:0:1f%2]:8080 "
                              "[0:0:0:0:0:0:0:1%0]:1 state 12: 0: the connection is gone\r\n");
}

static void every_answer_fits_into_a_line_however_long_the_row(void **state)
{
    struct call longest = {.function = "SetTcp6Entry", .has_row = true, .tcp_state = ~0U};

    (void)state;
    memset(&longest.connection, 0xFF, sizeof(longest.connection));
    for (int kind = ANSWER_NONE + 1; kind < ANSWERS; kind++) {
        trace_call(&longest, (struct answer){(enum answer_kind)kind, ~0U});
        assert_non_null(strstr(line, answer_rows[kind].reason));
        assert_non_null(strstr(line, answer_rows[kind].remedy));
        assert_string_equal(line + strlen(line) - 2, "\r\n");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_names_both_ends_in_the_order_of_the_row),
        cmocka_unit_test(a_failure_has_both_codes_the_reason_and_what_helps),
        cmocka_unit_test(the_code_is_the_functions_own),
        cmocka_unit_test(a_failed_system_call_shows_its_errno),
        cmocka_unit_test(a_row_that_is_null_is_named_so),
        cmocka_unit_test(ipv6_is_written_in_full_with_scope_ids),
        cmocka_unit_test(every_answer_fits_into_a_line_however_long_the_row),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
