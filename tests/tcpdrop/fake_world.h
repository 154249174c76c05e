/* SPDX-License-Identifier: MIT */
/* A system that tcpdrop runs on, made up by a test: its table, who closes, and who sits there. */
#ifndef FAKE_WORLD_H
#define FAKE_WORLD_H

#include "closer.h"

#include <stdbool.h>

enum
{
    WORLD_ROWS = 300,
    WORLD_LOOKS = 8,
    WORLD_OUTPUT_BYTES = 1 << 16,
};

struct world
{
    /* What the table has when it is read for the first time, the second, ...; from the last on, the same. */
    struct
    {
        struct table_row rows[WORLD_ROWS];
        size_t count;
        const char *wrong; /* it cannot be read */
    } looks[WORLD_LOOKS];
    size_t look_count;
    enum answer_kind
        answers[65536];       /* by the remote port, in host byte order; ANSWER_NONE: closed */
    unsigned refusals[65536]; /* so many times that answer, then it is closed; 0: always */
    bool is_terminal[3];
    const char *typed; /* what standard input has */
    unsigned waits;    /* before it is told to end */
    bool is_full;      /* nothing can be written to standard output */

    size_t looked; /* so many times */
    bool owners_were_asked;
    struct table_row closed[WORLD_ROWS]; /* what was to be closed, in this order */
    size_t closed_count;
    char output[WORLD_OUTPUT_BYTES]; /* of standard output */
    char errors[WORLD_OUTPUT_BYTES]; /* of standard error */
};

extern struct world world;

/* Empty, without a terminal, with one look. */
void world_begin(void);

/* A connection 127.0.0.1:PORT - 127.0.0.2:PORT in that look, established, of process 100, "game.exe". */
struct table_row *world_add(size_t look, uint16_t port, uint64_t identity);

/* Runs tcpdrop with these arguments, separated by blanks; its status. */
int world_run(const char *arguments);

#endif
