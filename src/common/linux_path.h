/* SPDX-License-Identifier: MIT */
/* Pure: builds the Windows path (\\?\unix\...) under which Wine shows a Linux file. */
#ifndef LINUX_PATH_H
#define LINUX_PATH_H

#include <windef.h>

#include <stdbool.h>

enum
{
    LINUX_PATH_CHARS = 512,
};

struct linux_path
{
    WCHAR text[LINUX_PATH_CHARS]; /* always ends with a NUL */
    DWORD length;                 /* 0: not begun, or what was added did not fit */
};

/* Begins a path, Linux's or one that Wine has given (\??\Z:\home\...); false, and length 0, unless it is absolute
 * and fits. */
bool linux_path_begin(struct linux_path *path, const WCHAR *absolute);
/* Adds text, or the digits of a number in base 10 or 16; false, and length 0, if it does not fit. */
bool linux_path_add(struct linux_path *path, const WCHAR *text);
bool linux_path_add_number(struct linux_path *path, DWORD number, unsigned base);

/* The same path as Linux has it, for a Linux program's command line; only of one that is Linux's. */
void linux_path_for_linux(const struct linux_path *path, WCHAR text_out[LINUX_PATH_CHARS]);

#endif
