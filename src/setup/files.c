/* SPDX-License-Identifier: MIT */
#include "files.h"

#include "paths.h"

#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>

bool file_complain(const wchar_t *path, const char *format, ...)
{
    char name[PATH_BYTES];
    va_list arguments;

    path_to_utf8(path, name);
    fprintf(stderr, "settcpentry: %s ", name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return false;
}

/* Where that is, all links followed. */
static bool find_real(const wchar_t *path, wchar_t real_out[PATH_CHARS])
{
    const HANDLE opened =
        CreateFileW(path, 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                    OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    DWORD length = 0;

    if (opened != INVALID_HANDLE_VALUE) {
        length = GetFinalPathNameByHandleW(opened, real_out, PATH_CHARS, 0);
        CloseHandle(opened);
    }
    return length > 0 && length < PATH_CHARS;
}

bool file_is_link(const wchar_t *path)
{
    wchar_t folder[PATH_CHARS];
    wchar_t real_folder[PATH_CHARS];
    wchar_t real[PATH_CHARS];
    size_t length;

    if (!path_beside(path, L"", folder) || !find_real(folder, real_folder) ||
        !find_real(path, real)) {
        return false;
    }
    length = wcslen(real_folder);
    length -= real_folder[length - 1] == L'\\';
    return _wcsnicmp(real, real_folder, length) != 0 || path_name(real) != real + length + 1 ||
           !path_same_name(real, path);
}

/* ---- out of the way ---- */

static bool is_there(const wchar_t *path)
{
    return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

/* A loaded file cannot be deleted, but it can be renamed. */
static bool set_aside(const wchar_t *path)
{
    wchar_t aside[PATH_CHARS];
    DWORD number = GetTickCount();

    do {
        if (swprintf(aside, PATH_CHARS, L"%ls.%08lx", path, number++) < 0) {
            return false;
        }
    } while (is_there(aside));
    if (!MoveFileExW(path, aside, 0)) {
        return false;
    }
    if (MoveFileExW(aside, NULL, MOVEFILE_DELAY_UNTIL_REBOOT)) {
        return true;
    }
    MoveFileExW(aside, path, 0);
    return false;
}

bool file_remove(const wchar_t *path)
{
    DWORD error;

    if (!is_there(path)) {
        return true;
    }
    if (file_is_link(path)) {
        return file_complain(path, "is a link, and not ours to take away");
    }
    SetFileAttributesW(path, FILE_ATTRIBUTE_NORMAL);
    if (DeleteFileW(path)) {
        return true;
    }
    error = GetLastError();
    return set_aside(path) ||
           file_complain(path, "cannot be taken away, error %lu: does a program use it?", error);
}

/* ---- in place ---- */

/* Under Wine, too, no name can be taken from a file that is in use but by renaming that. */
static bool put(const wchar_t *from, const wchar_t *to)
{
    DWORD error;

    if (MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING)) {
        return true;
    }
    error = GetLastError();
    if (is_there(to) && !file_is_link(to) && set_aside(to) && MoveFileExW(from, to, 0)) {
        return true;
    }
    return file_complain(to, "cannot be written, error %lu: does a program use it?", error);
}

bool file_copy(const wchar_t *from, const wchar_t *to)
{
    wchar_t new_path[PATH_CHARS];

    if (swprintf(new_path, PATH_CHARS, L"%ls.new", to) < 0) {
        return file_complain(to, "is too long a path");
    }
    if (!CopyFileW(from, new_path, FALSE) || !SetFileAttributesW(new_path, FILE_ATTRIBUTE_NORMAL)) {
        const DWORD error = GetLastError();

        DeleteFileW(new_path);
        return file_complain(new_path, "cannot be written: error %lu", error);
    }
    if (!put(new_path, to)) {
        DeleteFileW(new_path);
        return false;
    }
    return true;
}

bool file_move(const wchar_t *from, const wchar_t *to)
{
    return file_is_link(from) ? file_copy(from, to) : put(from, to);
}
