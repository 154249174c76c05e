/* SPDX-License-Identifier: MIT */
/* What the system's own iphlpapi.dll knows and does about TCP connections. */
#ifndef SYSTEM_TCP_H
#define SYSTEM_TCP_H

#include "../common/mib_row.h"

#include <stdbool.h>

/* Its SetTcpEntry's answer for this IPv4 connection, unchanged; where there is no such function, why. */
DWORD system_tcp_close(const struct connection *connection);

/* Does it say that the IPv4 transport is not configured? */
bool system_tcp_lacks_ipv4(void);

#endif
