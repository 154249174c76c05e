/* SPDX-License-Identifier: MIT */
/* The exported functions.  Their contract is include/settcpentry.h. */
#include "settcpentry.h"

#include "backend.h"
#include "os.h"
#include "privilege.h"
#include "trace.h"

/* May a row in this state be deleted, and by this caller?  In this order. */
static struct outcome check(DWORD tcp_state)
{
    const DWORD code = tcp_row_check(tcp_state);

    return code == NO_ERROR ? privilege_check() : outcome_plain(code, "its state is not 12");
}

static struct outcome delete_ipv4(const MIB_TCPROW *row)
{
    const struct outcome verdict = check(row->dwState);

    return verdict.code == NO_ERROR ? backend_get()->delete_ipv4(row) : verdict;
}

static struct outcome delete_ipv6(const MIB_TCP6ROW *row)
{
    const struct outcome verdict = check((DWORD)row->State);

    return verdict.code == NO_ERROR ? backend_get()->delete_ipv6(row) : verdict;
}

/* Success leaves the caller's last error as it was. */
static DWORD answer(struct outcome outcome, DWORD callers_last_error)
{
    os_set_last_error(outcome.code == NO_ERROR ? callers_last_error : outcome.last_error);
    return outcome.code;
}

/* The rows are copied first: the caller may share them with other threads, and they need not be
 * aligned. */

DWORD WINAPI SetTcpEntry(PMIB_TCPROW pTcpRow)
{
    const DWORD last_error = os_last_error();
    struct outcome outcome = outcome_plain(ERROR_INVALID_PARAMETER, "there is no row");
    MIB_TCPROW row;

    if (pTcpRow) {
        __builtin_memcpy(&row, pTcpRow, sizeof(row));
        outcome = delete_ipv4(&row);
    }
    trace_ipv4(pTcpRow ? &row : NULL, outcome);
    return answer(outcome, last_error);
}

DWORD WINAPI SetTcp6Entry(PMIB_TCP6ROW pTcp6Row)
{
    const DWORD last_error = os_last_error();
    struct outcome outcome = outcome_plain(ERROR_INVALID_PARAMETER, "there is no row");
    MIB_TCP6ROW row;

    if (pTcp6Row) {
        __builtin_memcpy(&row, pTcp6Row, sizeof(row));
        outcome = delete_ipv6(&row);
    }
    trace_ipv6(pTcp6Row ? &row : NULL, outcome);
    return answer(outcome, last_error);
}

DWORD WINAPI SetTcpEntryVersion(void)
{
    return SETTCPENTRY_VERSION;
}
