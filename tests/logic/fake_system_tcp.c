/* SPDX-License-Identifier: MIT */
#include "fake_system_tcp.h"

struct fake_system_tcp fake_system_tcp;

DWORD system_tcp_delete(const MIB_TCPROW *row)
{
    (void)row;
    fake_system_tcp.deletes++;
    return fake_system_tcp.delete_code;
}

bool system_tcp_lacks_ipv4(void)
{
    return fake_system_tcp.lacks_ipv4;
}
