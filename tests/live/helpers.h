/* SPDX-License-Identifier: MIT */
/* The running settcpentry-host processes of this network namespace, and what they leave. */
#ifndef HELPERS_H
#define HELPERS_H

#include <stdbool.h>

/* Waits until there is one / until there is none and no file of theirs.  False: in vain. */
bool helpers_come(void);
bool helpers_are_gone(void);

/* Kills them all, as by kill -9. */
void helpers_kill(void);

#endif
