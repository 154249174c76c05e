/* SPDX-License-Identifier: MIT */
#include "tcp_row.h"

DWORD tcp_row_check(DWORD tcp_state)
{
    return tcp_state == MIB_TCP_STATE_DELETE_TCB ? NO_ERROR : ERROR_INVALID_PARAMETER;
}

WORD tcp_row_port(DWORD port)
{
    return (WORD)(port & 0xFFFF);
}
