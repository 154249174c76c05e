/* SPDX-License-Identifier: MIT */
#include "os.h"
#include "wine.h"

#include <ntsecapi.h>

/* This module, as the loader has mapped it. */
extern BYTE __ImageBase[];

/* What GetCurrentProcess and GetCurrentThread are documented to return. */
#define THIS_PROCESS ((HANDLE)(LONG_PTR)-1)
#define THIS_THREAD ((HANDLE)(LONG_PTR)-2)

/* A code for "it failed", whatever the thread's last error says. */
static DWORD failure(void)
{
    const DWORD error = GetLastError();

    return error == NO_ERROR ? ERROR_GEN_FAILURE : error;
}

static DWORD error_unless(BOOL success)
{
    return success ? NO_ERROR : failure();
}

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

/* ---- tokens ---- */

static const struct
{
    SID sid;
    DWORD second;
} administrators = {
    {SID_REVISION, 2, {SECURITY_NT_AUTHORITY}, {SECURITY_BUILTIN_DOMAIN_RID}},
    DOMAIN_ALIAS_RID_ADMINS,
};

DWORD os_open_thread_token(HANDLE *token_out)
{
    /* As self: a token at identification level may not open itself. */
    return error_unless(OpenThreadToken(THIS_THREAD, TOKEN_QUERY, TRUE, token_out));
}

DWORD os_open_process_token(HANDLE *token_out)
{
    HANDLE primary;
    DWORD error;

    if (!OpenProcessToken(THIS_PROCESS, TOKEN_QUERY | TOKEN_DUPLICATE, &primary)) {
        return failure();
    }
    error = error_unless(DuplicateToken(primary, SecurityIdentification, token_out));
    CloseHandle(primary);
    return error;
}

DWORD os_token_elevated(HANDLE token, bool *elevated_out)
{
    TOKEN_ELEVATION elevation = {0};
    DWORD bytes;

    if (!GetTokenInformation(token, TokenElevation, &elevation, sizeof(elevation), &bytes)) {
        return failure();
    }
    *elevated_out = elevation.TokenIsElevated != 0;
    return NO_ERROR;
}

static bool is_administrators(const SID *sid)
{
    const BYTE *a = (const BYTE *)sid;
    const BYTE *b = (const BYTE *)&administrators;
    const DWORD bytes = 8 + 4 * 2;

    /* The second byte is the number of parts, so a shorter one ends the comparison there. */
    for (DWORD i = 0; i < bytes; i++) {
        if (a[i] != b[i]) {
            return false;
        }
    }
    return true;
}

static bool lists_administrators(const TOKEN_GROUPS *groups)
{
    for (DWORD i = 0; i < groups->GroupCount; i++) {
        if (is_administrators(groups->Groups[i].Sid)) {
            return true;
        }
    }
    return false;
}

static DWORD find_administrators(HANDLE token, bool *found_out)
{
    DWORD bytes = 0;
    TOKEN_GROUPS *groups;
    DWORD error;

    GetTokenInformation(token, TokenGroups, NULL, 0, &bytes);
    if (bytes == 0) {
        return failure();
    }
    groups = LocalAlloc(LMEM_FIXED, bytes);
    if (!groups) {
        return ERROR_OUTOFMEMORY;
    }
    error = error_unless(GetTokenInformation(token, TokenGroups, groups, bytes, &bytes));
    if (error == NO_ERROR) {
        *found_out = lists_administrators(groups);
    }
    LocalFree(groups);
    return error;
}

DWORD os_token_administrators(HANDLE token, enum os_membership *membership_out)
{
    BOOL is_member;
    bool found = false;
    DWORD error;

    if (!CheckTokenMembership(token, (PSID)&administrators, &is_member)) {
        return failure();
    }
    if (is_member) {
        *membership_out = OS_MEMBER_ENABLED;
        return NO_ERROR;
    }
    error = find_administrators(token, &found);
    if (error == NO_ERROR) {
        *membership_out = found ? OS_MEMBER_DENY_ONLY : OS_MEMBER_ABSENT;
    }
    return error;
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

/* ---- files ---- */

bool os_path_exists(const WCHAR *path)
{
    return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

static void *map(HANDLE file, DWORD bytes)
{
    const HANDLE mapping = CreateFileMappingW(file, NULL, PAGE_READWRITE, 0, bytes, NULL);
    void *page = NULL;

    if (mapping) {
        page = MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, bytes);
        CloseHandle(mapping);
    }
    return page;
}

/* Lists of who may: under Wine modes 0000, and 0660 without what the umask takes. */
static struct
{
    ACL list;
    ACE_HEADER header;
    ACCESS_MASK rights;
    SID local; /* S-1-2-0: who has logged on here */
} lists[] = {
    [OS_NOBODY] = {.list = {ACL_REVISION, 0, sizeof(ACL), 0, 0}},
    [OS_USER] =
        {
            {ACL_REVISION, 0, sizeof(lists[0]), 1, 0},
            {ACCESS_ALLOWED_ACE_TYPE, 0, sizeof(ACE_HEADER) + sizeof(ACCESS_MASK) + sizeof(SID)},
            GENERIC_READ | GENERIC_WRITE,
            {SID_REVISION, 1, {SECURITY_LOCAL_SID_AUTHORITY}, {SECURITY_LOCAL_RID}},
        },
};

DWORD os_create_page(const WCHAR *path, enum os_access access, DWORD bytes, HANDLE *file_out,
                     void **page_out)
{
    SECURITY_DESCRIPTOR descriptor = {
        .Revision = SECURITY_DESCRIPTOR_REVISION,
        .Control = SE_DACL_PRESENT,
        .Dacl = &lists[access].list,
    };
    SECURITY_ATTRIBUTES security = {sizeof(security), &descriptor, FALSE};
    const HANDLE file = CreateFileW(path, GENERIC_READ | GENERIC_WRITE, 0, &security, CREATE_NEW,
                                    FILE_FLAG_DELETE_ON_CLOSE, NULL);
    void *page;
    DWORD error;

    if (file == INVALID_HANDLE_VALUE) {
        return failure();
    }
    page = map(file, bytes);
    if (!page) {
        error = failure();
        CloseHandle(file);
        return error;
    }
    *file_out = file;
    *page_out = page;
    return NO_ERROR;
}

void os_unmap_page(void *page)
{
    UnmapViewOfFile(page);
}

static HANDLE open_for_reading(const WCHAR *path)
{
    return CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING,
                       0, NULL);
}

DWORD os_read_file(const WCHAR *path, char *text_out, DWORD room, DWORD *length_out)
{
    const HANDLE file = open_for_reading(path);
    DWORD error;

    if (file == INVALID_HANDLE_VALUE) {
        return failure();
    }
    error = error_unless(ReadFile(file, text_out, room, length_out, NULL));
    CloseHandle(file);
    return error;
}

DWORD os_read_parts(const WCHAR *path, os_take_func take, void *taker)
{
    const HANDLE file = open_for_reading(path);
    DWORD error = NO_ERROR;
    DWORD got = 1;
    char part[2048];

    if (file == INVALID_HANDLE_VALUE) {
        return failure();
    }
    while (error == NO_ERROR && got > 0) {
        error = error_unless(ReadFile(file, part, sizeof(part), &got, NULL));
        if (error == NO_ERROR && !take(taker, part, got)) {
            break;
        }
    }
    CloseHandle(file);
    return error;
}

DWORD os_each_name(const WCHAR *folder, os_take_name_func take, void *taker)
{
    WCHAR pattern[MAX_PATH];
    WIN32_FIND_DATAW found;
    HANDLE search;
    DWORD length = 0;

    for (; length < MAX_PATH - 3 && folder[length]; length++) {
        pattern[length] = folder[length];
    }
    __builtin_memcpy(&pattern[length], L"\\*", sizeof(L"\\*"));
    search = FindFirstFileW(pattern, &found);
    if (search == INVALID_HANDLE_VALUE) {
        return failure();
    }
    while (take(taker, found.cFileName) && FindNextFileW(search, &found)) {
    }
    FindClose(search);
    return NO_ERROR;
}

DWORD os_write_at(HANDLE file, DWORD offset, const void *bytes, DWORD length)
{
    OVERLAPPED at = {.Offset = offset};
    DWORD written;

    return error_unless(WriteFile(file, bytes, length, &written, &at));
}

DWORD os_append(const WCHAR *path, const void *bytes, DWORD length)
{
    const HANDLE file = CreateFileW(path, FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                    NULL, OPEN_ALWAYS, 0, NULL);
    DWORD written;
    DWORD error;

    if (file == INVALID_HANDLE_VALUE) {
        return failure();
    }
    /* Who reads a pipe or a terminal may keep us waiting for ever. */
    error = GetFileType(file) == FILE_TYPE_DISK
                ? error_unless(WriteFile(file, bytes, length, &written, NULL))
                : ERROR_NOT_SUPPORTED;
    CloseHandle(file);
    return error;
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
