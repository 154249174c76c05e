/* SPDX-License-Identifier: MIT */
/* The part of os.h about files. */
#include "os_win32.h"

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
    /* A pipe may keep us waiting for ever. */
    error = GetFileType(file) == FILE_TYPE_DISK
                ? error_unless(ReadFile(file, text_out, room, length_out, NULL))
                : ERROR_NOT_SUPPORTED;
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
    do {
        take(taker, found.cFileName);
    } while (FindNextFileW(search, &found));
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
