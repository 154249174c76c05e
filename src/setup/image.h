/* SPDX-License-Identifier: MIT */
/* What kind of file is that: a program, a DLL, for which architecture, one of ours? */
#ifndef IMAGE_H
#define IMAGE_H

#include <stdbool.h>
#include <stddef.h>

struct image
{
    bool is_there;            /* there is something of that name */
    bool is_readable;         /* and it is a file that we may read */
    const char *architecture; /* x86, amd64 or arm64; NULL: it is no program or DLL that we know */
    bool has_console;         /* a program for a console */
    bool is_ours;             /* it exports SetTcpEntryVersion, and has an architecture */
    bool is_placeholder;      /* some Wines find their own DLL by such a file's name */
};

struct image image_look(const wchar_t *path);

#endif
