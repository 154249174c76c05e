/* SPDX-License-Identifier: MIT */
/* Which processors a program, the Wine server and the helper run on. */
#ifndef PROCESSORS_H
#define PROCESSORS_H

#include <sched.h>
#include <stdbool.h>
#include <sys/types.h>

struct processors
{
    cpu_set_t all;
    cpu_set_t one;
};

/* Those that this process may run on, and one of them. */
struct processors processors_of_all(void);

/* Has the program, with all its threads, the Wine server of this network and its helper run on that one, or on all
 * again.  There has to be one helper only. */
void processors_pin(pid_t program, const struct processors *processors, bool to_one);

#endif
