/* SPDX-License-Identifier: MIT */
/* The running settcpentry-host processes of this network namespace, and what they leave. */
#ifndef HELPERS_H
#define HELPERS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Waits until there is one / until there is none and no file of theirs.  False: in vain. */
bool helpers_come(void);
bool helpers_are_gone(void);

/* A process of this network by the beginning of its name; 0 if there is none. */
pid_t helpers_find_process(const char *name);

/* Every process of this network but our own whose name begins so, with "" all; returns how many there are. */
size_t helpers_each_process(const char *name, void (*act)(pid_t));

/* Waits until no helper is there that has ended but that a program of this network, its parent, does not wait for. */
bool helpers_are_waited_for(void);

/* Kills them all, as by kill -9. */
void helpers_kill(void);

#endif
