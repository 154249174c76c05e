/* SPDX-License-Identifier: MIT */
/*
 * One TCP connection, as one of its ends sees it: what is handed on from a row of the TCP table to
 * the kernel.  It lies in memory in the same way for every compiler and architecture.
 */
#ifndef CONNECTION_H
#define CONNECTION_H

#include <stdint.h>

enum connection_family
{
    CONNECTION_IPV4 = 4,
    CONNECTION_IPV6 = 6,
};

struct connection_end
{
    uint8_t address[16]; /* network byte order; IPv4 in the first 4 bytes, the rest 0 */
    uint32_t scope_id;   /* interface index, host byte order; of link-local addresses only */
    uint16_t port;       /* network byte order */
    uint16_t unused;     /* 0 */
};

struct connection
{
    struct connection_end local;
    struct connection_end remote;
    uint32_t family; /* enum connection_family */
};

_Static_assert(sizeof(struct connection) == 52, "the same for every compiler and architecture");

/* IPv4 as a socket of the other family has it: ::ffff:a.b.c.d */
static inline struct connection_end connection_end_mapped(const struct connection_end *ipv4)
{
    struct connection_end mapped = {.address = {[10] = 0xFF, [11] = 0xFF}, .port = ipv4->port};

    for (int i = 0; i < 4; i++) {
        mapped.address[12 + i] = ipv4->address[i];
    }
    return mapped;
}

/* The same connection over sockets of the other family. */
static inline struct connection connection_mapped(const struct connection *ipv4)
{
    return (struct connection){
        .local = connection_end_mapped(&ipv4->local),
        .remote = connection_end_mapped(&ipv4->remote),
        .family = CONNECTION_IPV6,
    };
}

/* The other way round; any other connection as it is. */
static inline struct connection connection_unmapped(const struct connection *connection)
{
    struct connection ipv4 = {
        .local = {.port = connection->local.port},
        .remote = {.port = connection->remote.port},
        .family = CONNECTION_IPV4,
    };
    struct connection mapped;

    for (int i = 0; i < 4; i++) {
        ipv4.local.address[i] = connection->local.address[12 + i];
        ipv4.remote.address[i] = connection->remote.address[12 + i];
    }
    mapped = connection_mapped(&ipv4);
    return connection->family == CONNECTION_IPV6 &&
                   __builtin_memcmp(connection, &mapped, sizeof(mapped)) == 0
               ? ipv4
               : *connection;
}

#endif
