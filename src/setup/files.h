/* SPDX-License-Identifier: MIT */
/*
 * Files are put in place and taken away, also while programs use them: whoever has the old one keeps it.
 * Each is done, or nothing is; and says on standard error why not. Names that are made for a while begin with the
 * file's own.
 */
#ifndef FILES_H
#define FILES_H

#include <stdbool.h>
#include <stddef.h>

/* The name of a link leads elsewhere. Under Wine, to rename or delete that name does it to what it leads to, so
 * such a file is never moved and never taken away; to replace it by another file is safe. */
bool file_is_link(const wchar_t *path);

/* A copy of one file, under the name of another, which need not be there. */
bool file_copy(const wchar_t *from, const wchar_t *to);

/* One file under the name of another; of a link what it leads to, and it stays where it is. */
bool file_move(const wchar_t *from, const wchar_t *to);

/* It goes; if a program has loaded it, from its name at once, and for good when Windows, or the prefix, starts
 * next. Where there is none, that is well. */
bool file_remove(const wchar_t *path);

/* What one of us who was stopped, or a program that had it loaded, has left beside the file. */
void file_tidy(const wchar_t *path);

bool file_same_bytes(const wchar_t *a, const wchar_t *b);

/* On standard error, the file and printf's text; false. */
bool file_complain(const wchar_t *path, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
