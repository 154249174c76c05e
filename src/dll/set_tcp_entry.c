/* SPDX-License-Identifier: MIT */
/* The exported functions.  Their contract is include/settcpentry.h. */
#include "settcpentry.h"

#include "../common/mib_row.h"
#include "backend.h"
#include "os.h"
#include "privilege.h"
#include "trace.h"

static struct answer close_connection(const struct call *call)
{
    struct answer refusal;
    int begun;

    if (!call->has_row) {
        return answer_of(ANSWER_NO_ROW);
    }
    if (call->tcp_state != MIB_TCP_STATE_DELETE_TCB) {
        return answer_of(ANSWER_WRONG_STATE);
    }
    begun = backend_begin(&call->connection);
    refusal = privilege_check();
    if (refusal.kind != ANSWER_NONE) {
        backend_leave(begun);
        return refusal;
    }
    return backend_close(&call->connection, begun);
}

/* Success leaves the caller's last error as it was. */
static DWORD serve(const struct call *call, DWORD callers_last_error)
{
    const struct answer answer = close_connection(call);
    const DWORD code = answer_code(answer, call->connection.family);

    trace_call(call, answer);
    os_set_last_error(code == NO_ERROR ? callers_last_error : answer_last_error(answer));
    return code;
}

/* The rows are copied first: the caller may share them with other threads, and they need not be
 * aligned. */

DWORD WINAPI SetTcpEntry(PMIB_TCPROW pTcpRow)
{
    const DWORD last_error = os_last_error();
    struct call call = {.function = "SetTcpEntry", .has_row = pTcpRow != NULL};
    MIB_TCPROW row;

    if (pTcpRow) {
        __builtin_memcpy(&row, pTcpRow, sizeof(row));
        call.tcp_state = row.dwState;
        call.connection = connection_of_row(&row);
    }
    return serve(&call, last_error);
}

DWORD WINAPI SetTcp6Entry(PMIB_TCP6ROW pTcp6Row)
{
    const DWORD last_error = os_last_error();
    struct call call = {.function = "SetTcp6Entry", .has_row = pTcp6Row != NULL};
    MIB_TCP6ROW row;

    if (pTcp6Row) {
        __builtin_memcpy(&row, pTcp6Row, sizeof(row));
        call.tcp_state = (DWORD)row.State;
        call.connection = connection_of_row6(&row);
    }
    return serve(&call, last_error);
}

DWORD WINAPI SetTcpEntryVersion(void)
{
    return SETTCPENTRY_VERSION;
}
