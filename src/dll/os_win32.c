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

/* Units of 13 milliseconds, which come round again after 21 months. */
static DWORD moment_of(FILETIME time)
{
    return time.dwHighDateTime << 15 | time.dwLowDateTime >> 17;
}

DWORD os_moment(void)
{
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    return moment_of(now) | 1;
}

bool os_thread_has_ended(DWORD thread, DWORD moment)
{
    const HANDLE opened = OpenThread(THREAD_QUERY_INFORMATION, FALSE, thread);
    FILETIME made;
    FILETIME ended;
    FILETIME spent[2];
    bool is_known;

    if (!opened) {
        return GetLastError() == ERROR_INVALID_PARAMETER; /* there is none of that number */
    }
    is_known = GetThreadTimes(opened, &made, &ended, &spent[0], &spent[1]);
    CloseHandle(opened);
    /* The number of one that has ended is given to another one. */
    return is_known && ((ended.dwHighDateTime | ended.dwLowDateTime) != 0 ||
                        (moment != 0 && (LONG)(moment_of(made) - moment) > 1));
}

DWORD os_unlikely_number(void)
{
    static DWORD count;

    /* Programs begin at different times, and with their stacks at different addresses. */
    return (GetTickCount() ^ (DWORD)(ULONG_PTR)__builtin_frame_address(0)) * 2654435761U +
           __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
}
