/* SPDX-License-Identifier: MIT */
/* What the system's own iphlpapi.dll knows and does about TCP connections. */
#ifndef SYSTEM_TCP_H
#define SYSTEM_TCP_H

#include "tcp_row.h"

#include <stdbool.h>

enum system_tcp_presence
{
    SYSTEM_TCP_ABSENT,  /* no such row, or a listener */
    SYSTEM_TCP_PRESENT, /* the table has this connection */
    SYSTEM_TCP_UNKNOWN, /* there is no table to look at */
};

/* Its SetTcpEntry's answer, unchanged; where there is none, why. */
DWORD system_tcp_delete(const MIB_TCPROW *row);

/* Is this connection, whatever its state but LISTEN, in its TCP table?  Scope ids do not count:
 * Wine's table has odd ones. */
enum system_tcp_presence system_tcp_look(const MIB_TCPROW *row);
enum system_tcp_presence system_tcp6_look(const MIB_TCP6ROW *row);

/* Does it say that the IPv4 transport is not configured? */
bool system_tcp_lacks_ipv4(void);

#endif
