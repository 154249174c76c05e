/* SPDX-License-Identifier: MIT */
/* Pure: connections and Windows' rows for them.  A row that is made asks to delete the connection. */
#ifndef MIB_ROW_H
#define MIB_ROW_H

#include <winsock2.h>

#include <windef.h>

#include <iphlpapi.h>

#include "connection.h"

/* The upper halves of ports may hold anything; what else there is, is taken as it is. */
struct connection connection_of_row(const MIB_TCPROW *row);
struct connection connection_of_row6(const MIB_TCP6ROW *row);

MIB_TCPROW row_of_connection(const struct connection *connection);
MIB_TCP6ROW row6_of_connection(const struct connection *connection);

#endif
