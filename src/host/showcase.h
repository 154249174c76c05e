/* SPDX-License-Identifier: MIT */
/*
 * Lets another process of this user open one of our descriptors by its path in /proc.
 *
 * The kernel hides the descriptors of a program with capabilities from its own user.  So a child
 * without any holds a copy of the one that may be seen, for as long as that is needed.
 */
#ifndef SHOWCASE_H
#define SHOWCASE_H

#include <sys/types.h>

enum
{
    SHOWCASE_DESCRIPTOR = 0, /* what it is called: /proc/CHILD/fd/0 */
};

/* The child; -1 and errno on failure.  It ends with the caller at the latest. */
pid_t showcase_open(int descriptor);
void showcase_close(pid_t child);

#endif
