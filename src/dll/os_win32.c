/* SPDX-License-Identifier: MIT */
/* os.h but for tokens and files: errors, DLLs, programs, time. */
#include "os_win32.h"
#include "../common/wine.h"

#include <ntsecapi.h>

/* This module, as the loader has mapped it. */
extern BYTE __ImageBase[];

DWORD os_last_error(void)
{
    return GetLastError();
}

void os_set_last_error(DWORD code)
{
    SetLastError(code);
}

DWORD os_code_of_status(DWORD status)
{
    return LsaNtStatusToWinError((NTSTATUS)status);
}

void os_close(HANDLE handle)
{
    CloseHandle(handle);
}

/* ---- the system ---- */

bool os_is_wine(void)
{
    static enum
    {
        UNKNOWN,
        WINDOWS,
        WINE,
    } system;

    /* Threads that come here at once find the same. */
    if (__atomic_load_n(&system, __ATOMIC_RELAXED) == UNKNOWN) {
        __atomic_store_n(&system, wine_is_here() ? WINE : WINDOWS, __ATOMIC_RELAXED);
    }
    return __atomic_load_n(&system, __ATOMIC_RELAXED) == WINE;
}

DWORD os_system_path(const WCHAR *file, WCHAR path_out[OS_SYSTEM_PATH_CHARS])
{
    UINT length = GetSystemDirectoryW(path_out, MAX_PATH);

    if (length == 0 || length >= MAX_PATH) {
        return failure();
    }
    path_out[length++] = L'\\';
    while (*file && length < OS_SYSTEM_PATH_CHARS - 1) {
        path_out[length++] = *file++;
    }
    path_out[length] = 0;
    return NO_ERROR;
}

DWORD os_load_system_dll(const WCHAR *dll, HMODULE *module_out)
{
    WCHAR path[OS_SYSTEM_PATH_CHARS];
    const DWORD error = os_system_path(dll, path);

    if (error != NO_ERROR) {
        return error;
    }
    *module_out = LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    return error_unless(*module_out != NULL);
}

void os_unload_dll(HMODULE module)
{
    FreeLibrary(module);
}

FARPROC os_dll_function(HMODULE module, const char *name)
{
    return GetProcAddress(module, name);
}

HMODULE os_this_dll(void)
{
    return (HMODULE)__ImageBase;
}

bool os_environment(const WCHAR *name, WCHAR *value_out, DWORD chars)
{
    const DWORD length = GetEnvironmentVariableW(name, value_out, chars);

    if (length >= chars) {
        value_out[0] = 0;
    }
    return length != 0;
}

DWORD os_start_program(const WCHAR *path, WCHAR *command_line)
{
    /* None of the program's own standard handles: a helper that outlives it for a moment would keep
     * its pipes open. */
    STARTUPINFOW startup = {.cb = sizeof(startup), .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process = {0};

    if (!CreateProcessW(path, command_line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process)) {
        return failure();
    }
    /* Nothing to close: for a Linux program Wine gives no process, and leaves in hThread what lay about,
     * which may be the number of another handle. */
    return NO_ERROR;
}

/* ---- time ---- */

DWORD os_milliseconds(void)
{
    return GetTickCount();
}

void os_sleep(DWORD milliseconds)
{
    Sleep(milliseconds);
}

DWORD os_thread(void)
{
    return GetCurrentThreadId();
}

/* By when it was made, whatever clock that was read from: it is compared with nothing but itself. */
static bool mark_of(HANDLE thread, bool *has_ended_out, DWORD *mark_out)
{
    FILETIME made;
    FILETIME ended;
    FILETIME spent[2];

    if (!GetThreadTimes(thread, &made, &ended, &spent[0], &spent[1])) {
        return false;
    }
    *has_ended_out = (ended.dwHighDateTime | ended.dwLowDateTime) != 0;
    *mark_out = (made.dwLowDateTime ^ made.dwHighDateTime) | 1;
    return true;
}

/* Where threads remember their marks: Wine takes its time to say them. */
static DWORD marks = TLS_OUT_OF_INDEXES;

static DWORD place_of_marks(void)
{
    DWORD place = __atomic_load_n(&marks, __ATOMIC_ACQUIRE);
    DWORD nowhere = TLS_OUT_OF_INDEXES;

    if (place == nowhere) {
        place = TlsAlloc();
        if (!__atomic_compare_exchange_n(&marks, &nowhere, place, false, __ATOMIC_ACQ_REL,
                                         __ATOMIC_ACQUIRE)) {
            TlsFree(place);
            place = nowhere; /* where another thread has it by now */
        }
    }
    return place;
}

DWORD os_thread_mark(void)
{
    const DWORD place = place_of_marks();
    DWORD mark = (DWORD)(ULONG_PTR)TlsGetValue(place);
    bool has_ended;

    if (mark == 0 && mark_of(THIS_THREAD, &has_ended, &mark)) {
        TlsSetValue(place, (void *)(ULONG_PTR)mark);
    }
    return mark;
}

void os_end(void)
{
    TlsFree(marks);
}

bool os_thread_has_ended(DWORD thread, DWORD mark)
{
    const HANDLE opened = OpenThread(THREAD_QUERY_INFORMATION, FALSE, thread);
    bool has_ended;
    DWORD mark_now;
    bool is_known;

    if (!opened) {
        return GetLastError() == ERROR_INVALID_PARAMETER; /* there is none of that number */
    }
    is_known = mark_of(opened, &has_ended, &mark_now);
    CloseHandle(opened);
    /* The number of one that has ended is given to another one. */
    return is_known && (has_ended || (mark != 0 && mark_now != mark));
}

DWORD os_unlikely_number(void)
{
    static DWORD count;

    /* Programs begin at different times, and with their stacks at different addresses. */
    return (GetTickCount() ^ (DWORD)(ULONG_PTR)__builtin_frame_address(0)) * 2654435761U +
           __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
}
