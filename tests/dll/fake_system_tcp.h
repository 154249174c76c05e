/* SPDX-License-Identifier: MIT */
/* A system's iphlpapi.dll that answers what a test wants. */
#ifndef FAKE_SYSTEM_TCP_H
#define FAKE_SYSTEM_TCP_H

#include "system_tcp.h"

struct fake_system_tcp
{
    DWORD code; /* of its SetTcpEntry */
    bool lacks_ipv4;
    int closes;
};

extern struct fake_system_tcp fake_system_tcp;

#endif
