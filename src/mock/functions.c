/* SPDX-License-Identifier: MIT */
/* Around the functions that the mock shares with the real DLL: a broken script, and the log. */
#include "functions.h"

#include "../common/mib_row.h"
#include "log.h"
#include "mock.h"

/* What the caller gets for it. */
static void finish(struct log_call *call)
{
    const struct mock *mock = mock_get();

    if (mock->is_broken) {
        call->code = call->last_error = ERROR_BAD_CONFIGURATION;
        call->error = &mock->error;
    }
    log_write(call);
    SetLastError(call->last_error);
}

/* The row is copied before anything else, as other threads may write to it. */

DWORD WINAPI mock_SetTcpEntry(PMIB_TCPROW pTcpRow)
{
    struct log_call call = {.function = "SetTcpEntry", .has_row = pTcpRow != NULL};
    MIB_TCPROW row;

    if (pTcpRow) {
        __builtin_memcpy(&row, pTcpRow, sizeof(row));
        call.connection = connection_of_row(&row);
        call.tcp_state = row.dwState;
    }
    if (!mock_get()->is_broken) {
        call.code = SetTcpEntry(pTcpRow ? &row : NULL);
        call.last_error = GetLastError();
    }
    finish(&call);
    return call.code;
}

DWORD WINAPI mock_SetTcp6Entry(PMIB_TCP6ROW pTcp6Row)
{
    struct log_call call = {.function = "SetTcp6Entry", .has_row = pTcp6Row != NULL};
    MIB_TCP6ROW row;

    if (pTcp6Row) {
        __builtin_memcpy(&row, pTcp6Row, sizeof(row));
        call.connection = connection_of_row6(&row);
        call.tcp_state = (DWORD)row.State;
    }
    if (!mock_get()->is_broken) {
        call.code = SetTcp6Entry(pTcp6Row ? &row : NULL);
        call.last_error = GetLastError();
    }
    finish(&call);
    return call.code;
}

DWORD WINAPI mock_SetTcpEntryVersion(void)
{
    return SetTcpEntryVersion() | SETTCPENTRY_VERSION_MOCK;
}
