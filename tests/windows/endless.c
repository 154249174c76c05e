/* SPDX-License-Identifier: MIT */
/* Calls SetTcpEntry without end, for a row that has no connection. */
#include "settcpentry.h"

int main(void)
{
    MIB_TCPROW row = {
        .dwState = MIB_TCP_STATE_DELETE_TCB,
        .dwLocalAddr = 0x0100007F,
        .dwLocalPort = 0x0100,
        .dwRemoteAddr = 0x0100007F,
        .dwRemotePort = 0x0200,
    };

    for (;;) {
        SetTcpEntry(&row);
    }
}
