/* SPDX-License-Identifier: MIT */
/* What drops are measured against.  Times are medians for one drop, in microseconds. */
#ifndef PEERS_H
#define PEERS_H

#include "connections.h"

/* Once, before the others. */
void peers_open(void);

/* So many connections, made for it and dropped one after the other:
 * by plain C on Linux, an exact look-up, and the socket destroyed by its cookie; */
double peers_floor(size_t count);
/* by ss -K, a process for each. */
double peers_ss(size_t count);

/* The command line by which ss drops this one, without its own path. */
enum
{
    PEERS_COMMAND_CHARS = 80,
};
void peers_ss_command(const struct tcp_row *row, char command_out[PEERS_COMMAND_CHARS]);

/* The path of ss. */
const char *peers_ss_path(void);

#endif
