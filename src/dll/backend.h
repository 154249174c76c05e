/* SPDX-License-Identifier: MIT */
/* Who closes the connection once the row is well-formed and the caller may. */
#ifndef BACKEND_H
#define BACKEND_H

#include "../common/connection.h"
#include "outcome.h"

/* The one for this process. */
struct outcome backend_close(const struct connection *connection);

struct outcome backend_native_close(const struct connection *connection); /* Windows: the system */
struct outcome backend_host_close(const struct connection *connection); /* Wine: the Linux helper */

#endif
