/* SPDX-License-Identifier: MIT */
/* A backend that answers what a test wants. */
#ifndef FAKE_BACKEND_H
#define FAKE_BACKEND_H

#include "backend.h"

struct fake_backend
{
    struct outcome outcome;
    int calls;
    MIB_TCPROW row;   /* of the last call for IPv4 ... */
    MIB_TCP6ROW row6; /* ... and for IPv6 */
};

extern struct fake_backend fake_backend;

#endif
