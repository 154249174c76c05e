/* SPDX-License-Identifier: MIT */
/* Windows: the system closes the connection. */
#include "backend.h"
#include "nsi.h"
#include "system_tcp.h"

static struct answer system_answer(DWORD code)
{
    return code == NO_ERROR ? answer_of(ANSWER_CLOSED) : (struct answer){ANSWER_SYSTEMS_OWN, code};
}

/* The system says 317 for whatever goes wrong; the caller's rights are known to be there. */
static struct answer close_ipv4(const struct connection *connection)
{
    const DWORD code = system_tcp_close(connection);

    if (code != ERROR_MR_MID_NOT_FOUND) {
        return system_answer(code);
    }
    return answer_of(system_tcp_lacks_ipv4() ? ANSWER_NO_IPV4 : ANSWER_NOT_FOUND);
}

static struct answer close_ipv6(const struct connection *connection)
{
    const DWORD code = nsi_close_ipv6(connection);

    switch (code) {
    case ERROR_NOT_FOUND:
        return answer_of(ANSWER_NOT_FOUND);
    case ERROR_MOD_NOT_FOUND:
    case ERROR_PROC_NOT_FOUND:
        return answer_of(ANSWER_NO_IPV6);
    default:
        return system_answer(code);
    }
}

struct answer backend_native_close(const struct connection *connection)
{
    return connection->family == CONNECTION_IPV4 ? close_ipv4(connection) : close_ipv6(connection);
}
