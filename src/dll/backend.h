/* SPDX-License-Identifier: MIT */
/* Who closes the connection once the row is well-formed and the caller may. */
#ifndef BACKEND_H
#define BACKEND_H

#include "outcome.h"
#include "tcp_row.h"

struct tcp_backend
{
    const char *name;
    struct outcome (*delete_ipv4)(const MIB_TCPROW *row);
    struct outcome (*delete_ipv6)(const MIB_TCP6ROW *row);
};

extern const struct tcp_backend backend_native; /* Windows: the system's own function */
extern const struct tcp_backend backend_host;   /* Wine: the Linux helper */

/* The one for this process; never NULL, always the same. */
const struct tcp_backend *backend_get(void);

#endif
