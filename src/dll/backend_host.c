/* SPDX-License-Identifier: MIT */
/* Wine: the Linux helper closes the connection; without it, at least nothing is claimed. */
#include "backend.h"
#include "host_session.h"
#include "linux_tcp.h"
#include "os.h"
#include "settcpentry.h"
#include "system_tcp.h"

_Static_assert(SETTCPENTRY_LIMIT_MS == HOST_CALL_LIMIT_MS, "what is promised is what is kept");

static struct outcome verdict_outcome(enum host_verdict verdict, uint32_t family)
{
    static const struct
    {
        DWORD ipv4_code;
        DWORD ipv6_code;
        DWORD last_error;
        const char *words;
    } outcomes[] = {
#define X(name, ipv4_code, ipv6_code, last_error, words)                                           \
    [name] = {ipv4_code, ipv6_code, last_error, words},
        HOST_VERDICTS(X)
#undef X
    };

    return (struct outcome){
        family == CONNECTION_IPV4 ? outcomes[verdict].ipv4_code : outcomes[verdict].ipv6_code,
        outcomes[verdict].last_error,
        outcomes[verdict].words,
    };
}

/* A failure of host_session_ask's, for who cannot see otherwise what went wrong. */
static struct outcome failure_outcome(DWORD error)
{
    static const struct
    {
        DWORD error;
        const char *words;
    } failures[] = {
        {ERROR_TIMEOUT, "the helper did not start, or did not answer, in time"},
        {ERROR_BROKEN_PIPE, "the helper died; if it had begun, it may have closed the connection"},
        {ERROR_REVISION_MISMATCH, "the helper is of another version than this DLL"},
        {ERROR_INVALID_DATA, "the helper answers nonsense"},
        {ERROR_BAD_EXE_FORMAT, "what is at the helper's path cannot be executed"},
        {ERROR_CANNOT_MAKE, "no file can be made in /dev/shm or /tmp to share with the helper"},
        {ERROR_BUSY, "the helper serves as many programs as it can"},
        {ERROR_NETWORK_UNREACHABLE, "the helper is in another network namespace than Wine"},
        {ERROR_NO_SYSTEM_RESOURCES,
         "Linux does not give the helper descriptors, watches or memory"},
    };

    for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
        if (failures[i].error == error) {
            return outcome_plain(error, failures[i].words);
        }
    }
    return outcome_plain(error, "the helper cannot be started");
}

/*
 * There is no helper.  Wine's own function may be a stub that claims success, or one day may work: only
 * what Linux lists afterwards counts.  For IPv6 no Wine has a function that one could try.
 */
static struct outcome close_without_helper(const struct connection *connection)
{
    const enum linux_tcp_presence presence = linux_tcp_look(connection);

    if (presence == LINUX_TCP_ABSENT) {
        return verdict_outcome(VERDICT_NOT_FOUND, connection->family);
    }
    if (presence == LINUX_TCP_PRESENT && connection->family == CONNECTION_IPV4 &&
        system_tcp_close(connection) == NO_ERROR &&
        linux_tcp_look(connection) == LINUX_TCP_ABSENT) {
        return outcome_plain(NO_ERROR, "no helper, but Wine has closed it");
    }
    return outcome_plain(ERROR_NOT_SUPPORTED, "no helper, and Wine has not closed it");
}

struct outcome backend_host_close(const struct connection *connection)
{
    enum host_verdict verdict;
    const DWORD error = host_session_ask(connection, &verdict);

    switch (error) {
    case NO_ERROR:
        return verdict_outcome(verdict, connection->family);
    case ERROR_FILE_NOT_FOUND:
        return close_without_helper(connection);
    default:
        return failure_outcome(error);
    }
}
