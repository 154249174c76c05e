/* SPDX-License-Identifier: MIT */
/*
 * retrying_close LOCAL_ADDRESS:PORT REMOTE_ADDRESS:PORT
 *
 * Closes one IPv4 TCP connection, with a second and a third try where that may help, and says what came of it.
 * Link with iphlp.lib (or -liphlp) and ws2_32.  Exit status: 0 closed, 1 not, 2 usage.
 */
#include "../text.h"
#include "closing.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    MIB_TCPROW row = {.dwState = MIB_TCP_STATE_DELETE_TCB};
    struct closing closing;

    if (argc != 3 || !parse(argv[1], &row.dwLocalAddr, &row.dwLocalPort) ||
        !parse(argv[2], &row.dwRemoteAddr, &row.dwRemotePort)) {
        fprintf(stderr, "usage: retrying_close LOCAL_ADDRESS:PORT REMOTE_ADDRESS:PORT\n");
        return 2;
    }
    closing = close_with_retry(&row);
    printf("%s (%lu, LastError %lu; tries: %d)\n", closing_message(&closing), closing.code,
           closing.last_error, closing.tries);
    return closing.code == NO_ERROR ? 0 : 1;
}
