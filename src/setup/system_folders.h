/* SPDX-License-Identifier: MIT */
/* The folders of a Wine prefix from which programs of its architectures get the system's DLLs. */
#ifndef SYSTEM_FOLDERS_H
#define SYSTEM_FOLDERS_H

#include "paths.h"

struct system_folder
{
    wchar_t dll[PATH_CHARS];   /* where programs look for the system's */
    wchar_t aside[PATH_CHARS]; /* where ours looks for it */
    const char *architecture;  /* of whichever is there; NULL: of neither */
};

enum
{
    SYSTEM_FOLDERS_AT_MOST = 2,
};

/* A 32-bit program among those of 64 bits is shown other folders in their place. */
bool system_folders_are_seen(void);

/* Returns how many there are, of those that have either file. */
size_t system_folders_find(struct system_folder folders_out[SYSTEM_FOLDERS_AT_MOST]);

#endif
