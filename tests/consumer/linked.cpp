// SPDX-License-Identifier: MIT
// linked_cpp LOCAL:PORT REMOTE:PORT: the same in C++.
#include "row.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    MIB_TCPROW row;
    if (!read_row(argc, argv, &row)) {
        return 2;
    }
    SetLastError(NO_ERROR);
    const DWORD code = SetTcpEntry(&row);
    printf("SetTcpEntry returned %lu, LastError %lu\n", code, GetLastError());
    return code == NO_ERROR ? 0 : 1;
}
