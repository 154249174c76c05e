/* SPDX-License-Identifier: MIT */
/*
 * close_connection LOCAL_ADDRESS:PORT REMOTE_ADDRESS:PORT
 *
 * Closes one IPv4 TCP connection with SetTcpEntry, and says what came of it.
 * Link with iphlp.lib (or -liphlp) and ws2_32.  Exit status: 0 closed, 1 not, 2 usage.
 */
#include "settcpentry.h"

#include "text.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    MIB_TCPROW row = {.dwState = MIB_TCP_STATE_DELETE_TCB};
    DWORD code;
    DWORD last_error;

    if (argc != 3 || !parse(argv[1], &row.dwLocalAddr, &row.dwLocalPort) ||
        !parse(argv[2], &row.dwRemoteAddr, &row.dwRemotePort)) {
        fprintf(stderr, "usage: close_connection LOCAL_ADDRESS:PORT REMOTE_ADDRESS:PORT\n");
        return 2;
    }
    SetLastError(NO_ERROR);
    code = SetTcpEntry(&row);
    last_error = GetLastError();
    printf("SetTcpEntry returned %lu, LastError %lu: %s\n", code, last_error,
           sentence(code, last_error));
    return code == NO_ERROR ? 0 : 1;
}
