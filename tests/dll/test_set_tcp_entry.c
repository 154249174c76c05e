/* SPDX-License-Identifier: MIT */
/* The exported functions, over a fake system and a fake backend: codes, LastError, precedence.  The
 * same tests for SetTcpEntry and SetTcp6Entry. */
#include "settcpentry.h"

#include "fake_backend.h"
#include "fake_os.h"
#include "mib_row.h"
#include "testing.h"
#include "trace.h"

#include <string.h>

enum
{
    EARLIER_ERROR = 4711, /* what the thread's last error was before the call */
};

static const struct fake_token not_elevated = {.membership = OS_MEMBER_ENABLED};
static const struct fake_token no_administrator = {.membership = OS_MEMBER_ABSENT};

static DWORD set_ipv4(DWORD tcp_state)
{
    MIB_TCPROW row = {.dwState = tcp_state, .dwLocalPort = 0x901F, .dwRemotePort = 0x50C3};

    return SetTcpEntry(&row);
}

static DWORD set_ipv4_null(void)
{
    return SetTcpEntry(NULL);
}

static DWORD set_ipv6(DWORD tcp_state)
{
    MIB_TCP6ROW row = {.dwLocalPort = 0x901F, .dwRemotePort = 0x50C3};

    memcpy(&row.State, &tcp_state, sizeof(tcp_state)); /* an enum need not hold any number */
    return SetTcp6Entry(&row);
}

static DWORD set_ipv6_null(void)
{
    return SetTcp6Entry(NULL);
}

static struct answer traced; /* of the last call */

void trace_call(const struct call *call, struct answer answer)
{
    assert_int_equal(call->has_row, answer.kind != ANSWER_NO_ROW);
    traced = answer;
}

/* The function that is tested. */
static DWORD (*set)(DWORD tcp_state);
static DWORD (*set_null)(void);

static int use_ipv4(void **state)
{
    (void)state;
    set = set_ipv4;
    set_null = set_ipv4_null;
    return 0;
}

static int use_ipv6(void **state)
{
    (void)state;
    set = set_ipv6;
    set_null = set_ipv6_null;
    return 0;
}

static void given(struct fake_token token, enum answer_kind kind, DWORD detail)
{
    fake_os_impersonate(token);
    fake_os.last_error = EARLIER_ERROR;
    fake_backend = (struct fake_backend){.answer = {kind, detail}};
}

static void given_allowed(enum answer_kind kind, DWORD detail)
{
    given(fake_administrator, kind, detail);
}

static void expect(DWORD code, DWORD expected_code, DWORD expected_last_error)
{
    assert_int_equal(code, expected_code);
    assert_int_equal(fake_os.last_error, expected_last_error);
    assert_int_equal(fake_os.tokens_open, 0);
}

static DWORD delete_a_row(void)
{
    return set(MIB_TCP_STATE_DELETE_TCB);
}

static void expect_refused_state(DWORD state)
{
    given_allowed(ANSWER_CLOSED, 0);
    expect(set(state), ERROR_INVALID_PARAMETER, ERROR_INVALID_PARAMETER);
    assert_int_equal(fake_os.tokens_opened, 0);
    assert_int_equal(fake_backend.calls, 0);
}

static void success_is_0_and_leaves_last_error_alone(void **state)
{
    (void)state;
    given_allowed(ANSWER_CLOSED, 0);
    expect(delete_a_row(), NO_ERROR, EARLIER_ERROR);
    assert_int_equal(fake_backend.calls, 1);
}

static void a_null_row_is_87_and_nothing_is_touched(void **state)
{
    (void)state;
    given_allowed(ANSWER_CLOSED, 0);
    expect(set_null(), ERROR_INVALID_PARAMETER, ERROR_INVALID_PARAMETER);
    assert_int_equal(fake_os.tokens_opened, 0);
    assert_int_equal(fake_backend.calls, 0);
}

static void every_documented_state_but_12_is_87_and_nothing_is_touched(void **state)
{
    (void)state;
    for (DWORD tcp_state = 0; tcp_state <= 13; tcp_state++) {
        if (tcp_state != MIB_TCP_STATE_DELETE_TCB) {
            expect_refused_state(tcp_state);
        }
    }
    expect_refused_state(0xFFFFFFFF);
}

static void random_states_are_87_and_nothing_is_touched(void **state)
{
    DWORD random = 2463534242u; /* xorshift32 */

    (void)state;
    for (int i = 0; i < 100000; i++) {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        if (random != MIB_TCP_STATE_DELETE_TCB) {
            expect_refused_state(random);
        }
    }
}

static void no_administrator_is_5(void **state)
{
    (void)state;
    given(no_administrator, ANSWER_CLOSED, 0);
    expect(delete_a_row(), ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED);
}

static void not_elevated_is_317_and_last_error_740(void **state)
{
    (void)state;
    given(not_elevated, ANSWER_CLOSED, 0);
    expect(delete_a_row(), ERROR_MR_MID_NOT_FOUND, ERROR_ELEVATION_REQUIRED);
}

static void no_such_connection_is_317_or_1168_for_ipv6_and_last_error_1168(void **state)
{
    (void)state;
    given_allowed(ANSWER_NOT_FOUND, 0);
    expect(delete_a_row(), set == set_ipv4 ? ERROR_MR_MID_NOT_FOUND : ERROR_NOT_FOUND,
           ERROR_NOT_FOUND);
}

static void a_missing_capability_is_5_and_last_error_1314(void **state)
{
    (void)state;
    given_allowed(ANSWER_NO_CAPABILITY, 0);
    expect(delete_a_row(), ERROR_ACCESS_DENIED, ERROR_PRIVILEGE_NOT_HELD);
}

static void what_cannot_be_closed_here_is_50(void **state)
{
    static const enum answer_kind kinds[] = {ANSWER_KERNEL_CANNOT, ANSWER_MULTIPATH,
                                             ANSWER_NO_HELPER, ANSWER_NO_IPV4, ANSWER_NO_IPV6};

    (void)state;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        given_allowed(kinds[i], 0);
        expect(delete_a_row(), ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED);
    }
}

static void the_systems_own_code_passes_through_unchanged(void **state)
{
    static const DWORD codes[] = {ERROR_NETWORK_ACCESS_DENIED, ERROR_TIMEOUT, ERROR_BROKEN_PIPE, 1,
                                  0xC0000022};

    (void)state;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        given_allowed(ANSWER_SYSTEMS_OWN, codes[i]);
        expect(delete_a_row(), codes[i], codes[i]);
        given_allowed(ANSWER_HELPER_UNREACHABLE, codes[i]);
        expect(delete_a_row(), codes[i], codes[i]);
    }
}

/* That would be a fault of ours; but not one that anybody takes for success. */
static void no_answer_at_all_is_not_0(void **state)
{
    (void)state;
    given_allowed(ANSWER_NONE, 0);
    expect(delete_a_row(), ERROR_INTERNAL_ERROR, ERROR_INTERNAL_ERROR);
}

/* Which of the two it is, only the trace tells. */
static void what_is_wrong_with_a_row_is_traced(void **state)
{
    (void)state;
    given_allowed(ANSWER_CLOSED, 0);
    set_null();
    assert_int_equal(traced.kind, ANSWER_NO_ROW);
    set(MIB_TCP_STATE_ESTAB);
    assert_int_equal(traced.kind, ANSWER_WRONG_STATE);
    delete_a_row();
    assert_int_equal(traced.kind, ANSWER_CLOSED);
}

static void a_bad_state_is_said_before_missing_rights(void **state)
{
    (void)state;
    given(no_administrator, ANSWER_CLOSED, 0);
    expect(set(MIB_TCP_STATE_ESTAB), ERROR_INVALID_PARAMETER, ERROR_INVALID_PARAMETER);
    expect(set_null(), ERROR_INVALID_PARAMETER, ERROR_INVALID_PARAMETER);
}

static void missing_rights_are_said_before_the_backend_is_asked(void **state)
{
    (void)state;
    given(no_administrator, ANSWER_NO_HELPER, 0);
    expect(delete_a_row(), ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED);
    given(not_elevated, ANSWER_NO_HELPER, 0);
    expect(delete_a_row(), ERROR_MR_MID_NOT_FOUND, ERROR_ELEVATION_REQUIRED);
    assert_int_equal(fake_backend.calls, 0);
}

static void the_backend_gets_the_connection_of_an_unaligned_row(void **state)
{
    const MIB_TCPROW row = {
        .dwState = MIB_TCP_STATE_DELETE_TCB,
        .dwLocalAddr = 0x01020304,
        .dwLocalPort = 0xDEAD901F,
        .dwRemoteAddr = 0x05060708,
        .dwRemotePort = 0xBEEF50C3,
    };
    static const struct connection connection = {
        .local = {.address = {4, 3, 2, 1}, .port = 0x901F},
        .remote = {.address = {8, 7, 6, 5}, .port = 0x50C3},
        .family = CONNECTION_IPV4,
    };
    unsigned char bytes[sizeof(row) + 1];

    (void)state;
    given_allowed(ANSWER_CLOSED, 0);
    memcpy(bytes + 1, &row, sizeof(row));
    expect(SetTcpEntry((PMIB_TCPROW)(void *)(bytes + 1)), NO_ERROR, EARLIER_ERROR);
    assert_memory_equal(&fake_backend.connection, &connection, sizeof(connection));
}

static void the_backend_gets_the_connection_of_an_unaligned_ipv6_row(void **state)
{
    static const struct connection connection = {
        .local = {.address = {0xFE, 0x80, [15] = 1}, .scope_id = 7, .port = 0x901F},
        .remote = {.address = {0xFE, 0x80, [15] = 2}, .scope_id = 9, .port = 0x50C3},
        .family = CONNECTION_IPV6,
    };
    MIB_TCP6ROW row = row6_of_connection(&connection);
    unsigned char bytes[sizeof(row) + 1];

    (void)state;
    assert_int_equal(sizeof(row), 52);
    given_allowed(ANSWER_CLOSED, 0);
    row.dwLocalPort |= 0xDEAD0000;
    row.dwRemotePort |= 0xBEEF0000;
    memcpy(bytes + 1, &row, sizeof(row));
    expect(SetTcp6Entry((PMIB_TCP6ROW)(void *)(bytes + 1)), NO_ERROR, EARLIER_ERROR);
    assert_memory_equal(&fake_backend.connection, &connection, sizeof(connection));
}

static void rows_of_other_tables_are_converted_for_ipv6(void **state)
{
    MIB_TCP6ROW2 row2 = {
        .dwLocalScopeId = 1, .dwLocalPort = 2, .dwRemoteScopeId = 3, .dwRemotePort = 4};
    MIB_TCP6ROW_OWNER_PID row_pid = {
        .dwLocalScopeId = 1, .dwLocalPort = 2, .dwRemoteScopeId = 3, .dwRemotePort = 4};
    MIB_TCP6ROW expected = {
        .dwLocalScopeId = 1, .dwLocalPort = 2, .dwRemoteScopeId = 3, .dwRemotePort = 4};
    MIB_TCP6ROW converted;

    (void)state;
    expected.State = MIB_TCP_STATE_DELETE_TCB;
    for (unsigned char i = 0; i < 16; i++) {
        row2.LocalAddr.u.Byte[i] = row_pid.ucLocalAddr[i] = expected.LocalAddr.u.Byte[i] = i;
        row2.RemoteAddr.u.Byte[i] = row_pid.ucRemoteAddr[i] = expected.RemoteAddr.u.Byte[i] =
            (unsigned char)(i + 100);
    }
    converted = SetTcp6EntryRow2(&row2);
    assert_memory_equal(&converted, &expected, sizeof(expected));
    converted = SetTcp6EntryRowOwnerPid(&row_pid);
    assert_memory_equal(&converted, &expected, sizeof(expected));
}

static void
the_backend_begins_before_the_rights_are_looked_at_and_is_told_what_it_began(void **state)
{
    (void)state;
    given_allowed(ANSWER_CLOSED, 0);
    delete_a_row();
    assert_int_equal(fake_backend.begins,
                     1); /* which fake_backend.c looks at: no token was opened */
    assert_memory_equal(&fake_backend.begun, &fake_backend.connection, sizeof(fake_backend.begun));
    assert_int_equal(fake_backend.leaves, 0);
}

static void where_rights_are_missing_the_backend_is_left(void **state)
{
    (void)state;
    given(no_administrator, ANSWER_CLOSED, 0);
    delete_a_row();
    assert_int_equal(fake_backend.begins, 1);
    assert_int_equal(fake_backend.leaves, 1);
    assert_int_equal(fake_backend.calls, 0);
}

static void a_row_that_makes_no_sense_begins_nothing(void **state)
{
    (void)state;
    given_allowed(ANSWER_CLOSED, 0);
    set(MIB_TCP_STATE_ESTAB);
    set_null();
    assert_int_equal(fake_backend.begins, 0);
}

static void the_version_is_the_headers(void **state)
{
    (void)state;
    fake_os.last_error = EARLIER_ERROR;
    assert_int_equal(SetTcpEntryVersion(), SETTCPENTRY_VERSION);
    assert_int_equal(fake_os.last_error, EARLIER_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(success_is_0_and_leaves_last_error_alone),
        cmocka_unit_test(a_null_row_is_87_and_nothing_is_touched),
        cmocka_unit_test(every_documented_state_but_12_is_87_and_nothing_is_touched),
        cmocka_unit_test(random_states_are_87_and_nothing_is_touched),
        cmocka_unit_test(no_administrator_is_5),
        cmocka_unit_test(not_elevated_is_317_and_last_error_740),
        cmocka_unit_test(no_such_connection_is_317_or_1168_for_ipv6_and_last_error_1168),
        cmocka_unit_test(a_missing_capability_is_5_and_last_error_1314),
        cmocka_unit_test(what_cannot_be_closed_here_is_50),
        cmocka_unit_test(the_systems_own_code_passes_through_unchanged),
        cmocka_unit_test(no_answer_at_all_is_not_0),
        cmocka_unit_test(what_is_wrong_with_a_row_is_traced),
        cmocka_unit_test(a_bad_state_is_said_before_missing_rights),
        cmocka_unit_test(missing_rights_are_said_before_the_backend_is_asked),
        cmocka_unit_test(the_backend_gets_the_connection_of_an_unaligned_row),
        cmocka_unit_test(the_backend_gets_the_connection_of_an_unaligned_ipv6_row),
        cmocka_unit_test(rows_of_other_tables_are_converted_for_ipv6),
        cmocka_unit_test(
            the_backend_begins_before_the_rights_are_looked_at_and_is_told_what_it_began),
        cmocka_unit_test(where_rights_are_missing_the_backend_is_left),
        cmocka_unit_test(a_row_that_makes_no_sense_begins_nothing),
        cmocka_unit_test(the_version_is_the_headers),
    };

    return cmocka_run_group_tests_name("SetTcpEntry", tests, use_ipv4, NULL) +
           cmocka_run_group_tests_name("SetTcp6Entry", tests, use_ipv6, NULL);
}
