/* SPDX-License-Identifier: MIT */
/* A row for SetTcpEntry, in C and C++. */
#ifndef ROW_H
#define ROW_H

#include "settcpentry.h"

#include <string.h>

/* Reads "127.0.0.1:8080"; 0 if it is something else. */
static inline int read_end(char *text, struct sockaddr_in *end_out)
{
    int bytes = sizeof(*end_out);

    return WSAStringToAddressA(text, AF_INET, NULL, (struct sockaddr *)end_out, &bytes) == 0 &&
           end_out->sin_port != 0;
}

/* The row that closes this connection. */
static inline void fill_row(MIB_TCPROW *row_out, const struct sockaddr_in *local,
                            const struct sockaddr_in *remote)
{
    memset(row_out, 0, sizeof(*row_out));
    row_out->dwState = MIB_TCP_STATE_DELETE_TCB;
    row_out->dwLocalAddr = local->sin_addr.s_addr;
    row_out->dwLocalPort = local->sin_port;
    row_out->dwRemoteAddr = remote->sin_addr.s_addr;
    row_out->dwRemotePort = remote->sin_port;
}

/* The row that closes the connection LOCAL:PORT REMOTE:PORT of the command line; 0 if that is wrong. */
static inline int read_row(int argc, char **argv, MIB_TCPROW *row_out)
{
    struct sockaddr_in local;
    struct sockaddr_in remote;
    WSADATA data;

    WSAStartup(MAKEWORD(2, 2), &data);
    if (argc != 3 || !read_end(argv[1], &local) || !read_end(argv[2], &remote)) {
        return 0;
    }
    fill_row(row_out, &local, &remote);
    return 1;
}

#endif
