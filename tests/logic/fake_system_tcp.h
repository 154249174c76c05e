/* SPDX-License-Identifier: MIT */
/* A system's iphlpapi.dll that answers what a test wants. */
#ifndef FAKE_SYSTEM_TCP_H
#define FAKE_SYSTEM_TCP_H

#include "system_tcp.h"

struct fake_system_tcp
{
    DWORD delete_code;
    enum system_tcp_presence before; /* what its table shows until a row is deleted ... */
    enum system_tcp_presence after;  /* ... and from then on */
    bool lacks_ipv4;
    int deletes;
    int looks;
};

extern struct fake_system_tcp fake_system_tcp;

#endif
