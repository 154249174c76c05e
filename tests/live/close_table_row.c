/* SPDX-License-Identifier: MIT */
/*
 * close_table_row [FROM] [TO]:PORT: connects, takes its own row from GetTcp6Table (newer Wines list no other
 * program's), changes nothing in it but the state, and calls SetTcp6Entry; its connection then has
 * to be at its end (recv 0: Wine's server may have taken the error).  Exit status 3 if there is no such row.
 */
#include "settcpentry.h"

#include <stdio.h>
#include <ws2tcpip.h>

static BOOL parse(char *text, SOCKADDR_IN6 *end_out)
{
    int bytes = sizeof(*end_out);

    return WSAStringToAddressA(text, AF_INET6, NULL, (SOCKADDR *)end_out, &bytes) == 0;
}

static SOCKET connect_from(const SOCKADDR_IN6 *from, const SOCKADDR_IN6 *to)
{
    const SOCKET client = socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP);
    const DWORD mapped_too = 0;

    if (setsockopt(client, IPPROTO_IPV6, IPV6_V6ONLY, (const char *)&mapped_too,
                   sizeof(mapped_too)) != 0 ||
        bind(client, (const SOCKADDR *)from, sizeof(*from)) != 0 ||
        connect(client, (const SOCKADDR *)to, sizeof(*to)) != 0) {
        printf("not connected: %d\n", WSAGetLastError());
        return INVALID_SOCKET;
    }
    return client;
}

static MIB_TCP6ROW *find(MIB_TCP6TABLE *table, u_short local_port, u_short remote_port)
{
    for (DWORD i = 0; i < table->dwNumEntries; i++) {
        MIB_TCP6ROW *row = &table->table[i];

        if ((u_short)row->dwLocalPort == local_port && (u_short)row->dwRemotePort == remote_port) {
            return row;
        }
    }
    return NULL;
}

static MIB_TCP6ROW *own_row(SOCKET client, u_short remote_port)
{
    static DWORD room[0x10000];
    MIB_TCP6TABLE *table = (MIB_TCP6TABLE *)(void *)room;
    ULONG bytes = sizeof(room);
    SOCKADDR_IN6 own = {0};
    int own_bytes = sizeof(own);

    if (getsockname(client, (SOCKADDR *)&own, &own_bytes) != 0 ||
        GetTcp6Table(table, &bytes, FALSE) != NO_ERROR) {
        return NULL;
    }
    return find(table, own.sin6_port, remote_port);
}

int main(int argc, char **argv)
{
    SOCKADDR_IN6 from;
    SOCKADDR_IN6 to;
    SOCKET client;
    MIB_TCP6ROW *row;
    WSADATA wsa;
    DWORD code;
    char byte;

    if (WSAStartup(MAKEWORD(2, 2), &wsa) != 0 || argc != 3 || !parse(argv[1], &from) ||
        !parse(argv[2], &to)) {
        return 2;
    }
    client = connect_from(&from, &to);
    if (client == INVALID_SOCKET) {
        return 2;
    }
    row = own_row(client, to.sin6_port);
    if (!row) {
        return 3;
    }
    row->State = MIB_TCP_STATE_DELETE_TCB;
    code = SetTcp6Entry(row);
    printf("SetTcp6Entry returned %lu, LastError %lu\n", code, GetLastError());
    return code == NO_ERROR && recv(client, &byte, 1, 0) <= 0 ? 0 : 1;
}
