/* SPDX-License-Identifier: MIT */
#include "paths.h"

#include "../common/wine.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#if defined(__x86_64__)
const char path_our_architecture[] = "amd64";
#elif defined(__i386__)
const char path_our_architecture[] = "x86";
#else
const char path_our_architecture[] = "arm64";
#endif

bool path_format(wchar_t path_out[PATH_CHARS], const wchar_t *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnwprintf(path_out, PATH_CHARS, format, arguments);
    va_end(arguments);
    return length > 0 &&
           length < PATH_CHARS; /* some C libraries say how long it would be, and some -1 */
}

/* ---- Linux' ---- */

void path_of_linux(const char *linux_path, wchar_t *path_out, int room)
{
    static const wchar_t prefix[] = L"\\\\?\\unix";
    const int length = (int)(sizeof(prefix) / sizeof(prefix[0])) - 1;

    memcpy(path_out, prefix, sizeof(prefix));
    MultiByteToWideChar(CP_UTF8, 0, linux_path, -1, path_out + length, room - length);
    for (wchar_t *c = path_out + length; *c; c++) {
        if (*c == L'/') {
            *c = L'\\';
        }
    }
}

/* As a drive has it, since programs go by such paths. Only Wine has the function. */
static bool find_drive(const char *linux_path, wchar_t path_out[PATH_CHARS])
{
    typedef wchar_t *(CDECL * find_func)(const char *linux_path);
    const find_func find = (find_func)(void *)GetProcAddress(GetModuleHandleA("kernel32.dll"),
                                                             "wine_get_dos_file_name");
    wchar_t *path = find ? find(linux_path) : NULL;
    const bool found = path && wcslen(path) < PATH_CHARS;

    if (found) {
        wcscpy(path_out, path);
    }
    if (path) {
        HeapFree(GetProcessHeap(), 0, path);
    }
    return found;
}

/* ---- Windows' ---- */

bool path_read(const char *given, wchar_t path_out[PATH_CHARS])
{
    wchar_t wide[PATH_CHARS];
    DWORD length;

    if (strpbrk(given, "*?<>|\"")) { /* in no file's name */
        return false;
    }
    if (given[0] == '/' && find_drive(given, path_out)) {
        return true;
    }
    if (MultiByteToWideChar(CP_UTF8, 0, given, -1, wide, PATH_CHARS) == 0) {
        return false;
    }
    length = GetFullPathNameW(wide, PATH_CHARS, path_out, NULL);
    return length > 0 && length < PATH_CHARS;
}

void path_to_utf8(const wchar_t *path, char utf8_out[PATH_BYTES])
{
    if (WideCharToMultiByte(CP_UTF8, 0, path, -1, utf8_out, PATH_BYTES, NULL, NULL) == 0) {
        snprintf(utf8_out, PATH_BYTES, "a path that is too long");
    }
}

const wchar_t *path_name(const wchar_t *path)
{
    const wchar_t *end = wcsrchr(path, L'\\');

    return end ? end + 1 : path;
}

bool path_beside(const wchar_t *file, const wchar_t *name, wchar_t path_out[PATH_CHARS])
{
    const int folder_length = (int)(path_name(file) - file);

    return path_format(path_out, L"%.*ls%ls", folder_length, file, name);
}

bool path_same_text(const wchar_t *a, const wchar_t *b)
{
    return CompareStringOrdinal(a, -1, b, -1, TRUE) == CSTR_EQUAL;
}

bool path_same_name(const wchar_t *a, const wchar_t *b)
{
    return path_same_text(path_name(a), path_name(b));
}

/* Also a folder. */
static HANDLE open_any(const wchar_t *path)
{
    return CreateFileW(path, 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                       OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
}

/* Not by GetFinalPathNameByHandle: Wine's has room for 260 characters. */
bool path_real(const wchar_t *path, wchar_t real_out[PATH_CHARS])
{
    union
    {
        FILE_NAME_INFO info;
        BYTE bytes[sizeof(FILE_NAME_INFO) + PATH_CHARS * sizeof(wchar_t)];
    } name;
    const HANDLE opened = open_any(path);
    bool done = false;

    if (opened != INVALID_HANDLE_VALUE) {
        done = GetFileInformationByHandleEx(opened, FileNameInfo, &name, sizeof(name)) &&
               path_format(real_out, L"%.*ls", (int)(name.info.FileNameLength / sizeof(wchar_t)),
                           name.info.FileName);
        CloseHandle(opened);
    }
    return done;
}

static bool identify_folder(const wchar_t *file, BY_HANDLE_FILE_INFORMATION *identity_out)
{
    wchar_t folder[PATH_CHARS];
    HANDLE opened;
    bool done;

    if (!path_beside(file, L"", folder)) {
        return false;
    }
    opened = open_any(folder);
    done = opened != INVALID_HANDLE_VALUE && GetFileInformationByHandle(opened, identity_out);
    CloseHandle(opened);
    return done;
}

/* By their times, too: to Wine all file systems under one drive are one volume, and numbers come again. */
static bool is_same(const BY_HANDLE_FILE_INFORMATION *a, const BY_HANDLE_FILE_INFORMATION *b)
{
    return a->dwVolumeSerialNumber == b->dwVolumeSerialNumber &&
           a->nFileIndexHigh == b->nFileIndexHigh && a->nFileIndexLow == b->nFileIndexLow &&
           CompareFileTime(&a->ftCreationTime, &b->ftCreationTime) == 0 &&
           CompareFileTime(&a->ftLastWriteTime, &b->ftLastWriteTime) == 0;
}

bool path_same_folder(const wchar_t *a, const wchar_t *b)
{
    BY_HANDLE_FILE_INFORMATION one;
    BY_HANDLE_FILE_INFORMATION other;
    wchar_t folder[PATH_CHARS];
    wchar_t other_folder[PATH_CHARS];

    if (path_beside(a, L"", folder) && path_beside(b, L"", other_folder) &&
        path_same_text(folder, other_folder)) {
        return true;
    }
    return identify_folder(a, &one) && identify_folder(b, &other) && is_same(&one, &other);
}

bool path_finds_dlls(const wchar_t *program)
{
    const wchar_t *semicolon = wcschr(program, L';');

    return !semicolon || semicolon > path_name(program) || !wine_is_here();
}

/* ---- ours ---- */

bool path_of_ours(const char *architecture, const wchar_t *name, wchar_t path_out[PATH_CHARS])
{
    wchar_t own[PATH_CHARS];
    wchar_t relative[PATH_CHARS];
    const DWORD length = GetModuleFileNameW(NULL, own, PATH_CHARS);

    if (length == 0 || length >= PATH_CHARS) {
        return false;
    }
    if (strcmp(architecture, path_our_architecture) == 0) {
        return path_beside(own, name, path_out);
    }
    if (path_name(own) > own) {
        own[path_name(own) - own - 1] = 0; /* the folder, as if it were a file in its parent */
    }
    return path_format(relative, L"%hs\\%ls", architecture, name) &&
           path_beside(own, relative, path_out);
}
