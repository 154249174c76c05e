/* SPDX-License-Identifier: MIT */
/* Any bytes may be the arguments, each up to a NUL. */
#include "fuzz.h"

#include "tcpdrop/connection_name.h"
#include "tcpdrop/endpoint.h"

#include <stdio.h>

enum
{
    ARGUMENTS = 12,
};

static void promise_end(uint32_t family, const struct connection_end *end)
{
    static const uint8_t zeros[12];

    promise(end->port != 0 && end->unused == 0);
    promise(family == CONNECTION_IPV6 || memcmp(end->address + 4, zeros, 12) == 0);
    promise(end->scope_id == 0 || endpoint_is_link_local(family, end));
}

/* Written as this program and others write it, it is the same one. */
static void promise_same(const char *format, const char *local, const char *remote,
                         const struct connection *meant)
{
    char line[4 * ENDPOINT_CHARS];
    char *arguments[] = {line};
    struct connection again;
    int bad;

    snprintf(line, sizeof(line), format, local, remote);
    promise(connection_name_read(1, arguments, &again, &bad) == NULL && bad == 1);
    promise(memcmp(&again, meant, sizeof(again)) == 0);
}

static void promise_what_was_read(const struct connection *connection)
{
    char local[ENDPOINT_CHARS];
    char remote[ENDPOINT_CHARS];

    promise(connection->family == CONNECTION_IPV4 || connection->family == CONNECTION_IPV6);
    promise_end(connection->family, &connection->local);
    promise_end(connection->family, &connection->remote);
    endpoint_write(connection->family, &connection->local, local);
    endpoint_write(connection->family, &connection->remote, remote);
    promise_same("%s %s", local, remote, connection);
    promise_same("%s->%s", local, remote, connection);
    promise_same("tcp6  %s  %s  ESTABLISHED  1234  a -> b:80", local, remote, connection);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = calloc(size + 1, 1);
    char *arguments[ARGUMENTS] = {bytes};
    struct connection connection;
    int count = 1;
    int bad = -1;

    if (!bytes) {
        abort();
    }
    memcpy(bytes, data, size);
    for (size_t i = 0; i < size && count < ARGUMENTS; i++) {
        if (bytes[i] == 0) {
            arguments[count++] = bytes + i + 1;
        }
    }
    if (!connection_name_read(count, arguments, &connection, &bad)) {
        promise_what_was_read(&connection);
    }
    promise(bad >= 0 && bad <= count);
    promise(memcmp(bytes, data, size) == 0);
    free(bytes);
    return 0;
}
