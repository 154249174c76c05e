/* SPDX-License-Identifier: MIT */
/* table LOCAL:PORT REMOTE:PORT: looks the connection up in the TCP table, and closes it by its row there.
 * The table is the system's, or passed through; SetTcpEntry is ours. */
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

int main(int argc, char **argv)
{
    MIB_TCPROW row;
    DWORD code;

    if (!read_row(argc, argv, &row)) {
        return 2;
    }
    row = find_row(&row);
    SetLastError(NO_ERROR);
    code = SetTcpEntry(&row);
    printf("SetTcpEntry returned %lu, LastError %lu\n", code, GetLastError());
    return code == NO_ERROR ? 0 : 1;
}
