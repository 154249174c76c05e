/* SPDX-License-Identifier: MIT */
/*
 * The only seam to the kernel's list of TCP connections (NETLINK_SOCK_DIAG).  diag_netlink.c is the
 * implementation that ships; tests link another.  Functions return 0 or an errno.
 *
 * Source: sock_diag(7), linux/inet_diag.h
 */
#ifndef DIAG_H
#define DIAG_H

#include "../common/connection.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A socket that the kernel has. */
struct diag_socket
{
    struct connection connection; /* scope ids are 0 */
    uint32_t interface;           /* to which it is bound, 0 if to none */
    uint8_t state;                /* TCP_ESTABLISHED, ... of netinet/tcp.h */
    uint32_t uid;                 /* of the one who made it; without meaning where inode is 0 */
    uint32_t inode;               /* 0: nobody has a descriptor of it (any more, or yet) */
    uint32_t cookie[2];           /* tells it from every other socket there ever was */
    bool is_subflow;              /* of an MPTCP connection, which outlives it */
};

/* The cookie as one number.  0: none, which the kernel gives to no socket. */
static inline uint64_t diag_identity(const struct diag_socket *socket)
{
    return socket->cookie[0] | (uint64_t)socket->cookie[1] << 32;
}

/* Once, before the others. */
int diag_open(void);

/* The inode of the socket that asks the kernel: it tells in which network that is. */
uint32_t diag_socket_inode(void);

/* The kernel's best match for the connection among the sockets that are bound to this interface, or with
 * interface 0 to none.  It may be a listener, or one of the other family.  ENOENT: none. */
int diag_find(const struct connection *meant, uint32_t interface, struct diag_socket *socket_out);

/* Resets exactly this socket.  ENOENT: it has gone; EPERM: no CAP_NET_ADMIN; EOPNOTSUPP: the
 * kernel cannot. */
int diag_destroy(const struct connection *meant, const struct diag_socket *socket);

/* Kernels before Linux 6.12 say that they have closed an orphan, and have not. */
bool diag_may_spare_orphans(void);

/* Can TCP connections of this family be looked up at all?  0, or the kernel's reason. */
int diag_probe(uint32_t family);

/* What the kernel says instead of an owner whom our user namespace does not know. */
uint32_t diag_unknown_owner(void);

/* Indexes of the network interfaces; returns how many were stored. */
size_t diag_interfaces(uint32_t *indexes_out, size_t room);

#endif
