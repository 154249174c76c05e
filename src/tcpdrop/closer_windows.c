/* SPDX-License-Identifier: MIT */
#include "closer.h"

#include "settcpentry.h"

#include "../common/command_line.h"
#include "../common/mib_row.h"

static DWORD close_connection(const struct connection *connection)
{
    MIB_TCPROW row;
    MIB_TCP6ROW row6;

    if (connection->family == CONNECTION_IPV4) {
        row = row_of_connection(connection);
        return SetTcpEntry(&row);
    }
    row6 = row6_of_connection(connection);
    return SetTcp6Entry(&row6);
}

void closer_close(const struct table_row *const rows[], size_t count, closer_told_func *tell,
                  void *told)
{
    for (size_t i = 0; i < count; i++) {
        const DWORD code = close_connection(&rows[i]->connection);
        const struct closer_outcome outcome = {
            .code = code,
            .last_error = code == NO_ERROR ? NO_ERROR : GetLastError(),
        };

        tell(told, i, &outcome);
    }
}

/* Windows does not tell whose they are, and Wine neither that nor whether there is a helper. */
void closer_foresee(const struct table_row *const rows[], size_t count, closer_told_func *tell,
                    void *told)
{
    const struct closer_outcome closed = {.code = NO_ERROR};

    (void)rows;
    for (size_t i = 0; i < count; i++) {
        tell(told, i, &closed);
    }
}

struct meaning closer_meaning(uint32_t family, const struct closer_outcome *outcome)
{
    return meaning_of(family, outcome->code, outcome->last_error);
}

void closer_print_version(void)
{
    command_line_print_version("tcpdrop");
}
