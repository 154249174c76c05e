/* SPDX-License-Identifier: MIT */
/*
 * Many calls, from many threads.
 *   test_many_calls DLL FAULTY_HELPER         runs the tests; the faulty helper by its Linux path
 *   test_many_calls DLL COUNT GO     for test_leaks: makes some calls to begin with, says "ready",
 *                                    waits for the file GO and removes it, makes COUNT calls of every
 *                                    kind, says "done", and waits again
 */
#include "settcpentry.h"

#include "answer.h"
#include "connection.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
    THREADS = 8,
    CALLS = 10000,
    LATE_AT_MOST = 10, /* of them all, where calls are emulated */
    WARM_UP = 1000,
};

static const char *dll_path;
static const char *faulty_helper;
static HMODULE dll;
static SETTCPENTRY_FUNC set_tcp_entry;
static SETTCP6ENTRY_FUNC set_tcp6_entry;

static int load(void **state)
{
    (void)state;
    dll = LoadLibraryA(dll_path);
    assert_non_null(dll);
    set_tcp_entry = (SETTCPENTRY_FUNC)(void *)GetProcAddress(dll, "SetTcpEntry");
    set_tcp6_entry = (SETTCP6ENTRY_FUNC)(void *)GetProcAddress(dll, "SetTcp6Entry");
    return 0;
}

static int unload(void **state)
{
    (void)state;
    assert_true(FreeLibrary(dll));
    return 0;
}

/* ---- threads ---- */

static LONG late;

/* No answer at all, after as long as a call may take: one that others were always quicker than. */
static BOOL is_late(DWORD code)
{
    if (code != ERROR_TIMEOUT || GetLastError() != ERROR_TIMEOUT) {
        return FALSE;
    }
    InterlockedIncrement(&late);
    return TRUE;
}

/* The faulty helper chooses its answer by the port. */
static BOOL is_answered_rightly(WORD port, BOOL ipv6)
{
    const struct answer answer = answer_of((enum answer_kind)(1 + port % ANSWER_LAST_OF_HELPER));
    MIB_TCPROW row = {.dwState = MIB_TCP_STATE_DELETE_TCB, .dwRemotePort = port};
    MIB_TCP6ROW row6 = {.dwRemotePort = port};
    DWORD code;

    row6.State = MIB_TCP_STATE_DELETE_TCB;
    SetLastError(NO_ERROR);
    code = ipv6 ? set_tcp6_entry(&row6) : set_tcp_entry(&row);
    return is_late(code) ||
           (code == answer_code(answer, ipv6 ? CONNECTION_IPV6 : CONNECTION_IPV4) &&
            GetLastError() == answer_last_error(answer));
}

static DWORD WINAPI call_often(void *thread)
{
    DWORD wrong = 0;
    DWORD random = (DWORD)(ULONG_PTR)thread;

    for (int i = 0; i < CALLS; i++) {
        random = random * 1664525 + 1013904223;
        wrong += !is_answered_rightly((WORD)(random >> 16), (random & 0x8000) != 0);
    }
    return wrong;
}

static void every_answer_belongs_to_its_request(void **state)
{
    HANDLE threads[THREADS];

    (void)state;
    SetEnvironmentVariableA("SETTCPENTRY_HOST", faulty_helper);
    SetEnvironmentVariableA("FAULTY_HELPER", "by_port");
    for (ULONG_PTR i = 0; i < THREADS; i++) {
        threads[i] = CreateThread(NULL, 0, call_often, (void *)(i + 1), 0, NULL);
        assert_non_null(threads[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        DWORD wrong = ~0U;

        WaitForSingleObject(threads[i], INFINITE);
        GetExitCodeThread(threads[i], &wrong);
        assert_int_equal(wrong, 0);
        CloseHandle(threads[i]);
    }
    assert_in_range(late, 0, getenv("SETTCPENTRY_EMULATED") ? LATE_AT_MOST : 0);
}

/* ---- trace ---- */

static void a_trace_has_a_line_for_each_call(void **state)
{
    static const char wanted[] = " SetTcpEntry NULL: 87, LastError 87: the row is NULL\r\n";
    char folder[MAX_PATH];
    char path[MAX_PATH + 32];
    char text[1024];
    const char *second;
    FILE *file;

    GetTempPathA(sizeof(folder), folder);
    snprintf(path, sizeof(path), "%ssettcpentry-trace.txt", folder);
    DeleteFileA(path);
    SetEnvironmentVariableA("SETTCPENTRY_TRACE", path);
    load(state);
    SetLastError(NO_ERROR);
    assert_int_equal(set_tcp_entry(NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(set_tcp_entry(NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
    unload(state);
    SetEnvironmentVariableA("SETTCPENTRY_TRACE", NULL);
    file = fopen(path, "rb");
    assert_non_null(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = 0;
    fclose(file);
    DeleteFileA(path);
    second = strstr(text, wanted);
    assert_non_null(second);
    assert_non_null(strstr(second + strlen(wanted), wanted));
}

static void a_trace_that_cannot_be_written_changes_no_answer(void **state)
{
    SetEnvironmentVariableA("SETTCPENTRY_TRACE", "Z:\\nonexistent\\folder\\trace.txt");
    load(state);
    assert_int_equal(set_tcp_entry(NULL), ERROR_INVALID_PARAMETER);
    assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
    unload(state);
    SetEnvironmentVariableA("SETTCPENTRY_TRACE", NULL);
}

/* ---- leaks ---- */

static void call_as_nobody(MIB_TCPROW *row)
{
    ImpersonateAnonymousToken(GetCurrentThread());
    set_tcp_entry(row);
    RevertToSelf();
}

static void call_every_kind(long count)
{
    MIB_TCPROW vain = {.dwState = MIB_TCP_STATE_DELETE_TCB, .dwRemotePort = 1};
    MIB_TCP6ROW vain6 = {.dwRemotePort = 1};
    MIB_TCPROW established = {.dwState = MIB_TCP_STATE_ESTAB};

    vain6.State = MIB_TCP_STATE_DELETE_TCB;
    for (long i = 0; i < count; i++) {
        set_tcp_entry(NULL);
        set_tcp_entry(&established);
        set_tcp_entry(&vain);
        set_tcp6_entry(NULL);
        set_tcp6_entry(&vain6);
        call_as_nobody(&vain);
    }
}

/* Programs under Wine cannot be given a pipe that ends with its writer. */
static void say_and_wait_for_file(const char *say, const char *path)
{
    puts(say);
    fflush(stdout);
    while (GetFileAttributesA(path) == INVALID_FILE_ATTRIBUTES) {
        Sleep(10);
    }
    DeleteFileA(path);
}

static int make_calls(long count, const char *go_path)
{
    load(NULL);
    call_every_kind(WARM_UP);
    say_and_wait_for_file("ready", go_path);
    call_every_kind(count);
    say_and_wait_for_file("done", go_path);
    unload(NULL);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_answer_belongs_to_its_request, load, unload),
        cmocka_unit_test(a_trace_has_a_line_for_each_call),
        cmocka_unit_test(a_trace_that_cannot_be_written_changes_no_answer),
    };

    if (argc != 3 && argc != 4) {
        fprintf(stderr, "usage: test_many_calls DLL FAULTY_HELPER\n");
        return 2;
    }
    dll_path = argv[1];
    faulty_helper = argv[2];
    return argc == 4 ? make_calls(strtol(argv[2], NULL, 10), argv[3])
                     : cmocka_run_group_tests(tests, NULL, NULL);
}
