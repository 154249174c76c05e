/* SPDX-License-Identifier: MIT */
/* Logic only, over os.h: does one of Linux's lists in /proc have a certain line?  Wine's server
 * opens the files, and owns Wine's sockets: so /proc/net is the network that counts, whichever the
 * program itself is in. */
#ifndef LINUX_LIST_H
#define LINUX_LIST_H

#include <windef.h>

#include <stdbool.h>

enum linux_listed
{
    LINUX_LISTED,
    LINUX_NOT_LISTED,
    LINUX_NO_LIST,      /* there is no such file */
    LINUX_LIST_UNKNOWN, /* it cannot be read, or is something else */
};

/* Is it this line?  It comes without its end, and is no longer than LINUX_LINE_CHARS. */
typedef bool (*linux_line_func)(const void *wanted, const char *line, DWORD length);

enum
{
    LINUX_LINE_CHARS = 256, /* Linux's own have 190 at most */
};

/* Looks at each line of the list at this absolute Linux path, which may have any number of them,
 * until one is what is wanted.  Not listed is what is not there in two readings. */
enum linux_listed linux_list_look(const WCHAR *path, linux_line_func is_wanted, const void *wanted);

#endif
