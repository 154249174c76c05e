/* SPDX-License-Identifier: MIT */
/* table TO:PORT: connects, looks its connection up in the TCP table, and closes it by its row there.  The
 * table is the system's, or passed through; SetTcpEntry is ours.  Newer Wines list no other program's. */
#include "row.h"

#include <stdio.h>
#include <stdlib.h>

static int is_same(const MIB_TCPROW *a, const MIB_TCPROW *b)
{
    return a->dwLocalAddr == b->dwLocalAddr && (u_short)a->dwLocalPort == b->dwLocalPort &&
           a->dwRemoteAddr == b->dwRemoteAddr && (u_short)a->dwRemotePort == b->dwRemotePort;
}

/* The table's row for this connection, as a request to delete it; of zeros if there is none. */
static MIB_TCPROW find_row(const MIB_TCPROW *wanted)
{
    MIB_TCPROW row;
    DWORD bytes = 0;
    MIB_TCPTABLE *table = NULL;

    memset(&row, 0, sizeof(row));
    while (GetTcpTable(table, &bytes, FALSE) == ERROR_INSUFFICIENT_BUFFER) {
        free(table);
        table = (MIB_TCPTABLE *)malloc(bytes);
    }
    for (DWORD i = 0; table && i < table->dwNumEntries; i++) {
        if (is_same(&table->table[i], wanted)) {
            row = table->table[i];
        }
    }
    free(table);
    row.dwState = MIB_TCP_STATE_DELETE_TCB;
    return row;
}

/* By its addresses. */
static MIB_TCPROW row_of(SOCKET connection)
{
    struct sockaddr_in local;
    struct sockaddr_in remote;
    int bytes = sizeof(local);
    MIB_TCPROW row;

    memset(&row, 0, sizeof(row));
    if (getsockname(connection, (struct sockaddr *)&local, &bytes) == 0 &&
        getpeername(connection, (struct sockaddr *)&remote, &bytes) == 0) {
        fill_row(&row, &local, &remote);
    }
    return row;
}

int main(int argc, char **argv)
{
    struct sockaddr_in to;
    SOCKET connection;
    WSADATA data;
    MIB_TCPROW row;
    DWORD code;
    char byte;

    WSAStartup(MAKEWORD(2, 2), &data);
    if (argc != 2 || !read_end(argv[1], &to)) {
        return 2;
    }
    connection = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    if (connect(connection, (struct sockaddr *)&to, sizeof(to)) != 0) {
        return 2;
    }
    row = row_of(connection);
    row = find_row(&row);
    SetLastError(NO_ERROR);
    code = SetTcpEntry(&row);
    printf("SetTcpEntry returned %lu, LastError %lu\n", code, GetLastError());
    return code == NO_ERROR && recv(connection, &byte, 1, 0) <= 0 ? 0 : 1;
}
