/* SPDX-License-Identifier: MIT */
#include "fake_proc.h"

#include "os.h"
#include "testing.h"

#include <string.h>

struct fake_proc fake_proc;

static bool is_same(const WCHAR *a, const WCHAR *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

/* The last part is empty, as the end of a file is. */
static bool give(const char *text, os_take_func take, void *taker)
{
    const DWORD length = (DWORD)strlen(text);
    DWORD given = 0;
    DWORD part;

    do {
        part = length - given < fake_proc.part_chars ? length - given : fake_proc.part_chars;
        if (!take(taker, text + given, part)) {
            return false;
        }
        given += part;
    } while (part > 0);
    return true;
}

DWORD os_read_parts(const WCHAR *path, os_take_func take, void *taker)
{
    assert_true(fake_proc.part_chars > 0);
    for (int i = 0; i < FAKE_FILES; i++) {
        if (fake_proc.files[i].path && is_same(fake_proc.files[i].path, path)) {
            const bool is_again = i == 0 && fake_proc.readings++ > 0 && fake_proc.then;

            return give(is_again ? fake_proc.then : fake_proc.files[i].text, take, taker)
                       ? fake_proc.files[i].error
                       : NO_ERROR;
        }
    }
    return ERROR_FILE_NOT_FOUND;
}
