/* SPDX-License-Identifier: MIT */
/* linked LOCAL:PORT REMOTE:PORT: calls the SetTcpEntry that it is linked with. */
#include "row.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    MIB_TCPROW row;
    DWORD code;

    if (!read_row(argc, argv, &row)) {
        return 2;
    }
    SetLastError(NO_ERROR);
    code = SetTcpEntry(&row);
    printf("SetTcpEntry returned %lu, LastError %lu\n", code, GetLastError());
    return code == NO_ERROR ? 0 : 1;
}
