/* SPDX-License-Identifier: MIT */
/* What is asked of the system's iphlpapi.dll. */
#include "system_tcp.h"

#include "system_dll.h"

#include "testing.h"

#include <string.h>

/* The system's DLL. */
static struct
{
    BOOL is_missing;
    DWORD neighbours_error;
    DWORD delete_code;
    MIB_TCPROW deleted;
} system_dll;

/* 127.0.0.1:8080 to 10.1.2.3:50000 */
static const struct connection wanted = {
    .local = {.address = {127, 0, 0, 1}, .port = 0x901F},
    .remote = {.address = {10, 1, 2, 3}, .port = 0x50C3},
    .family = CONNECTION_IPV4,
};

static DWORD WINAPI set_tcp_entry(MIB_TCPROW *row)
{
    system_dll.deleted = *row;
    memset(row, 0xA5, sizeof(*row)); /* it is theirs to spoil */
    return system_dll.delete_code;
}

static ULONG WINAPI get_ip_net_table(void *table, ULONG *bytes, BOOL sorted)
{
    (void)table;
    (void)bytes;
    (void)sorted;
    return system_dll.neighbours_error;
}

DWORD system_dll_function(const WCHAR *dll, const char *name, FARPROC *function_out)
{
    (void)dll;
    if (system_dll.is_missing) {
        return ERROR_MOD_NOT_FOUND;
    }
    if (strcmp(name, "SetTcpEntry") == 0) {
        *function_out = (FARPROC)(void *)set_tcp_entry;
    } else if (strcmp(name, "GetIpNetTable") == 0) {
        *function_out = (FARPROC)(void *)get_ip_net_table;
    } else {
        return ERROR_PROC_NOT_FOUND;
    }
    return NO_ERROR;
}

static int with_a_system(void **state)
{
    (void)state;
    memset(&system_dll, 0, sizeof(system_dll));
    return 0;
}

static void the_systems_function_gets_a_row_of_its_own(void **state)
{
    static const MIB_TCPROW row = {
        .dwState = MIB_TCP_STATE_DELETE_TCB,
        .dwLocalAddr = 0x0100007F,
        .dwLocalPort = 0x901F,
        .dwRemoteAddr = 0x0302010A,
        .dwRemotePort = 0x50C3,
    };

    (void)state;
    system_dll.delete_code = 4711;
    assert_int_equal(system_tcp_close(&wanted), 4711);
    assert_memory_equal(&system_dll.deleted, &row, sizeof(row));
}

static void a_missing_dll_is_said(void **state)
{
    (void)state;
    system_dll.is_missing = TRUE;
    assert_int_equal(system_tcp_close(&wanted), ERROR_MOD_NOT_FOUND);
    assert_false(system_tcp_lacks_ipv4());
}

static void ipv4_lacks_only_where_the_system_says_so(void **state)
{
    (void)state;
    system_dll.neighbours_error = ERROR_NOT_SUPPORTED;
    assert_true(system_tcp_lacks_ipv4());
    system_dll.neighbours_error = ERROR_NO_DATA;
    assert_false(system_tcp_lacks_ipv4());
}

#define WITH_A_SYSTEM(test) cmocka_unit_test_setup(test, with_a_system)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_A_SYSTEM(the_systems_function_gets_a_row_of_its_own),
        WITH_A_SYSTEM(a_missing_dll_is_said),
        WITH_A_SYSTEM(ipv4_lacks_only_where_the_system_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
