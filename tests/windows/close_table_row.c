/* SPDX-License-Identifier: MIT */
/*
 * close_table_row LOCAL_PORT REMOTE_PORT: takes the row with these ports from GetTcp6Table, changes
 * nothing in it but the state, and calls SetTcp6Entry.  Exit status 3 if there is no such row.
 */
#include "settcpentry.h"

#include <stdio.h>
#include <stdlib.h>

static MIB_TCP6ROW *find(MIB_TCP6TABLE *table, u_short local_port, u_short remote_port)
{
    for (DWORD i = 0; i < table->dwNumEntries; i++) {
        MIB_TCP6ROW *row = &table->table[i];

        if ((u_short)row->dwLocalPort == htons(local_port) &&
            (u_short)row->dwRemotePort == htons(remote_port)) {
            return row;
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    static DWORD room[0x10000];
    MIB_TCP6TABLE *table = (MIB_TCP6TABLE *)(void *)room;
    ULONG bytes = sizeof(room);
    MIB_TCP6ROW *row;
    DWORD code;

    if (argc != 3 || GetTcp6Table(table, &bytes, FALSE) != NO_ERROR) {
        return 2;
    }
    row = find(table, (u_short)strtoul(argv[1], NULL, 10), (u_short)strtoul(argv[2], NULL, 10));
    if (!row) {
        return 3;
    }
    row->State = MIB_TCP_STATE_DELETE_TCB;
    code = SetTcp6Entry(row);
    printf("SetTcp6Entry returned %lu, LastError %lu\n", code, GetLastError());
    return code == NO_ERROR ? 0 : 1;
}
