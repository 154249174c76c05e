/* SPDX-License-Identifier: MIT */
#include "mib_row.h"

struct connection connection_of_row(const MIB_TCPROW *row)
{
    struct connection connection = {
        .local = {.port = (uint16_t)row->dwLocalPort},
        .remote = {.port = (uint16_t)row->dwRemotePort},
        .family = CONNECTION_IPV4,
    };

    __builtin_memcpy(connection.local.address, &row->dwLocalAddr, sizeof(row->dwLocalAddr));
    __builtin_memcpy(connection.remote.address, &row->dwRemoteAddr, sizeof(row->dwRemoteAddr));
    return connection;
}

struct connection connection_of_row6(const MIB_TCP6ROW *row)
{
    struct connection connection = {
        .local = {.port = (uint16_t)row->dwLocalPort, .scope_id = row->dwLocalScopeId},
        .remote = {.port = (uint16_t)row->dwRemotePort, .scope_id = row->dwRemoteScopeId},
        .family = CONNECTION_IPV6,
    };

    __builtin_memcpy(connection.local.address, &row->LocalAddr, sizeof(row->LocalAddr));
    __builtin_memcpy(connection.remote.address, &row->RemoteAddr, sizeof(row->RemoteAddr));
    return connection;
}

MIB_TCPROW row_of_connection(const struct connection *connection)
{
    MIB_TCPROW row = {
        .dwState = MIB_TCP_STATE_DELETE_TCB,
        .dwLocalPort = connection->local.port,
        .dwRemotePort = connection->remote.port,
    };

    __builtin_memcpy(&row.dwLocalAddr, connection->local.address, sizeof(row.dwLocalAddr));
    __builtin_memcpy(&row.dwRemoteAddr, connection->remote.address, sizeof(row.dwRemoteAddr));
    return row;
}

MIB_TCP6ROW row6_of_connection(const struct connection *connection)
{
    MIB_TCP6ROW row = {
        .dwLocalScopeId = connection->local.scope_id,
        .dwLocalPort = connection->local.port,
        .dwRemoteScopeId = connection->remote.scope_id,
        .dwRemotePort = connection->remote.port,
    };

    row.State = MIB_TCP_STATE_DELETE_TCB;
    __builtin_memcpy(&row.LocalAddr, connection->local.address, sizeof(row.LocalAddr));
    __builtin_memcpy(&row.RemoteAddr, connection->remote.address, sizeof(row.RemoteAddr));
    return row;
}
