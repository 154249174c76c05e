/* SPDX-License-Identifier: MIT */
/* The seam to the rest of the system: system_windows.c, system_linux.c; tests link another. */
#ifndef SYSTEM_H
#define SYSTEM_H

#include "filter.h"

/* Is this descriptor, 0 to 2, a terminal? */
bool system_is_terminal(int descriptor);

/* Milliseconds, from any moment on; they wrap around. */
uint32_t system_milliseconds(void);

/* From now on what would end the program (Ctrl-C, SIGTERM) ends system_wait instead. */
void system_catch_stop(void);

/* Waits so long, or until the program is told to end: false. */
bool system_wait(uint32_t milliseconds);

/* Looks a host's name up as the system does.  A filter_resolve_func. */
const char *system_resolve(const char *host, filter_take_func *take, void *taker);

#endif
