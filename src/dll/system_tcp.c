/* SPDX-License-Identifier: MIT */
#include "system_tcp.h"

#include "os.h"

typedef DWORD(WINAPI *set_tcp_entry_func)(MIB_TCPROW *);
typedef ULONG(WINAPI *get_table_func)(void *, ULONG *, BOOL);

static DWORD find(const char *name, FARPROC *function_out)
{
    return os_system_function(SYSTEM_DLL, name, function_out);
}

DWORD system_tcp_delete(const MIB_TCPROW *row)
{
    MIB_TCPROW copy = *row; /* theirs is not const */
    FARPROC function;
    const DWORD error = find("SetTcpEntry", &function);

    return error == NO_ERROR ? ((set_tcp_entry_func)(void *)function)(&copy) : error;
}

/* One of the system's tables; NULL if there is none.  The caller frees it with os_free. */
static void *read_table(const char *function_name)
{
    FARPROC function;
    ULONG bytes = 0x4000;

    if (find(function_name, &function) != NO_ERROR) {
        return NULL;
    }
    /* The table may grow between two calls. */
    for (int tries = 0; tries < 8; tries++) {
        void *table = os_allocate(bytes);
        const ULONG error =
            table ? ((get_table_func)(void *)function)(table, &bytes, FALSE) : ERROR_OUTOFMEMORY;

        if (error == NO_ERROR) {
            return table;
        }
        os_free(table);
        if (error != ERROR_INSUFFICIENT_BUFFER) {
            return NULL;
        }
        bytes += bytes / 8;
    }
    return NULL;
}

static bool are_same_ports(DWORD a, DWORD b)
{
    return tcp_row_port(a) == tcp_row_port(b);
}

static bool are_same_addresses(const IN6_ADDR *a, const IN6_ADDR *b)
{
    for (int i = 0; i < 16; i++) {
        if (a->u.Byte[i] != b->u.Byte[i]) {
            return false;
        }
    }
    return true;
}

static enum system_tcp_presence find_ipv4(const MIB_TCPTABLE *table, const MIB_TCPROW *row)
{
    for (DWORD i = 0; i < table->dwNumEntries; i++) {
        const MIB_TCPROW *has = &table->table[i];

        if (has->dwState != MIB_TCP_STATE_LISTEN && has->dwLocalAddr == row->dwLocalAddr &&
            has->dwRemoteAddr == row->dwRemoteAddr &&
            are_same_ports(has->dwLocalPort, row->dwLocalPort) &&
            are_same_ports(has->dwRemotePort, row->dwRemotePort)) {
            return SYSTEM_TCP_PRESENT;
        }
    }
    return SYSTEM_TCP_ABSENT;
}

static enum system_tcp_presence find_ipv6(const MIB_TCP6TABLE *table, const MIB_TCP6ROW *row)
{
    for (DWORD i = 0; i < table->dwNumEntries; i++) {
        const MIB_TCP6ROW *has = &table->table[i];

        if (has->State != MIB_TCP_STATE_LISTEN &&
            are_same_addresses(&has->LocalAddr, &row->LocalAddr) &&
            are_same_addresses(&has->RemoteAddr, &row->RemoteAddr) &&
            are_same_ports(has->dwLocalPort, row->dwLocalPort) &&
            are_same_ports(has->dwRemotePort, row->dwRemotePort)) {
            return SYSTEM_TCP_PRESENT;
        }
    }
    return SYSTEM_TCP_ABSENT;
}

enum system_tcp_presence system_tcp_look(const MIB_TCPROW *row)
{
    MIB_TCPTABLE *table = read_table("GetTcpTable");
    const enum system_tcp_presence presence = table ? find_ipv4(table, row) : SYSTEM_TCP_UNKNOWN;

    os_free(table);
    return presence;
}

enum system_tcp_presence system_tcp6_look(const MIB_TCP6ROW *row)
{
    MIB_TCP6TABLE *table = read_table("GetTcp6Table");
    const enum system_tcp_presence presence = table ? find_ipv6(table, row) : SYSTEM_TCP_UNKNOWN;

    os_free(table);
    return presence;
}

bool system_tcp_lacks_ipv4(void)
{
    FARPROC function;
    ULONG bytes = 0;

    /* Documented to return this code when the IPv4 transport is not configured. */
    return find("GetIpNetTable", &function) == NO_ERROR &&
           ((get_table_func)(void *)function)(NULL, &bytes, FALSE) == ERROR_NOT_SUPPORTED;
}
