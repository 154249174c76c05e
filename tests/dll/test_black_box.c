/* SPDX-License-Identifier: MIT */
/*
 * The DLL as it ships, through LoadLibrary: real tokens, rows in awkward places, real connections
 * of this program, a real helper.
 *   test_black_box DLL            runs the tests
 *   test_black_box DLL PROCESS    calls once, impersonating that process unless it is 0; exits with
 *                                 code << 16 | LastError
 */
#include "settcpentry.h"

#include "own_connection.h"
#include "testing.h"
#include "tokens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
    EARLIER_ERROR = 4711,
};

static const SIZE_T page_bytes = 4096;

static const char *dll_path;
static SETTCPENTRY_FUNC set_tcp_entry;
static SETTCP6ENTRY_FUNC set_tcp6_entry;

/* A well-formed row for which there is no connection. */
static MIB_TCPROW vain_row(void)
{
    return (MIB_TCPROW){
        .dwState = MIB_TCP_STATE_DELETE_TCB,
        .dwLocalAddr = 0x0100007F,
        .dwLocalPort = 0x0100,
        .dwRemoteAddr = 0x0100007F,
        .dwRemotePort = 0x0200,
    };
}

static MIB_TCP6ROW vain_row6(void)
{
    MIB_TCP6ROW row = {.dwLocalPort = 0x0100, .dwRemotePort = 0x0200};

    row.State = MIB_TCP_STATE_DELETE_TCB;
    row.LocalAddr.u.Byte[15] = row.RemoteAddr.u.Byte[15] = 1;
    return row;
}

static void expect(PMIB_TCPROW row, DWORD code, DWORD last_error)
{
    SetLastError(EARLIER_ERROR);
    assert_int_equal(set_tcp_entry(row), code);
    assert_int_equal(GetLastError(), last_error);
}

static void expect_closed(struct connection *connection, PMIB_TCPROW row)
{
    expect(row, NO_ERROR, EARLIER_ERROR);
    assert_false(connection_lives(connection));
    assert_true(connection_listens(connection));
    connection_close(connection);
}

/* ---- rows ---- */

static void a_row_at_the_end_of_a_page_closes_its_connection(void **state)
{
    BYTE *pages = VirtualAlloc(NULL, 2 * page_bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    PMIB_TCPROW row = (PMIB_TCPROW)(void *)(pages + page_bytes - sizeof(*row));
    struct connection connection;
    DWORD old;

    (void)state;
    assert_true(VirtualProtect(pages + page_bytes, page_bytes, PAGE_NOACCESS, &old));
    connection_open(&connection);
    *row = connection.row;
    expect_closed(&connection, row);
    VirtualFree(pages, 0, MEM_RELEASE);
}

static void an_unaligned_row_closes_its_connection(void **state)
{
    BYTE bytes[sizeof(MIB_TCPROW) + 3];
    struct connection connection;

    (void)state;
    connection_open(&connection);
    memcpy(bytes + 3, &connection.row, sizeof(connection.row));
    expect_closed(&connection, (PMIB_TCPROW)(void *)(bytes + 3));
}

static void a_read_only_row_closes_its_connection(void **state)
{
    PMIB_TCPROW row = VirtualAlloc(NULL, page_bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    struct connection connection;
    DWORD old;

    (void)state;
    connection_open(&connection);
    *row = connection.row;
    assert_true(VirtualProtect(row, page_bytes, PAGE_READONLY, &old));
    expect_closed(&connection, row);
    VirtualFree(row, 0, MEM_RELEASE);
}

static void garbage_in_the_upper_half_of_the_ports_does_not_matter(void **state)
{
    struct connection connection;

    (void)state;
    connection_open(&connection);
    connection.row.dwLocalPort |= 0xDEAD0000;
    connection.row.dwRemotePort |= 0xBEEF0000;
    expect_closed(&connection, &connection.row);
}

static void expect6(PMIB_TCP6ROW row, DWORD code)
{
    SetLastError(EARLIER_ERROR);
    assert_int_equal(set_tcp6_entry(row), code);
    assert_int_equal(GetLastError(), code);
}

static void an_ipv6_row_may_be_unaligned_read_only_and_at_the_end_of_a_page(void **state)
{
    BYTE *pages = VirtualAlloc(NULL, 2 * page_bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    const MIB_TCP6ROW vain = vain_row6();
    DWORD old;

    (void)state;
    memcpy(pages + page_bytes - sizeof(vain), &vain, sizeof(vain));
    memcpy(pages + 1, &vain, sizeof(vain));
    assert_true(VirtualProtect(pages, page_bytes, PAGE_READONLY, &old));
    assert_true(VirtualProtect(pages + page_bytes, page_bytes, PAGE_NOACCESS, &old));
    expect6((PMIB_TCP6ROW)(void *)(pages + page_bytes - sizeof(vain)), ERROR_NOT_FOUND);
    expect6((PMIB_TCP6ROW)(void *)(pages + 1), ERROR_NOT_FOUND);
    VirtualFree(pages, 0, MEM_RELEASE);
}

static void a_null_or_other_ipv6_row_is_87(void **state)
{
    MIB_TCP6ROW row = vain_row6();

    (void)state;
    row.State = MIB_TCP_STATE_ESTAB;
    expect6(NULL, ERROR_INVALID_PARAMETER);
    expect6(&row, ERROR_INVALID_PARAMETER);
}

static void a_null_row_is_87(void **state)
{
    (void)state;
    expect(NULL, ERROR_INVALID_PARAMETER, ERROR_INVALID_PARAMETER);
}

static void a_state_that_is_not_12_is_87_and_the_connection_lives(void **state)
{
    struct connection connection;

    (void)state;
    connection_open(&connection);
    connection.row.dwState = MIB_TCP_STATE_CLOSED;
    expect(&connection.row, ERROR_INVALID_PARAMETER, ERROR_INVALID_PARAMETER);
    assert_true(connection_lives(&connection));
    connection_close(&connection);
}

/* ---- connections ---- */

static void no_such_connection_is_317_and_1168(void **state)
{
    MIB_TCPROW row = vain_row();

    (void)state;
    expect(&row, ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND);
}

static void the_same_row_again_is_317(void **state)
{
    struct connection connection;

    (void)state;
    connection_open(&connection);
    expect(&connection.row, NO_ERROR, EARLIER_ERROR);
    expect(&connection.row, ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND);
    connection_close(&connection);
}

static void the_other_ends_row_afterwards_is_317(void **state)
{
    struct connection connection;
    MIB_TCPROW other;

    (void)state;
    connection_open(&connection);
    other = connection.row;
    other.dwLocalAddr = connection.row.dwRemoteAddr;
    other.dwLocalPort = connection.row.dwRemotePort;
    other.dwRemoteAddr = connection.row.dwLocalAddr;
    other.dwRemotePort = connection.row.dwLocalPort;
    expect(&connection.row, NO_ERROR, EARLIER_ERROR);
    expect(&other, ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND);
    assert_true(connection_listens(&connection));
    connection_close(&connection);
}

static void a_listeners_row_is_317_and_it_goes_on(void **state)
{
    struct connection connection;
    MIB_TCPROW row;

    (void)state;
    connection_open(&connection);
    row = connection.row;
    row.dwLocalPort = connection.row.dwRemotePort;
    row.dwRemoteAddr = 0;
    row.dwRemotePort = 0;
    expect(&row, ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND);
    assert_true(connection_listens(&connection));
    connection_close(&connection);
}

/* A recv that waits learns what happened to its end. */
static void this_end_sees_10053_and_the_other_10054(void **state)
{
    struct connection connection;
    WSAOVERLAPPED here = {.hEvent = WSACreateEvent()};
    WSAOVERLAPPED there = {.hEvent = WSACreateEvent()};
    char bytes[2];
    WSABUF buffers[] = {{1, &bytes[0]}, {1, &bytes[1]}};
    DWORD received;
    DWORD flags = 0;

    (void)state;
    connection_open(&connection);
    WSARecv(connection.client, &buffers[0], 1, NULL, &flags, &here, NULL);
    WSARecv(connection.server, &buffers[1], 1, NULL, &flags, &there, NULL);
    expect(&connection.row, NO_ERROR, EARLIER_ERROR);
    assert_int_equal(WSAWaitForMultipleEvents(1, &here.hEvent, TRUE, 5000, FALSE),
                     WSA_WAIT_EVENT_0);
    assert_int_equal(WSAWaitForMultipleEvents(1, &there.hEvent, TRUE, 5000, FALSE),
                     WSA_WAIT_EVENT_0);
    assert_false(WSAGetOverlappedResult(connection.client, &here, &received, FALSE, &flags));
    assert_int_equal(WSAGetLastError(), WSAECONNABORTED);
    assert_false(WSAGetOverlappedResult(connection.server, &there, &received, FALSE, &flags));
    assert_int_equal(WSAGetLastError(), WSAECONNRESET);
    connection_close(&connection);
    WSACloseEvent(here.hEvent);
    WSACloseEvent(there.hEvent);
}

/* ---- threads ---- */

enum
{
    THREADS = 8,
    ROUNDS = 25,
};

/* Each thread drops connections of its own, and asks for others in between: an answer that belongs to
 * somebody else's request is noticed.  Returns the number of wrong ones. */
static DWORD WINAPI drop_and_ask(void *connections)
{
    struct connection *own = connections;
    DWORD wrong = 0;

    for (int i = 0; i < ROUNDS; i++) {
        MIB_TCPROW vain = vain_row();

        wrong += set_tcp_entry(&own[i].row) != NO_ERROR;
        wrong += set_tcp_entry(&own[i].row) != ERROR_MR_MID_NOT_FOUND;
        wrong += set_tcp_entry(&vain) != ERROR_MR_MID_NOT_FOUND;
        vain.dwState = MIB_TCP_STATE_ESTAB;
        wrong += set_tcp_entry(&vain) != ERROR_INVALID_PARAMETER;
    }
    return wrong;
}

static void threads_that_call_at_once_get_their_own_answers(void **state)
{
    static struct connection connections[THREADS][ROUNDS];
    HANDLE threads[THREADS];

    (void)state;
    for (int i = 0; i < THREADS * ROUNDS; i++) {
        connection_open(&connections[i / ROUNDS][i % ROUNDS]);
    }
    for (int i = 0; i < THREADS; i++) {
        threads[i] = CreateThread(NULL, 0, drop_and_ask, connections[i], 0, NULL);
        assert_non_null(threads[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        DWORD wrong;

        assert_int_equal(WaitForSingleObject(threads[i], 60000), WAIT_OBJECT_0);
        assert_true(GetExitCodeThread(threads[i], &wrong));
        assert_int_equal(wrong, 0);
        CloseHandle(threads[i]);
    }
    for (int i = 0; i < THREADS * ROUNDS; i++) {
        assert_false(connection_lives(&connections[i / ROUNDS][i % ROUNDS]));
        connection_close(&connections[i / ROUNDS][i % ROUNDS]);
    }
}

/* ---- tokens ---- */

static void expect_impersonating(enum token_kind kind, DWORD code, DWORD last_error)
{
    MIB_TCPROW row = vain_row();
    MIB_TCP6ROW row6 = vain_row6();
    const HANDLE token = token_make(kind);
    DWORD codes[2];
    DWORD errors[2];

    assert_true(ImpersonateLoggedOnUser(token));
    codes[0] = set_tcp_entry(&row);
    errors[0] = GetLastError();
    codes[1] = set_tcp6_entry(&row6);
    errors[1] = GetLastError();
    assert_true(RevertToSelf());
    CloseHandle(token);
    assert_int_equal(codes[0], code);
    assert_int_equal(codes[1], last_error == ERROR_NOT_FOUND ? ERROR_NOT_FOUND : code);
    assert_int_equal(errors[0], last_error);
    assert_int_equal(errors[1], last_error);
}

static void a_thread_may_elevated_or_not(void **state)
{
    (void)state;
    expect_impersonating(TOKEN_ELEVATED, ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND);
    expect_impersonating(TOKEN_NOT_ELEVATED, ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND);
}

static void a_thread_without_administrators_is_5(void **state)
{
    (void)state;
    expect_impersonating(TOKEN_NO_ADMIN, ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED);
}

static void a_thread_filtered_as_by_uac_is_317_and_740(void **state)
{
    (void)state;
    expect_impersonating(TOKEN_UAC_FILTERED, ERROR_MR_MID_NOT_FOUND, ERROR_ELEVATION_REQUIRED);
}

static void a_thread_at_identification_level_is_judged_all_the_same(void **state)
{
    (void)state;
    expect_impersonating(TOKEN_IDENTIFICATION, ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND);
}

static void a_thread_that_impersonates_nobody_any_more_is_the_process_again(void **state)
{
    MIB_TCPROW row = vain_row();

    (void)state;
    expect(&row, ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND);
    expect_impersonating(TOKEN_NO_ADMIN, ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED);
    expect(&row, ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND);
}

/* Runs this program once more, as a process that has this token and that impersonates another. */
static DWORD call_in_process_of(enum token_kind kind, DWORD impersonated)
{
    char command_line[2 * MAX_PATH];
    char program[MAX_PATH];
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    const HANDLE token = token_make(kind);
    DWORD status;

    GetModuleFileNameA(NULL, program, sizeof(program));
    snprintf(command_line, sizeof(command_line), "\"%s\" \"%s\" %lu", program, dll_path,
             impersonated);
    assert_true(CreateProcessAsUserA(token, NULL, command_line, NULL, NULL, FALSE, 0, NULL, NULL,
                                     &startup, &process));
    CloseHandle(token);
    WaitForSingleObject(process.hProcess, INFINITE);
    assert_true(GetExitCodeProcess(process.hProcess, &status));
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    return status;
}

/* What the child exits with. */
static DWORD status_of(DWORD code, DWORD last_error)
{
    return code << 16 | last_error;
}

static void impersonate_process(DWORD id)
{
    const HANDLE process = OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, id);
    HANDLE token;

    if (!process || !OpenProcessToken(process, TOKEN_QUERY | TOKEN_DUPLICATE, &token) ||
        !ImpersonateLoggedOnUser(token)) {
        ExitProcess(GetLastError());
    }
}

static int call_once(DWORD impersonated)
{
    MIB_TCPROW row = vain_row();
    DWORD code;

    if (impersonated != 0) {
        impersonate_process(impersonated);
    }
    code = set_tcp_entry(&row);
    return (int)status_of(code, GetLastError());
}

static void processes_are_judged_by_their_token(void **state)
{
    static const struct
    {
        enum token_kind kind;
        DWORD code;
        DWORD last_error;
    } rows[] = {
        {TOKEN_AS_IT_IS, ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND},
        {TOKEN_ELEVATED, ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND},
        {TOKEN_NOT_ELEVATED, ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND},
        {TOKEN_NO_ADMIN, ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED},
        {TOKEN_UAC_FILTERED, ERROR_MR_MID_NOT_FOUND, ERROR_ELEVATION_REQUIRED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(call_in_process_of(rows[i].kind, 0),
                         status_of(rows[i].code, rows[i].last_error));
    }
}

static void a_thread_may_have_more_rights_than_its_process(void **state)
{
    (void)state;
    assert_int_equal(call_in_process_of(TOKEN_NO_ADMIN, GetCurrentProcessId()),
                     status_of(ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND));
}

/* ---- exports ---- */

static void the_version_is_the_headers(void **state)
{
    const HMODULE dll = GetModuleHandleA(dll_path);
    const SETTCPENTRYVERSION_FUNC version =
        (SETTCPENTRYVERSION_FUNC)(void *)GetProcAddress(dll, "SetTcpEntryVersion");

    (void)state;
    assert_non_null(version);
    assert_int_equal(version(), SETTCPENTRY_VERSION);
}

static void unloading_and_loading_again_works(void **state)
{
    MIB_TCPROW row = vain_row();
    HMODULE dll = GetModuleHandleA(dll_path);

    (void)state;
    expect(&row, ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND);
    assert_true(FreeLibrary(dll));
    assert_null(GetModuleHandleA(dll_path));
    dll = LoadLibraryA(dll_path);
    assert_non_null(dll);
    set_tcp_entry = (SETTCPENTRY_FUNC)(void *)GetProcAddress(dll, "SetTcpEntry");
    set_tcp6_entry = (SETTCP6ENTRY_FUNC)(void *)GetProcAddress(dll, "SetTcp6Entry");
    expect(&row, ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_null_row_is_87),
        cmocka_unit_test(a_state_that_is_not_12_is_87_and_the_connection_lives),
        cmocka_unit_test(a_row_at_the_end_of_a_page_closes_its_connection),
        cmocka_unit_test(an_unaligned_row_closes_its_connection),
        cmocka_unit_test(a_read_only_row_closes_its_connection),
        cmocka_unit_test(garbage_in_the_upper_half_of_the_ports_does_not_matter),
        cmocka_unit_test(an_ipv6_row_may_be_unaligned_read_only_and_at_the_end_of_a_page),
        cmocka_unit_test(a_null_or_other_ipv6_row_is_87),
        cmocka_unit_test(no_such_connection_is_317_and_1168),
        cmocka_unit_test(the_same_row_again_is_317),
        cmocka_unit_test(the_other_ends_row_afterwards_is_317),
        cmocka_unit_test(a_listeners_row_is_317_and_it_goes_on),
        cmocka_unit_test(this_end_sees_10053_and_the_other_10054),
        cmocka_unit_test(threads_that_call_at_once_get_their_own_answers),
        cmocka_unit_test(the_version_is_the_headers),
        cmocka_unit_test(unloading_and_loading_again_works),
    };
    const struct CMUnitTest token_tests[] = {
        cmocka_unit_test(a_thread_may_elevated_or_not),
        cmocka_unit_test(a_thread_without_administrators_is_5),
        cmocka_unit_test(a_thread_filtered_as_by_uac_is_317_and_740),
        cmocka_unit_test(a_thread_at_identification_level_is_judged_all_the_same),
        cmocka_unit_test(a_thread_that_impersonates_nobody_any_more_is_the_process_again),
        cmocka_unit_test(processes_are_judged_by_their_token),
        cmocka_unit_test(a_thread_may_have_more_rights_than_its_process),
    };
    HMODULE dll;
    int failed;

    if (argc < 2) {
        fprintf(stderr, "usage: test_black_box DLL\n");
        return 2;
    }
    dll_path = argv[1];
    dll = LoadLibraryA(dll_path);
    set_tcp_entry = dll ? (SETTCPENTRY_FUNC)(void *)GetProcAddress(dll, "SetTcpEntry") : NULL;
    set_tcp6_entry = dll ? (SETTCP6ENTRY_FUNC)(void *)GetProcAddress(dll, "SetTcp6Entry") : NULL;
    if (!set_tcp_entry || !set_tcp6_entry) {
        fprintf(stderr, "%s: error %lu\n", dll_path, GetLastError());
        return 2;
    }
    if (argc == 3) {
        return call_once(strtoul(argv[2], NULL, 10));
    }
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    if (GetProcAddress(GetModuleHandleA("ntdll.dll"), "wine_get_version")) {
        failed += cmocka_run_group_tests(token_tests, NULL, NULL);
    } else { /* which hands such tokens to its own services only */
        printf("skipped on Windows: tokens\n");
    }
    return failed;
}
