/* SPDX-License-Identifier: MIT */
/* What the helper gives up.  Sanitizers do what these limits forbid: their builds link
 * sandbox_none.c. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

enum sandbox_kind
{
    SANDBOX_STREAM = 1,  /* for the one that started it */
    SANDBOX_PAGE = 2,    /* for one program, that has been met */
    SANDBOX_FOLDERS = 4, /* for those that will come: files can be opened, with the user's rights */
    SANDBOX_GROWING_FOLDERS = 8, /* folders will come, too */
};

enum
{
    FOLDERS_AT_MOST = 64,
};

struct sandbox_folder
{
    int descriptor;
    bool can_grow; /* files and folders can be made in it */
};

/* Limits memory and processes, and what can be opened to these folders' files where the kernel has
 * Landlock, and has it kill us at any system call that serving does not need.  False and errno if that
 * cannot be had. */
bool sandbox_enter(enum sandbox_kind kind, const struct sandbox_folder *folders, size_t count);

#endif
