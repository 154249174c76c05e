/* SPDX-License-Identifier: MIT */
/* Connections as tests write them: "1.2.3.4:5", "[::1]:5". */
#ifndef ENDPOINT_TEXT_H
#define ENDPOINT_TEXT_H

#include "../../src/tcpdrop/endpoint.h"
#include "testing.h"

#include <string.h>

static inline struct connection connection_of_text(const char *local, const char *remote)
{
    const char *local_port = strrchr(local, ':');
    const char *remote_port = strrchr(remote, ':');
    struct connection connection = {.family = 0};
    uint32_t family = 0;

    assert_null(endpoint_read_address(local, (size_t)(local_port - local), &connection.family,
                                      &connection.local));
    assert_null(
        endpoint_read_address(remote, (size_t)(remote_port - remote), &family, &connection.remote));
    assert_int_equal(family, connection.family);
    assert_null(endpoint_read_port(local_port + 1, &connection.local.port));
    assert_null(endpoint_read_port(remote_port + 1, &connection.remote.port));
    return connection;
}

static inline void assert_connection(const struct connection *connection, const char *local,
                                     const char *remote)
{
    char written[ENDPOINT_CHARS];

    assert_string_equal(endpoint_write(connection->family, &connection->local, written), local);
    assert_string_equal(endpoint_write(connection->family, &connection->remote, written), remote);
}

#endif
