/* SPDX-License-Identifier: MIT */
/* A helper outside: settcpentry-host --serve, in a folder of its own. */
#ifndef OUTSIDE_H
#define OUTSIDE_H

#include <sys/types.h>

struct outside
{
    char folder[32];
    pid_t process;
};

/* Starts it, and waits until it serves; what fails ends the bench with status 2. */
struct outside outside_start(void);
void outside_end(struct outside *outside);

#endif
