/* SPDX-License-Identifier: MIT */
#include "host_folders.h"

#include "host_places.h"

#include <winerror.h>

enum
{
    NAME_CHARS = 32,
};

static bool is_same(const WCHAR *a, const WCHAR *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

/* Wine keeps HOME to itself, and gives programs this instead, as \??\Z:\home\... or \??\unix\home\... */
static const WCHAR *as_programs_have_it(const WCHAR *name)
{
    return is_same(name, L"HOME") ? L"WINEHOMEDIR" : name;
}

/* The text from one '$' or '/' to the next; where that is. */
static const WCHAR *read_part(const WCHAR *pattern, WCHAR part_out[NAME_CHARS])
{
    unsigned length = 0;

    do {
        part_out[length++] = *pattern++;
    } while (*pattern && *pattern != '$' && *pattern != '/');
    part_out[length] = 0;
    return pattern;
}

/* It begins with a variable. */
static bool expand(const WCHAR *pattern, host_variable_func variable, struct linux_path *path)
{
    WCHAR value[LINUX_PATH_CHARS];
    WCHAR part[NAME_CHARS];
    bool done = true;

    path->length = 0;
    while (*pattern && done) {
        const WCHAR *text = part;

        pattern = read_part(pattern, part);
        if (*part == '$') {
            done = variable(as_programs_have_it(part + 1), value, LINUX_PATH_CHARS);
            text = value;
        }
        if (done) {
            done = path->length == 0 ? linux_path_begin(path, text) : linux_path_add(path, text);
        }
    }
    return done;
}

bool host_folders_next(unsigned *next, host_variable_func variable, struct host_folder *folder_out)
{
#define PATTERN(pattern) WIDE(pattern),
    static const WCHAR *const patterns[] = {HOST_FOLDERS(PATTERN)};
    const unsigned count = sizeof(patterns) / sizeof(patterns[0]);
    WCHAR value[LINUX_PATH_CHARS];

    if (*next == 0 && variable(WIDE(HOST_FOLDER_VARIABLE), value, LINUX_PATH_CHARS)) {
        *next = count;
        folder_out->is_named = true;
        return linux_path_begin(&folder_out->path, value);
    }
    folder_out->is_named = false;
    while (*next < count) {
        if (expand(patterns[(*next)++], variable, &folder_out->path)) {
            return true;
        }
    }
    return false;
}

static bool read_boot_id(const struct linux_path *path, host_read_func read,
                         char text_out[HOST_BOOT_ID_BYTES + 2])
{
    DWORD length;

    return read(path->text, text_out, HOST_BOOT_ID_BYTES + 2, &length) == NO_ERROR &&
           length == HOST_BOOT_ID_BYTES;
}

bool host_folders_is_served(const struct host_folder *folder, host_read_func read)
{
    struct linux_path path = folder->path;
    char serving[HOST_BOOT_ID_BYTES + 2];
    char now[HOST_BOOT_ID_BYTES + 2];

    if (!linux_path_add(&path, L"/" WIDE(HOST_SERVING_NAME)) ||
        !read_boot_id(&path, read, serving)) {
        return false;
    }
    if (folder->is_named) {
        return true;
    }
    if (!linux_path_begin(&path, WIDE(HOST_BOOT_ID_PATH)) || !read_boot_id(&path, read, now)) {
        return false;
    }
    for (int i = 0; i < HOST_BOOT_ID_BYTES; i++) {
        if (serving[i] != now[i]) {
            return false;
        }
    }
    return true;
}
