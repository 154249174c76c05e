/* SPDX-License-Identifier: MIT */
/* What the system's own iphlpapi.dll knows and does about TCP connections. */
#ifndef SYSTEM_TCP_H
#define SYSTEM_TCP_H

#include "tcp_row.h"

#include <stdbool.h>

/* Its SetTcpEntry's answer, unchanged; where there is none, why. */
DWORD system_tcp_delete(const MIB_TCPROW *row);

/* Does it say that the IPv4 transport is not configured? */
bool system_tcp_lacks_ipv4(void);

#endif
