/* SPDX-License-Identifier: MIT */
/* Who closes the connection once the row is well-formed and the caller may. */
#ifndef BACKEND_H
#define BACKEND_H

#include "../common/answer.h"
#include "../common/connection.h"

/* The one for this process. */
struct answer backend_close(const struct connection *connection);

struct answer backend_native_close(const struct connection *connection); /* Windows: the system */
struct answer backend_host_close(const struct connection *connection); /* Wine: the Linux helper */

#endif
