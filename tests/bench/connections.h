/* SPDX-License-Identifier: MIT */
/* Loopback connections, as many as are wanted, to be dropped or to stand by. */
#ifndef CONNECTIONS_H
#define CONNECTIONS_H

#include <stddef.h>
#include <stdint.h>

/* As MIB_TCPROW, of the end that called; addresses and ports in network byte order. */
struct tcp_row
{
    uint32_t state; /* what SetTcpEntry wants: delete it */
    uint32_t local_address;
    uint32_t local_port;
    uint32_t remote_address;
    uint32_t remote_port;
};

/* Both ends of each are held by other processes, CONNECTIONS_A_HOLDER in one; each has a listener of its own. */
enum
{
    CONNECTIONS_A_HOLDER = 5000,
    HOLDERS_AT_MOST = 8,
};

struct connections
{
    char path[32]; /* a file of the rows, which Windows programs read */
    struct tcp_row *rows;
    size_t count;
    struct
    {
        int process;
        int control;
    } holders[HOLDERS_AT_MOST];
};

/* Makes them.  Whatever fails here ends the program with status 2. */
struct connections connections_make(size_t count);

/* Ends them.  All have to be gone, with the row's end aborted and the other one reset, or a bench of nothing was run,
 * and this ends the program with status 2. */
void connections_end_dropped(struct connections *connections);

/* Ends them, all of which have to be there still. */
void connections_end_alive(struct connections *connections);

/* A single one, whose ends are the caller's own: ends[0] is the row's, ends[1] the peer's.  The row is in the file. */
struct connection_pair
{
    char path[32];
    struct tcp_row *row;
    int ends[2];
};

struct connection_pair connection_pair_make(void);

/* Ends it; it has to be gone already. */
void connection_pair_end(struct connection_pair *pair);

#endif
