/* SPDX-License-Identifier: MIT */
/* The exported functions.  Their contract is include/settcpentry.h. */
#include "settcpentry.h"

#include "backend.h"
#include "os.h"
#include "privilege.h"

/* May a row in this state be deleted, and by this caller?  In this order. */
static struct outcome check(DWORD tcp_state)
{
    const struct outcome verdict = outcome_plain(tcp_row_check(tcp_state));

    return verdict.code == NO_ERROR ? privilege_check() : verdict;
}

/* The rows are copied first: the caller may share them with other threads, and they need not be
 * aligned. */

static struct outcome delete_ipv4(const MIB_TCPROW *callers_row)
{
    struct outcome verdict;
    MIB_TCPROW row;

    if (!callers_row) {
        return outcome_plain(ERROR_INVALID_PARAMETER);
    }
    __builtin_memcpy(&row, callers_row, sizeof(row));
    verdict = check(row.dwState);
    return verdict.code == NO_ERROR ? backend_get()->delete_ipv4(&row) : verdict;
}

static struct outcome delete_ipv6(const MIB_TCP6ROW *callers_row)
{
    struct outcome verdict;
    MIB_TCP6ROW row;

    if (!callers_row) {
        return outcome_plain(ERROR_INVALID_PARAMETER);
    }
    __builtin_memcpy(&row, callers_row, sizeof(row));
    verdict = check((DWORD)row.State);
    return verdict.code == NO_ERROR ? backend_get()->delete_ipv6(&row) : verdict;
}

/* Success leaves the caller's last error as it was. */
static DWORD answer(struct outcome outcome, DWORD callers_last_error)
{
    os_set_last_error(outcome.code == NO_ERROR ? callers_last_error : outcome.last_error);
    return outcome.code;
}

DWORD WINAPI SetTcpEntry(PMIB_TCPROW pTcpRow)
{
    const DWORD last_error = os_last_error();

    return answer(delete_ipv4(pTcpRow), last_error);
}

DWORD WINAPI SetTcp6Entry(PMIB_TCP6ROW pTcp6Row)
{
    const DWORD last_error = os_last_error();

    return answer(delete_ipv6(pTcp6Row), last_error);
}

DWORD WINAPI SetTcpEntryVersion(void)
{
    return SETTCPENTRY_VERSION;
}
