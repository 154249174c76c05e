/* SPDX-License-Identifier: MIT */
/* A running Windows program of the bench, which does what it is told (commands.h) and answers with figures. */
#ifndef CALLER_H
#define CALLER_H

#include "connections.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

struct caller
{
    pid_t process;
    FILE *orders;
    FILE *answers;
};

/* Starts one, a file beside the others; with a helper outside that serves this folder, or NULL.  Whatever fails here
 * ends the bench with status 2. */
struct caller caller_start(const char *program, const char *folder);

/* Has it obey one command, without waiting. */
void caller_tell(struct caller *caller, const char *command);

/* Waits for its answer: that many figures, two at most. */
void caller_hear(struct caller *caller, double figures_out[], size_t count);

/* Has it obey a command on all of these connections, which drops them, and checks that; its answer. */
void caller_drop(struct caller *caller, const char *command, struct connections connections,
                 double figures_out[], size_t count);

/* So many figures in a line, two at most; false if there are fewer. */
bool caller_read_figures(const char *line, double figures_out[], size_t count);

/* Has it end, and waits for that. */
void caller_end(struct caller *caller);

#endif
