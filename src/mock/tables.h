/* SPDX-License-Identifier: MIT */
/*
 * Pure: the script's rows, as Windows' functions list them.
 * Source: https://learn.microsoft.com/windows/win32/api/iphlpapi/nf-iphlpapi-getextendedtcptable, and its neighbours.
 */
#ifndef TABLES_H
#define TABLES_H

#include "script.h"

#include <winsock2.h>

#include <windef.h>

/* What a row is made of. */
enum tables_form
{
    FORM_PLAIN,        /* MIB_TCPROW, MIB_TCP6ROW */
    FORM_TWO,          /* MIB_TCPROW2, MIB_TCP6ROW2 */
    FORM_OWNER_PID,    /* MIB_TCPROW_OWNER_PID, MIB_TCP6ROW_OWNER_PID */
    FORM_OWNER_MODULE, /* MIB_TCPROW_OWNER_MODULE, MIB_TCP6ROW_OWNER_MODULE */
};

struct tables_wish
{
    uint32_t family; /* enum connection_family */
    enum tables_form form;
    uint32_t states; /* a set of tcp_state.h */
    bool
        sorted; /* by local address, scope and port, then by the remote ones; else as in the script */
};

/* Is this row of the script's still there? */
typedef bool tables_is_open_func(size_t row);

/*
 * Writes the table, if it fits into *bytes.  NO_ERROR; ERROR_INSUFFICIENT_BUFFER and in *bytes how many it takes, where
 * it does not, or `table` is NULL; ERROR_INVALID_PARAMETER where `bytes` is.
 */
DWORD tables_write(const struct script *script, tables_is_open_func *is_open,
                   const struct tables_wish *wish, void *table, DWORD *bytes);

/* GetExtendedTcpTable's class, a TCP_TABLE_CLASS; false if there is none of this number. */
bool tables_read_class(int number, struct tables_wish *wish_out);

#endif
