/* SPDX-License-Identifier: MIT */
#include "fake_system_tcp.h"

struct fake_system_tcp fake_system_tcp;

DWORD system_tcp_close(const struct connection *connection)
{
    (void)connection;
    fake_system_tcp.closes++;
    return fake_system_tcp.code;
}

bool system_tcp_lacks_ipv4(void)
{
    return fake_system_tcp.lacks_ipv4;
}
