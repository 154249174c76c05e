/* SPDX-License-Identifier: MIT */
/*
 * Calls SetTcpEntry for a row that has no connection, without end.
 *   endless [MILLISECONDS]    until then, when it terminates itself
 */
#include "settcpentry.h"

#include <stdlib.h>

static DWORD WINAPI terminate_us(void *milliseconds)
{
    Sleep((DWORD)(ULONG_PTR)milliseconds);
    TerminateProcess(GetCurrentProcess(), 1);
    return 0;
}

int main(int argc, char **argv)
{
    MIB_TCPROW row = {
        .dwState = MIB_TCP_STATE_DELETE_TCB,
        .dwLocalAddr = 0x0100007F,
        .dwLocalPort = 0x0100,
        .dwRemoteAddr = 0x0100007F,
        .dwRemotePort = 0x0200,
    };

    if (argc == 2) {
        CreateThread(NULL, 0, terminate_us, (void *)(ULONG_PTR)strtoul(argv[1], NULL, 10), 0, NULL);
    }
    for (;;) {
        SetTcpEntry(&row);
    }
}
