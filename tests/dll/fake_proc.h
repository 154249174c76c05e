/* SPDX-License-Identifier: MIT */
/* Lists of Linux's as a test wants them, given in parts of a length that it chooses. */
#ifndef FAKE_PROC_H
#define FAKE_PROC_H

#include <winsock2.h>

#include <windef.h>

#include <winbase.h>

enum
{
    FAKE_FILES = 2,
};

struct fake_proc
{
    struct
    {
        const WCHAR *path; /* as Windows's */
        const char *text;
        DWORD error;     /* after the text */
    } files[FAKE_FILES]; /* no others are there */
    const char *then;    /* of the first file, from its second reading on; NULL: the same */
    DWORD part_chars;
    int readings;
};

extern struct fake_proc fake_proc;

#endif
