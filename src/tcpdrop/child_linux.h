/* SPDX-License-Identifier: MIT */
/* A program that is started to be talked to. */
#ifndef CHILD_LINUX_H
#define CHILD_LINUX_H

#include <sys/types.h>

struct child
{
    pid_t process;
    int socket; /* leads to its standard input, and from its standard output; the caller closes it */
};

/*
 * Starts a program, by its path or as $PATH has it.  It gets our standard error and which signals are blocked, and no
 * other descriptor.  0; or an errno, why it cannot be started, and there is no child.
 */
int child_start(const char *program, const char *const arguments[], struct child *child_out);

/* Waits for its end, or ends it first, when the caller has closed the socket.  What waitpid says of it; -1: nothing. */
int child_wait(const struct child *child);
int child_kill(const struct child *child);

#endif
