/* SPDX-License-Identifier: MIT */
#include "linux_path.h"

static const char unix_prefix[] = "\\\\?\\unix";

static bool give_up(struct linux_path *path)
{
    path->length = 0;
    path->text[0] = 0;
    return false;
}

static bool add_char(struct linux_path *path, WCHAR c)
{
    if (path->length + 1 >= LINUX_PATH_CHARS) {
        return give_up(path);
    }
    path->text[path->length++] = c == '/' ? '\\' : c;
    path->text[path->length] = 0;
    return true;
}

static void begin(struct linux_path *path)
{
    path->length = 0;
    for (const char *prefix = unix_prefix; *prefix; prefix++) {
        add_char(path, (WCHAR)*prefix);
    }
}

/* It begins with \??\, which Windows programs are to write as \\?\. */
static bool is_as_wine_has_it(const WCHAR *path)
{
    return path[0] == '\\' && path[1] == '?' && path[2] == '?' && path[3] == '\\';
}

bool linux_path_begin(struct linux_path *path, const WCHAR *absolute)
{
    begin(path);
    if (is_as_wine_has_it(absolute)) {
        path->length = sizeof("\\\\?\\") - 1;
        return linux_path_add(path, absolute + 4);
    }
    return *absolute == '/' ? linux_path_add(path, absolute) : give_up(path);
}

bool linux_path_add(struct linux_path *path, const WCHAR *text)
{
    if (path->length == 0) {
        return false;
    }
    for (; *text; text++) {
        if (!add_char(path, *text)) {
            return false;
        }
    }
    return true;
}

bool linux_path_add_number(struct linux_path *path, DWORD number, unsigned base)
{
    char digits[10];
    unsigned count = 0;

    if (path->length == 0) {
        return false;
    }
    do {
        digits[count++] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number != 0);
    while (count > 0) {
        if (!add_char(path, (WCHAR)digits[--count])) {
            return false;
        }
    }
    return true;
}

void linux_path_for_linux(const struct linux_path *path, WCHAR text_out[LINUX_PATH_CHARS])
{
    for (DWORD i = sizeof(unix_prefix) - 1; i < path->length; i++) {
        *text_out++ = path->text[i] == '\\' ? '/' : path->text[i];
    }
    *text_out = 0;
}
