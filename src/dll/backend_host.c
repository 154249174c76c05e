/* SPDX-License-Identifier: MIT */
/* Wine: the Linux helper closes the connection; without it, at least nothing is claimed. */
#include "backend.h"
#include "host_session.h"
#include "linux_tcp.h"
#include "os.h"
#include "settcpentry.h"
#include "system_tcp.h"

_Static_assert(SETTCPENTRY_LIMIT_MS == HOST_CALL_LIMIT_MS, "what is promised is what is kept");

/*
 * There is no helper.  Wine's own function may be a stub that claims success, or one day may work: only
 * what Linux lists afterwards counts.  For IPv6 no Wine has a function that one could try.
 */
static struct answer close_without_helper(const struct connection *connection)
{
    const enum linux_tcp_presence presence = linux_tcp_look(connection);

    if (presence == LINUX_TCP_ABSENT) {
        return answer_of(ANSWER_NOT_FOUND);
    }
    if (presence == LINUX_TCP_PRESENT && connection->family == CONNECTION_IPV4 &&
        system_tcp_close(connection) == NO_ERROR &&
        linux_tcp_look(connection) == LINUX_TCP_ABSENT) {
        return answer_of(ANSWER_CLOSED_BY_WINE);
    }
    return answer_of(ANSWER_NO_HELPER);
}

struct answer backend_host_close(const struct connection *connection, int begun)
{
    const struct answer answer = host_session_ask(connection, begun);

    return answer.kind == ANSWER_NO_HELPER ? close_without_helper(connection) : answer;
}
