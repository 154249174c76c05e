/* SPDX-License-Identifier: MIT */
/* What the helper gives up.  Sanitizers do what these limits forbid: their builds link
 * sandbox_none.c. */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stdbool.h>

enum sandbox_kind
{
    SANDBOX_PAGE,   /* for one program, that has been met */
    SANDBOX_FOLDER, /* for those that will come: files can be opened, with the user's rights */
};

/* Limits memory and processes, and what can be opened to this folder's files (-1: to none) where the
 * kernel has Landlock, and has it kill us at any system call that serving does not need.  False and errno
 * if that cannot be had. */
bool sandbox_enter(enum sandbox_kind kind, int folder);

#endif
