/* SPDX-License-Identifier: MIT */
/*
 * close_connection_ipv6 [LOCAL_ADDRESS]:PORT [REMOTE_ADDRESS]:PORT
 *
 * Closes one IPv6 TCP connection with SetTcp6Entry, and says what came of it.  A link-local address
 * may name its interface: [fe80::1%2]:80.
 * Link with iphlp.lib (or -liphlp) and ws2_32.  Exit status: 0 closed, 1 not, 2 usage.
 */
#include "settcpentry.h"

#include <stdio.h>
#include <ws2tcpip.h>

/* FALSE if the text is no address with a port. */
static BOOL parse(char *text, struct sockaddr_in6 *end_out)
{
    int bytes = sizeof(*end_out);

    return text[0] == '[' &&
           WSAStringToAddressA(text, AF_INET6, NULL, (struct sockaddr *)end_out, &bytes) == 0 &&
           end_out->sin6_port != 0;
}

static MIB_TCP6ROW row_of(const struct sockaddr_in6 *local, const struct sockaddr_in6 *remote)
{
    MIB_TCP6ROW row;

    row.State = MIB_TCP_STATE_DELETE_TCB;
    row.LocalAddr = local->sin6_addr;
    row.dwLocalScopeId = local->sin6_scope_id;
    row.dwLocalPort = local->sin6_port;
    row.RemoteAddr = remote->sin6_addr;
    row.dwRemoteScopeId = remote->sin6_scope_id;
    row.dwRemotePort = remote->sin6_port;
    return row;
}

int main(int argc, char **argv)
{
    struct sockaddr_in6 local;
    struct sockaddr_in6 remote;
    MIB_TCP6ROW row;
    WSADATA data;
    DWORD code;

    WSAStartup(MAKEWORD(2, 2), &data);
    if (argc != 3 || !parse(argv[1], &local) || !parse(argv[2], &remote)) {
        fprintf(stderr,
                "usage: close_connection_ipv6 [LOCAL_ADDRESS]:PORT [REMOTE_ADDRESS]:PORT\n");
        return 2;
    }
    row = row_of(&local, &remote);
    SetLastError(NO_ERROR);
    code = SetTcp6Entry(&row);
    printf("SetTcp6Entry returned %lu, LastError %lu\n", code, GetLastError());
    return code == NO_ERROR ? 0 : 1;
}
