/* SPDX-License-Identifier: MIT */
/* The part of os.h that only the DLL needs that passes calls through: the others do not import
 * what is used here. */
#include "../os.h"

static DWORD map_whole(HANDLE file, void **file_out, SIZE_T *bytes_out)
{
    const DWORD bytes = GetFileSize(file, NULL);
    HANDLE mapping;
    DWORD error;

    if (bytes == INVALID_FILE_SIZE) {
        return GetLastError();
    }
    mapping = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, bytes, NULL);
    if (!mapping) {
        return GetLastError();
    }
    *file_out = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, bytes);
    *bytes_out = bytes;
    error = *file_out ? NO_ERROR : GetLastError();
    CloseHandle(mapping);
    return error;
}

DWORD os_map_system_file(const WCHAR *name, void **file_out, SIZE_T *bytes_out)
{
    WCHAR path[OS_SYSTEM_PATH_CHARS];
    DWORD error = os_system_path(name, path);
    HANDLE file;

    if (error != NO_ERROR) {
        return error;
    }
    file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
                       0, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        return GetLastError();
    }
    error = map_whole(file, file_out, bytes_out);
    CloseHandle(file);
    return error;
}

static char *append(char *end, const char *limit, const char *text)
{
    while (*text && end < limit) {
        *end++ = *text++;
    }
    *end = 0;
    return end;
}

static void tell_debugger(const char *name, DWORD error)
{
    char message[128];
    const char *const limit = message + sizeof(message) - 1;
    char *end = append(message, limit, "settcpentry: ");

    end = append(end, limit, name);
    append(end, limit,
           error == ERROR_PROC_NOT_FOUND ? " is not in the system's iphlpapi.dll\n"
                                         : ": the system's iphlpapi.dll cannot be loaded\n");
    OutputDebugStringA(message);
}

/* What Wine raises where one of its own DLLs lacks a function.  Nobody who has no debugger sees what
 * is told to one, but if this ends the program, Wine says which function of which DLL it was. */
#define WINE_STUB 0x80000100

static const char *module_name(DWORD error)
{
    return error == ERROR_PROC_NOT_FOUND ? "IPHLPAPI.DLL"
                                         : "IPHLPAPI.DLL (the system's, which cannot be loaded)";
}

void os_raise_no_entry_point(const char *name, DWORD error)
{
    const ULONG_PTR for_windows[] = {(ULONG_PTR)name};
    const ULONG_PTR for_wine[] = {(ULONG_PTR)module_name(error), (ULONG_PTR)name};
    const bool is_wine = os_is_wine();

    tell_debugger(name, error);
    SetLastError(error);
    /* It cannot be continued, but a debugger can do anything. */
    for (;;) {
        RaiseException(is_wine ? WINE_STUB : STATUS_ENTRYPOINT_NOT_FOUND, EXCEPTION_NONCONTINUABLE,
                       is_wine ? 2 : 1, is_wine ? for_wine : for_windows);
    }
}

DWORD os_protect(void *memory, SIZE_T bytes, DWORD protection, DWORD *before_out)
{
    return VirtualProtect(memory, bytes, protection, before_out) ? NO_ERROR : GetLastError();
}
