/* SPDX-License-Identifier: MIT */
/*
 * The DLL with a helper that is missing or does everything wrong: a Win32 code within the limit,
 * never 0 for what was not done, and nothing left behind.
 *   test_helper_faults DLL FAULTY_HELPER NOT_EXECUTABLE    the two helpers by their Linux paths
 */
#include "settcpentry.h"

#include "own_connection.h"
#include "testing.h"

#include <stdio.h>
#include <string.h>

enum
{
    EARLIER_ERROR = 4711,
    SLACK_MS = 2000, /* for a machine that is busy */
};

static const char *dll_path;
static const char *faulty_helper;
static const char *not_executable_path;
static char real_path[1024];

static struct
{
    HMODULE dll;
    SETTCPENTRY_FUNC set_tcp_entry;
    struct connection connection;
} fixture;

static int load(void **state)
{
    (void)state;
    fixture.dll = LoadLibraryA(dll_path);
    assert_non_null(fixture.dll);
    fixture.set_tcp_entry = (SETTCPENTRY_FUNC)(void *)GetProcAddress(fixture.dll, "SetTcpEntry");
    connection_open(&fixture.connection);
    return 0;
}

static BOOL has_left_something(const WCHAR *pattern)
{
    WIN32_FIND_DATAW found;
    const HANDLE search = FindFirstFileW(pattern, &found);

    if (search == INVALID_HANDLE_VALUE) {
        return FALSE;
    }
    FindClose(search);
    return TRUE;
}

/* The helper may need a moment to notice that it is not wanted any more. */
static BOOL nothing_is_left(void)
{
    for (int waited = 0; waited < SETTCPENTRY_LIMIT_MS + SLACK_MS; waited += 50) {
        if (!has_left_something(L"\\\\?\\unix\\dev\\shm\\settcpentry-*")) {
            return TRUE;
        }
        Sleep(50);
    }
    return FALSE;
}

static int unload(void **state)
{
    (void)state;
    connection_close(&fixture.connection);
    assert_true(FreeLibrary(fixture.dll));
    assert_true(nothing_is_left());
    return 0;
}

static DWORD call(void)
{
    const DWORD start = GetTickCount();
    DWORD code;

    SetLastError(EARLIER_ERROR);
    code = fixture.set_tcp_entry(&fixture.connection.row);
    assert_true(GetTickCount() - start < SETTCPENTRY_LIMIT_MS + SLACK_MS);
    return code;
}

static void use_helper(const char *path, const char *act)
{
    SetEnvironmentVariableA("SETTCPENTRY_HOST", path);
    SetEnvironmentVariableA("FAULTY_HELPER", act);
}

static void expect(DWORD code, DWORD last_error)
{
    assert_int_equal(call(), code);
    assert_int_equal(GetLastError(), last_error);
    assert_true(connection_lives(&fixture.connection));
}

static void expect_of_faulty(const char *act, DWORD code)
{
    use_helper(faulty_helper, act);
    expect(code, code);
}

/* ---- no helper ---- */

static void without_a_helper_a_live_connection_is_50_whatever_wine_claims(void **state)
{
    (void)state;
    use_helper("/nonexistent/settcpentry-host", "");
    expect(ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED);
}

static void without_a_helper_no_such_connection_is_317(void **state)
{
    (void)state;
    use_helper("/nonexistent/settcpentry-host", "");
    fixture.connection.row.dwRemoteAddr ^= 0x01000000;
    expect(ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND);
}

static void a_helpers_path_that_is_not_absolute_is_no_helper(void **state)
{
    (void)state;
    use_helper("settcpentry-host", "");
    expect(ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED);
}

static void a_helpers_path_that_is_too_long_is_no_helper(void **state)
{
    char path[2000];

    (void)state;
    memset(path, 'x', sizeof(path));
    path[0] = '/';
    path[sizeof(path) - 1] = 0;
    use_helper(path, "");
    expect(ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED);
}

static void a_helper_that_is_not_executable_is_193(void **state)
{
    (void)state;
    use_helper(not_executable_path, "");
    expect(ERROR_BAD_EXE_FORMAT, ERROR_BAD_EXE_FORMAT);
}

/* ---- a bad one ---- */

static void a_helpers_path_that_is_a_folder_is_193(void **state)
{
    (void)state;
    use_helper("/usr/bin", "");
    expect(ERROR_BAD_EXE_FORMAT, ERROR_BAD_EXE_FORMAT);
}

static void a_helper_that_exits_at_once_is_109_and_not_followed_by_another_soon(void **state)
{
    (void)state;
    expect_of_faulty("exits", ERROR_BROKEN_PIPE);
    use_helper(real_path, ""); /* which would answer */
    expect(ERROR_BROKEN_PIPE, ERROR_BROKEN_PIPE);
}

static void a_helper_that_says_nothing_is_a_timeout(void **state)
{
    (void)state;
    expect_of_faulty("says_nothing", ERROR_TIMEOUT);
}

static void a_helper_of_another_version_is_1306(void **state)
{
    (void)state;
    expect_of_faulty("refuses_the_version", ERROR_REVISION_MISMATCH);
}

static void nonsense_at_the_meeting_is_13(void **state)
{
    (void)state;
    expect_of_faulty("state_unknown", ERROR_INVALID_DATA);
}

static void a_helper_that_is_busy_is_170(void **state)
{
    (void)state;
    expect_of_faulty("busy", ERROR_BUSY);
}

static void a_helper_that_lacks_descriptors_or_memory_is_1450(void **state)
{
    (void)state;
    expect_of_faulty("fails", ERROR_NO_SYSTEM_RESOURCES);
}

static void a_helper_in_another_network_is_1231(void **state)
{
    (void)state;
    expect_of_faulty("another_network", ERROR_NETWORK_UNREACHABLE);
}

static void a_helper_that_says_it_has_ended_is_109(void **state)
{
    (void)state;
    expect_of_faulty("ends", ERROR_BROKEN_PIPE);
}

static void an_answer_that_never_comes_is_a_timeout(void **state)
{
    (void)state;
    expect_of_faulty("never_answers", ERROR_TIMEOUT);
}

static void an_answer_that_comes_too_late_is_a_timeout(void **state)
{
    (void)state;
    expect_of_faulty("late", ERROR_TIMEOUT);
}

static void an_answer_to_another_request_is_13(void **state)
{
    (void)state;
    expect_of_faulty("another_request", ERROR_INVALID_DATA);
    expect_of_faulty("out_of_turn", ERROR_INVALID_DATA);
}

static void a_second_answer_to_the_request_before_is_13(void **state)
{
    (void)state;
    use_helper(faulty_helper, "twice");
    assert_int_equal(call(), NO_ERROR); /* so the faulty helper says */
    expect(ERROR_INVALID_DATA, ERROR_INVALID_DATA);
}

static void an_answer_in_another_version_is_13(void **state)
{
    (void)state;
    expect_of_faulty("another_version", ERROR_INVALID_DATA);
}

static void garbage_and_half_an_answer_are_13(void **state)
{
    (void)state;
    expect_of_faulty("garbage", ERROR_INVALID_DATA);
    expect_of_faulty("half", ERROR_INVALID_DATA);
}

static void a_helper_that_dies_before_the_request_twice_is_109(void **state)
{
    (void)state;
    expect_of_faulty("dies_before", ERROR_BROKEN_PIPE);
}

static void a_helper_that_dies_at_the_meeting_is_109(void **state)
{
    (void)state;
    expect_of_faulty("dies_unready", ERROR_BROKEN_PIPE);
    expect_of_faulty("dies_when_rung", ERROR_BROKEN_PIPE);
}

static void a_helper_that_dies_during_the_request_is_109(void **state)
{
    (void)state;
    expect_of_faulty("dies_during", ERROR_BROKEN_PIPE);
}

static void a_helper_that_died_since_the_last_call_is_started_again(void **state)
{
    (void)state;
    use_helper(faulty_helper, "dies_after");
    assert_int_equal(call(), NO_ERROR); /* so the faulty helper says */
    Sleep(500);
    use_helper(faulty_helper, "honest");
    assert_int_equal(call(), NO_ERROR);
    assert_int_equal(GetLastError(), EARLIER_ERROR);
}

/* ---- the program's own handles ---- */

static void __attribute__((noinline)) leave_on_the_stack(HANDLE handle)
{
    volatile HANDLE left[4096];

    for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
        left[i] = handle;
    }
}

/* Wine says of a Linux program that it has started what lies about on the stack, as if it were a handle. */
static void starting_a_helper_closes_no_handle_of_the_programs(void **state)
{
    const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);

    (void)state;
    assert_non_null(event);
    use_helper(real_path, "");
    leave_on_the_stack(event);
    assert_int_equal(call(), NO_ERROR);
    assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    CloseHandle(event);
}

/* ---- a thread that is ended ---- */

static void WINAPI end_instead_of_sleeping(DWORD milliseconds)
{
    (void)milliseconds;
    ExitThread(1);
}

/* Where the DLL has the address of a function that it imports. */
static FARPROC *find_import(HMODULE dll, const char *function)
{
    const FARPROC wanted = GetProcAddress(GetModuleHandleA("kernel32.dll"), function);
    const BYTE *base = (const BYTE *)dll;
    const IMAGE_NT_HEADERS *headers =
        (const void *)(base + ((const IMAGE_DOS_HEADER *)base)->e_lfanew);
    const IMAGE_DATA_DIRECTORY *table =
        &headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IAT];
    FARPROC *imports = (FARPROC *)(base + table->VirtualAddress);

    for (DWORD i = 0; i < table->Size / sizeof(*imports); i++) {
        if (imports[i] == wanted) {
            return &imports[i];
        }
    }
    return NULL;
}

static void replace(FARPROC *import, FARPROC with)
{
    DWORD protection;

    assert_true(VirtualProtect(import, sizeof(*import), PAGE_READWRITE, &protection));
    *import = with;
    assert_true(VirtualProtect(import, sizeof(*import), protection, &protection));
}

static DWORD WINAPI call_and_end_within(void *unused)
{
    (void)unused;
    fixture.set_tcp_entry(&fixture.connection.row);
    return 0;
}

/* It ends where the DLL sleeps: one that TerminateThread ends
 * anywhere may hold a lock of Wine's or of an emulator's, too, and nobody could tell whose fault it is. */
static void end_a_thread_within_a_call(void)
{
    FARPROC *import = find_import(fixture.dll, "Sleep");
    DWORD status;
    FARPROC before;
    HANDLE thread;

    assert_non_null(import);
    before = *import;
    replace(import, (FARPROC)(void *)end_instead_of_sleeping);
    thread = CreateThread(NULL, 0, call_and_end_within, NULL, 0, NULL);
    assert_non_null(thread);
    assert_int_equal(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
    assert_true(GetExitCodeThread(thread, &status));
    assert_int_equal(status, 1); /* it did not return from its call */
    replace(import, before);
    CloseHandle(thread);
}

static void a_thread_that_is_ended_as_it_starts_the_helper_keeps_nobody_waiting(void **state)
{
    (void)state;
    use_helper(faulty_helper, "says_nothing");
    end_a_thread_within_a_call();
    use_helper(real_path, "");
    assert_int_equal(call(), NO_ERROR);
    assert_false(connection_lives(&fixture.connection));
}

static void nor_does_one_that_is_ended_as_it_waits_for_an_answer(void **state)
{
    (void)state;
    use_helper(faulty_helper, "misses_the_second");
    assert_int_equal(call(), NO_ERROR);
    end_a_thread_within_a_call();
    assert_int_equal(call(), NO_ERROR);
}

static void calls_work_again_when_the_cause_is_gone(void **state)
{
    (void)state;
    expect_of_faulty("garbage", ERROR_INVALID_DATA);
    use_helper(real_path, "");
    assert_int_equal(call(), NO_ERROR);
    assert_false(connection_lives(&fixture.connection));
}

#define WITH_THE_DLL(test) cmocka_unit_test_setup_teardown(test, load, unload)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        WITH_THE_DLL(without_a_helper_a_live_connection_is_50_whatever_wine_claims),
        WITH_THE_DLL(without_a_helper_no_such_connection_is_317),
        WITH_THE_DLL(a_helpers_path_that_is_not_absolute_is_no_helper),
        WITH_THE_DLL(a_helpers_path_that_is_too_long_is_no_helper),
        WITH_THE_DLL(a_helper_that_is_not_executable_is_193),
        WITH_THE_DLL(a_helpers_path_that_is_a_folder_is_193),
        WITH_THE_DLL(a_helper_that_exits_at_once_is_109_and_not_followed_by_another_soon),
        WITH_THE_DLL(a_helper_that_says_nothing_is_a_timeout),
        WITH_THE_DLL(a_helper_of_another_version_is_1306),
        WITH_THE_DLL(nonsense_at_the_meeting_is_13),
        WITH_THE_DLL(a_helper_that_is_busy_is_170),
        WITH_THE_DLL(a_helper_that_lacks_descriptors_or_memory_is_1450),
        WITH_THE_DLL(a_helper_in_another_network_is_1231),
        WITH_THE_DLL(a_helper_that_says_it_has_ended_is_109),
        WITH_THE_DLL(an_answer_that_never_comes_is_a_timeout),
        WITH_THE_DLL(an_answer_that_comes_too_late_is_a_timeout),
        WITH_THE_DLL(an_answer_to_another_request_is_13),
        WITH_THE_DLL(a_second_answer_to_the_request_before_is_13),
        WITH_THE_DLL(an_answer_in_another_version_is_13),
        WITH_THE_DLL(garbage_and_half_an_answer_are_13),
        WITH_THE_DLL(a_helper_that_dies_before_the_request_twice_is_109),
        WITH_THE_DLL(a_helper_that_dies_at_the_meeting_is_109),
        WITH_THE_DLL(a_helper_that_dies_during_the_request_is_109),
        WITH_THE_DLL(a_helper_that_died_since_the_last_call_is_started_again),
        WITH_THE_DLL(starting_a_helper_closes_no_handle_of_the_programs),
        WITH_THE_DLL(a_thread_that_is_ended_as_it_starts_the_helper_keeps_nobody_waiting),
        WITH_THE_DLL(nor_does_one_that_is_ended_as_it_waits_for_an_answer),
        WITH_THE_DLL(calls_work_again_when_the_cause_is_gone),
    };

    if (argc != 4) {
        fprintf(stderr, "usage: test_helper_faults DLL FAULTY_HELPER NOT_EXECUTABLE\n");
        return 2;
    }
    dll_path = argv[1];
    faulty_helper = argv[2];
    not_executable_path = argv[3];
    GetEnvironmentVariableA("SETTCPENTRY_HOST", real_path, sizeof(real_path));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
