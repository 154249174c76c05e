/* SPDX-License-Identifier: MIT */
#include "backend.h"

#include "os.h"

struct answer backend_close(const struct connection *connection)
{
    return os_is_wine() ? backend_host_close(connection) : backend_native_close(connection);
}
