/* SPDX-License-Identifier: MIT */
/* Paths of files: Windows' own, and Linux' as Wine's programs reach them. */
#ifndef PATHS_H
#define PATHS_H

#include <winsock2.h>

#include <windows.h>

#include <stdbool.h>

enum
{
    PATH_CHARS = 1024,
    PATH_BYTES = 3 * PATH_CHARS, /* in UTF-8 */
};

/* printf's; false if it does not fit. */
bool path_format(wchar_t path_out[PATH_CHARS], const wchar_t *format, ...);

/* The full path of what was given, UTF-8; under Wine that may be a Linux path. False if it is none, or too long. */
bool path_read(const char *given, wchar_t path_out[PATH_CHARS]);

/* The other way. */
void path_to_utf8(const wchar_t *path, char utf8_out[PATH_BYTES]);

/* A Linux path as Wine's programs name it, whatever drives there are. */
void path_of_linux(const char *linux_path, wchar_t *path_out, int room);

/* The file's name in a full path, and the path of another file in its folder; false if that is too long. */
const wchar_t *path_name(const wchar_t *path);
bool path_beside(const wchar_t *file, const wchar_t *name, wchar_t path_out[PATH_CHARS]);

/* Where that is, all links followed, without its drive. */
bool path_real(const wchar_t *path, wchar_t real_out[PATH_CHARS]);

/* As file systems and the registry tell names: letters of any script are the same whether capital or not. */
bool path_same_text(const wchar_t *a, const wchar_t *b);

/* Do two full paths name files of one name, or in one folder, however that is spelt? */
bool path_same_name(const wchar_t *a, const wchar_t *b);
bool path_same_folder(const wchar_t *a, const wchar_t *b);

/* Does a program find DLLs beside itself? Wine looks for them in a list of folders, with semicolons between them, so
 * not in a folder that has one in its path. */
bool path_finds_dlls(const wchar_t *program);

/* A file of ours for this architecture: beside this program, or in the folder beside its own that has the
 * architecture's name. */
extern const char path_our_architecture[];
bool path_of_ours(const char *architecture, const wchar_t *name, wchar_t path_out[PATH_CHARS]);

#endif
