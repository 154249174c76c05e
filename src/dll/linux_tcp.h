/* SPDX-License-Identifier: MIT */
/* Is there such a connection?  By Linux's own lists, /proc/net/tcp and tcp6: Wine's tables have none
 * but those of one Wine (since 9.17), and none between IPv4 addresses over IPv6 sockets. */
#ifndef LINUX_TCP_H
#define LINUX_TCP_H

#include "../common/connection.h"

enum linux_tcp_presence
{
    LINUX_TCP_ABSENT, /* no such connection, or a listener */
    LINUX_TCP_PRESENT,
    LINUX_TCP_UNKNOWN, /* Linux's lists cannot be read */
};

/* One between these addresses and ports, in whatever state but LISTEN.  For IPv4 also over IPv6
 * sockets (::ffff:); for IPv6 over these only.  Scope ids do not count.
 * Source: proc_pid_net(5), and the lists' own first lines */
enum linux_tcp_presence linux_tcp_look(const struct connection *connection);

#endif
