/* SPDX-License-Identifier: MIT */
#include "fake_system_tcp.h"

struct fake_system_tcp fake_system_tcp;

DWORD system_tcp_delete(const MIB_TCPROW *row)
{
    (void)row;
    fake_system_tcp.deletes++;
    return fake_system_tcp.delete_code;
}

enum system_tcp_presence system_tcp_look(const MIB_TCPROW *row)
{
    (void)row;
    fake_system_tcp.looks++;
    return fake_system_tcp.deletes == 0 ? fake_system_tcp.before : fake_system_tcp.after;
}

enum system_tcp_presence system_tcp6_look(const MIB_TCP6ROW *row)
{
    (void)row;
    fake_system_tcp.looks++;
    return fake_system_tcp.before;
}

bool system_tcp_lacks_ipv4(void)
{
    return fake_system_tcp.lacks_ipv4;
}
