/* SPDX-License-Identifier: MIT */
/* A kernel with the sockets that a test wants.  Like the real one it finds a listener where the
 * connection is gone, IPv6 sockets for IPv4 keys, and bound sockets only by their interface. */
#ifndef FAKE_DIAG_H
#define FAKE_DIAG_H

#include "diag.h"

#include <stdbool.h>

enum
{
    FAKE_SOCKETS = 8,
    FAKE_UNKNOWN_OWNER = 65534,
    FAKE_INODE = 4711, /* of the netlink socket */
};

struct fake_diag
{
    struct diag_socket sockets[FAKE_SOCKETS];
    bool destroyed[FAKE_SOCKETS];
    size_t count;
    uint32_t interfaces[4];
    size_t interface_count;
    bool becomes_listener; /* the first socket, after it has been found */
    bool lies;             /* finds the first socket whatever was asked for */
    int find_error;        /* instead of looking */
    int probe_error;       /* what a look at the whole list says */
    int destroy_error;     /* instead of destroying */
    int vain_destroys;     /* so many say 0 and destroy nothing, as older kernels do for orphans */
    bool may_spare_orphans;
    int probes;
};

extern struct fake_diag fake_diag;

#endif
