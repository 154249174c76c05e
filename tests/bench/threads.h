/* SPDX-License-Identifier: MIT */
#ifndef THREADS_H
#define THREADS_H

#include <sys/types.h>

/* Gives each thread of the process to take.  If there is no such process the bench ends with status 2. */
void threads_each(pid_t process, void (*take)(pid_t thread, void *taker), void *taker);

/* The processor time that all its threads have used until now, in nanoseconds. */
double threads_processor_time(pid_t process);

#endif
