/* SPDX-License-Identifier: MIT */
/*
 * What a test on Linux and its Windows programs share: a file that both map, with the calls that are to be made and
 * what came of them.
 *
 * A call's way is in its turn: the test fills connection and sets BOARD_POSTED; one thread of one program takes it in
 * one step (BOARD_TAKEN), calls, fills in what came of it, and sets BOARD_ANSWERED.  So what was never taken was
 * never asked for, and what was answered twice shows.
 */
#ifndef BOARD_H
#define BOARD_H

#include "connection.h"

#include <stddef.h>
#include <stdint.h>

enum
{
    BOARD_THREADS_AT_MOST = 16,
};

enum board_turn
{
    BOARD_FREE,
    BOARD_POSTED,
    BOARD_TAKEN,
    BOARD_ANSWERED,
};

struct board_call
{
    struct connection connection;
    uint32_t turn;    /* enum board_turn */
    uint32_t answers; /* since it was posted */
    uint32_t code;
    uint32_t last_error;
};

struct board
{
    uint32_t size;       /* how many calls */
    uint32_t go;         /* from now on calls are taken */
    uint32_t goes_on;    /* programs wait for more, when there is none to take */
    uint32_t calls_each; /* a thread ends after so many; 0: that does not matter */
    uint32_t calls_vain; /* instead of waiting they call for these, which are no connections: */
    struct connection vain[2];
    uint32_t ready;       /* threads that have come; from here on programs write */
    uint32_t vain_closed; /* calls for these that said they had closed something */
    uint32_t longest_ms;  /* of all calls, but for stopped_ms meanwhile */
    uint32_t stopped_ms;  /* from the test: how long it has kept programs from running, in all */
    uint32_t calls_made[BOARD_THREADS_AT_MOST]; /* by each thread, begun and ended: two for each */
    struct board_call calls[];
};

static inline size_t board_bytes(uint32_t size)
{
    return sizeof(struct board) + size * sizeof(struct board_call);
}

#endif
