/* SPDX-License-Identifier: MIT */
/* Pure: is this row a well-formed request to delete a connection? */
#ifndef TCP_ROW_H
#define TCP_ROW_H

#include <winsock2.h>

#include <windef.h>

#include <iphlpapi.h>

/* NO_ERROR, or ERROR_INVALID_PARAMETER for a row whose state is not MIB_TCP_STATE_DELETE_TCB.
 * Addresses and ports are not judged: the one who looks for the connection does that. */
DWORD tcp_row_check(DWORD tcp_state);

/* The port of dwLocalPort or dwRemotePort, network byte order; the upper half may be garbage. */
WORD tcp_row_port(DWORD port);

#endif
