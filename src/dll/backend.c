/* SPDX-License-Identifier: MIT */
#include "backend.h"

#include "host_session.h"
#include "os.h"

int backend_begin(const struct connection *connection)
{
    return os_is_wine() ? host_session_begin(connection) : HOST_SESSION_NOT_BEGUN;
}

void backend_leave(int begun)
{
    host_session_leave(begun);
}

struct answer backend_close(const struct connection *connection, int begun)
{
    return os_is_wine() ? backend_host_close(connection, begun) : backend_native_close(connection);
}
