/* SPDX-License-Identifier: MIT */
/* Windows: the system closes the connection. */
#include "backend.h"
#include "nsi.h"
#include "system_tcp.h"

static struct outcome close_ipv4(const struct connection *connection)
{
    const DWORD code = system_tcp_close(connection);

    if (code != ERROR_MR_MID_NOT_FOUND) {
        return outcome_plain(code, "the system's own answer");
    }
    /* The system says 317 for whatever goes wrong; the caller's rights are known to be there. */
    if (system_tcp_lacks_ipv4()) {
        return outcome_plain(ERROR_NOT_SUPPORTED, "the system has no IPv4");
    }
    return (struct outcome){ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND, "the system's own answer"};
}

struct outcome backend_native_close(const struct connection *connection)
{
    return connection->family == CONNECTION_IPV4
               ? close_ipv4(connection)
               : outcome_plain(nsi_close_ipv6(connection), "the system's own answer");
}
