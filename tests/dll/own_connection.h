/* SPDX-License-Identifier: MIT */
/* A real TCP connection that the test program itself owns, both ends of it. */
#ifndef OWN_CONNECTION_H
#define OWN_CONNECTION_H

#include <winsock2.h>

#include <windows.h>

#include <iphlpapi.h>

struct connection
{
    SOCKET listener;
    SOCKET client;
    SOCKET server;
    MIB_TCPROW row; /* as seen from the client, state MIB_TCP_STATE_DELETE_TCB */
};

/* Starts Winsock once, and connects through a listener on 127.0.0.1.  Fails the test if it cannot. */
void connection_open(struct connection *connection);
void connection_close(struct connection *connection);

/* Does a byte still go from client to server? */
BOOL connection_lives(struct connection *connection);

/* Is the listener still there for another client? */
BOOL connection_listens(struct connection *connection);

#endif
