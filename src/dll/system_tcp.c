/* SPDX-License-Identifier: MIT */
#include "system_tcp.h"

#include "system_dll.h"

typedef DWORD(WINAPI *set_tcp_entry_func)(MIB_TCPROW *);
typedef ULONG(WINAPI *get_table_func)(void *, ULONG *, BOOL);

static DWORD find(const char *name, FARPROC *function_out)
{
    return system_dll_function(SYSTEM_DLL, name, function_out);
}

DWORD system_tcp_close(const struct connection *connection)
{
    MIB_TCPROW row = row_of_connection(connection);
    FARPROC function;
    const DWORD error = find("SetTcpEntry", &function);

    return error == NO_ERROR ? ((set_tcp_entry_func)(void *)function)(&row) : error;
}

bool system_tcp_lacks_ipv4(void)
{
    FARPROC function;
    ULONG bytes = 0;

    /* Documented to return this code when the IPv4 transport is not configured. */
    return find("GetIpNetTable", &function) == NO_ERROR &&
           ((get_table_func)(void *)function)(NULL, &bytes, FALSE) == ERROR_NOT_SUPPORTED;
}
