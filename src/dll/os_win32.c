/* SPDX-License-Identifier: MIT */
/* os.h but for tokens and files: errors, the system's DLLs, programs, time. */
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

static DWORD load(const WCHAR *dll, HMODULE *module_out)
{
    WCHAR path[OS_SYSTEM_PATH_CHARS];
    const DWORD error = os_system_path(dll, path);

    if (error != NO_ERROR) {
        return error;
    }
    *module_out = LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    return error_unless(*module_out != NULL);
}

/* A full path may lead to ourselves, or to another of our kind: where the whole system has been
 * given this DLL, and on Windows where app.exe.local redirects it. */
static bool is_ours(HMODULE module)
{
    return module == (HMODULE)__ImageBase || GetProcAddress(module, OUR_EXPORT);
}

static DWORD load_the_systems(const WCHAR *dll, HMODULE *module_out)
{
    const WCHAR *const places[] = {dll, SYSTEM_DLL_ASIDE};

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        const DWORD error = load(places[i], module_out);

        if (error != NO_ERROR || !is_ours(*module_out)) {
            return error;
        }
        FreeLibrary(*module_out);
    }
    return ERROR_MOD_NOT_FOUND;
}

/* One reference to each of the system's DLLs that were asked for. */
static HMODULE held[2];

/* Keeps the reference to this module, or gives it back where there is one already. */
static void hold(HMODULE module)
{
    for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++) {
        HMODULE holder = NULL;

        if (__atomic_compare_exchange_n(&held[i], &holder, module, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED)) {
            return;
        }
        if (holder == module) {
            FreeLibrary(module);
            return;
        }
    }
}

void os_release_system_dlls(void)
{
    for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++) {
        if (held[i]) {
            FreeLibrary(held[i]);
        }
    }
}

static DWORD find_function(const WCHAR *dll, const char *name, FARPROC *function_out)
{
    HMODULE module;
    const DWORD error = load_the_systems(dll, &module);
    FARPROC function;

    if (error != NO_ERROR) {
        return error;
    }
    hold(module);
    function = GetProcAddress(module, name);
    if (!function) {
        return failure();
    }
    *function_out = function;
    return NO_ERROR;
}

DWORD os_system_function(const WCHAR *dll, const char *name, FARPROC *function_out)
{
    const DWORD error = find_function(dll, name, function_out);

    /* Wine takes the module that was asked last for the one that goes by its base name; without
     * this the program's next LoadLibrary("iphlpapi.dll") would give it the system's. */
    GetProcAddress((HMODULE)__ImageBase, OUR_EXPORT);
    return error;
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
