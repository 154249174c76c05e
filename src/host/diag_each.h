/* SPDX-License-Identifier: MIT */
/* The kernel's list of TCP connections, for Linux programs that show it.  The helper has no use for it. */
#ifndef DIAG_EACH_H
#define DIAG_EACH_H

#include "diag.h"

/* is_subflow is false, as the list does not say so. */
typedef void diag_take_func(void *taker, const struct diag_socket *socket);

/*
 * Gives each socket of this family (enum connection_family) that is in one of these states, a set of bits
 * 1 << TCP_ESTABLISHED, ... of netinet/tcp.h, to take.  Those of IPv6 that speak IPv4 are among IPv6's.
 *
 * The kernel hands the list out in parts of some 200 sockets.  All that are there from the beginning to the end are in
 * it, but for this: where sockets come or go while it is read, one that hangs in the same bucket of the kernel's
 * hash table can be left out at the border of two parts, or given twice, with the same diag_identity.
 *
 * Returns 0; or an errno, and what has been given then is a part: of them EAGAIN, if the kernel says that the list has
 * changed too much to be right, and ENOBUFS, if it had no memory, may be over if asked again.
 */
int diag_each(uint32_t family, uint32_t states, diag_take_func *take, void *taker);

#endif
