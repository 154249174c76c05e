/* SPDX-License-Identifier: MIT */
/* What the tests in this folder share: boards, programs that work on them, and connections within this process.
 * What cannot be had ends the test. */
#ifndef SOAK_H
#define SOAK_H

#include "board.h"

#include <stdbool.h>
#include <sys/types.h>

/* A number from the command line; a tenth of it where programs are emulated. */
uint32_t soak_size(const char *argument);

/* Milliseconds of a clock that nobody sets. */
long soak_milliseconds(void);

/* ---- boards ---- */

/* A new one, for this many calls, in /dev/shm. */
struct board *board_make(const char *name, uint32_t size);

/* Unmaps and removes it. */
void board_end(struct board *board, const char *name);

/* Starts a program for it; wine_start's process. */
pid_t board_start(const char *caller, const char *name, int threads);

/* Asks for this connection to be closed. */
void board_post(struct board_call *call, const struct connection *connection);

static inline enum board_turn board_turn_of(const struct board_call *call)
{
    return (enum board_turn)__atomic_load_n(&call->turn, __ATOMIC_ACQUIRE);
}

/* ---- connections ---- */

struct ends
{
    int client;
    int server;
};

/* A listener on this numeric address with room for many. */
int ends_listen(const char *address);

/* The connection as this end's row in the table. */
struct connection ends_connection(int end);

/* A client's socket for this listener, on a free port that others can be bound to as well. */
int ends_make_client(int listener);

/* A socket that is bound as this one is. */
int ends_bind_like(int end);

/* PAIR_ALIVE or an errno. */
int ends_connect(int client, int listener);
int ends_accept(int listener);

/* All of it. */
struct ends ends_open(int listener);

/* What has become of this end: PAIR_ALIVE, 0 for an orderly end, or an errno, which is told once. */
int ends_fate(int end);

/* The same where something must have become of it: waits for that. */
int ends_await_fate(int end);

/* Has it been dropped, by either end's row? */
bool ends_are_dropped(const struct ends *ends);

/* Closes one or both so that nothing of it stays in the kernel. */
void ends_close_end(int end);
void ends_close(const struct ends *ends);

/* Does a byte go through, there and back? */
bool ends_are_alive(const struct ends *ends);

/* Does it still listen? */
bool ends_listens(int listener);

enum
{
    SOAK_LIMIT_MS = 5000, /* of a call, as promised */
    SOAK_SLACK_MS = 1500, /* what a busy machine adds, and more under emulation */
};

/* Was the longest call of a board no longer than is promised, and a busy machine adds? */
bool soak_is_in_time(uint32_t longest_ms);

/* ---- the end ---- */

/* No helper, no file of one: does it come to that?  If not, says what is left. */
bool soak_leaves_no_helper(void);

/* And no child. */
bool soak_leaves_nothing(void);

#endif
