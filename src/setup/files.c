/* SPDX-License-Identifier: MIT */
#include "files.h"

#include "paths.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

bool file_complain(const wchar_t *path, const char *format, ...)
{
    char name[PATH_BYTES];
    va_list arguments;

    path_to_utf8(path, name);
    fprintf(stderr, "settcpentry: %s ", strcmp(name, "*") == 0 ? "--all" : name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return false;
}

static bool is_there(const wchar_t *path)
{
    return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

/* What is there, but leads nowhere that could be told, may be one. */
bool file_is_link(const wchar_t *path)
{
    wchar_t folder[PATH_CHARS];
    wchar_t real_folder[PATH_CHARS];
    wchar_t real[PATH_CHARS];
    wchar_t expected[PATH_CHARS];

    if (!path_beside(path, L"", folder) || !path_real(folder, real_folder) ||
        !path_real(path, real)) {
        return is_there(path);
    }
    return !path_format(expected, L"%ls%ls%ls", real_folder,
                        real_folder[wcslen(real_folder) - 1] == L'\\' ? L"" : L"\\",
                        path_name(path)) ||
           !path_same_text(expected, real);
}

/* ---- names that are ours for a while ---- */

#define OUR_MARK L".settcpentry-"

static bool make_name(const wchar_t *path, wchar_t name_out[PATH_CHARS])
{
    DWORD number = GetTickCount() ^ GetCurrentProcessId() << 16;

    do {
        if (!path_format(name_out, L"%ls" OUR_MARK L"%08lx", path, number++)) {
            return false;
        }
    } while (is_there(name_out));
    return true;
}

void file_tidy(const wchar_t *path)
{
    WIN32_FIND_DATAW found;
    wchar_t pattern[PATH_CHARS];
    wchar_t name[PATH_CHARS];
    HANDLE search;

    if (!path_format(pattern, L"%ls" OUR_MARK L"*", path)) {
        return;
    }
    search = FindFirstFileW(pattern, &found);
    if (search == INVALID_HANDLE_VALUE) {
        return;
    }
    do {
        if (path_beside(path, found.cFileName, name)) {
            DeleteFileW(name); /* unless a program has it loaded */
        }
    } while (FindNextFileW(search, &found));
    FindClose(search);
}

/* ---- out of the way ---- */

/* A loaded file cannot be deleted, but it can be renamed. */
static bool set_aside(const wchar_t *path, wchar_t aside_out[PATH_CHARS])
{
    if (!make_name(path, aside_out) || !MoveFileExW(path, aside_out, 0)) {
        return false;
    }
    if (MoveFileExW(aside_out, NULL, MOVEFILE_DELAY_UNTIL_REBOOT)) {
        return true;
    }
    MoveFileExW(aside_out, path, 0);
    return false;
}

bool file_remove(const wchar_t *path)
{
    wchar_t aside[PATH_CHARS];
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
    return set_aside(path, aside) ||
           file_complain(path, "cannot be taken away, error %lu: does a program use it?", error);
}

/* ---- in place ---- */

/* Under Wine, too, no name can be taken from a file that is in use but by renaming that. */
static bool put(const wchar_t *from, const wchar_t *to)
{
    wchar_t aside[PATH_CHARS];
    DWORD error;

    if (MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING)) {
        return true;
    }
    error = GetLastError();
    if (is_there(to) && !file_is_link(to) && set_aside(to, aside)) {
        if (MoveFileExW(from, to, 0)) {
            return true;
        }
        MoveFileExW(aside, to, 0);
    }
    return file_complain(to, "cannot be written, error %lu: does a program use it?", error);
}

bool file_copy(const wchar_t *from, const wchar_t *to)
{
    wchar_t new_path[PATH_CHARS];

    if (!make_name(to, new_path)) {
        return file_complain(to, "is too long a path");
    }
    if (!CopyFileW(from, new_path, TRUE) || !SetFileAttributesW(new_path, FILE_ATTRIBUTE_NORMAL)) {
        const DWORD error = GetLastError();

        DeleteFileW(new_path);
        return file_complain(to, "cannot be written: error %lu", error);
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

/* ---- their bytes ---- */

static HANDLE open_to_read(const wchar_t *path)
{
    return CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
                       0, NULL);
}

static bool read_part(HANDLE file, BYTE *part, DWORD room, DWORD *length_out)
{
    return file != INVALID_HANDLE_VALUE && ReadFile(file, part, room, length_out, NULL);
}

bool file_same_bytes(const wchar_t *a, const wchar_t *b)
{
    static BYTE parts[2][1 << 16];
    const HANDLE files[] = {open_to_read(a), open_to_read(b)};
    DWORD lengths[2];
    bool same;

    do {
        same = read_part(files[0], parts[0], sizeof(parts[0]), &lengths[0]) &&
               read_part(files[1], parts[1], sizeof(parts[1]), &lengths[1]) &&
               lengths[0] == lengths[1] && memcmp(parts[0], parts[1], lengths[0]) == 0;
    } while (same && lengths[0] > 0);
    CloseHandle(files[0]);
    CloseHandle(files[1]);
    return same;
}
