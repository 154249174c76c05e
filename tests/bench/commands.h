/* SPDX-License-Identifier: MIT */
/*
 * A Windows program that is told what to do by lines on its standard input, and answers each with a line of plain
 * figures on its standard output.  The line "end", or the input's end, ends it.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "settcpentry.h"

#include <stddef.h>

struct command
{
    const char *name;
    void (*obey)(const char *arguments); /* the rest of the line */
};

/* Obeys until the end.  The list ends with a name that is NULL. */
int commands_obey(const struct command commands[]);

/* The answer, of two figures; with one that counts, the other is 0. */
void commands_answer(double first, double second);

/* The answer that it failed, and the end. */
__attribute__((format(printf, 1, 2))) _Noreturn void commands_fail(const char *format, ...);

/* The arguments "FILE COUNT": so many rows, which are in the file; and times for as many. */
struct batch
{
    MIB_TCPROW *rows;
    double *times;
    double *more_times;
    size_t count;
};

struct batch commands_read_batch(const char *arguments);
void commands_free_batch(struct batch *batch);

#endif
