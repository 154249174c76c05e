/* SPDX-License-Identifier: MIT */
/* What is asked of the system's iphlpapi.dll, and how its answers are read. */
#include "system_tcp.h"

#include "os.h"

#include "testing.h"

#include <stdlib.h>
#include <string.h>

enum
{
    ROWS_AT_MOST = 2000,
};

/* The system's DLL. */
static struct
{
    BOOL is_missing;
    BOOL is_out_of_memory;
    MIB_TCPROW rows[ROWS_AT_MOST];
    DWORD count;
    DWORD grows_by; /* rows that appear after the size was asked for */
    DWORD table_error;
    DWORD neighbours_error;
    DWORD delete_code;
    MIB_TCPROW deleted;
    MIB_TCP6ROW row6; /* the only one */
} system_dll;

static const MIB_TCPROW wanted = {
    .dwState = MIB_TCP_STATE_DELETE_TCB,
    .dwLocalAddr = 0x0100007F,
    .dwLocalPort = 0xDEAD901F,
    .dwRemoteAddr = 0x0100007F,
    .dwRemotePort = 0xBEEF50C3,
};

static DWORD WINAPI set_tcp_entry(MIB_TCPROW *row)
{
    system_dll.deleted = *row;
    memset(row, 0xA5, sizeof(*row)); /* it is theirs to spoil */
    return system_dll.delete_code;
}

static ULONG WINAPI get_tcp_table(void *table, ULONG *bytes, BOOL sorted)
{
    const ULONG room = *bytes;

    (void)sorted;
    *bytes = (ULONG)offsetof(MIB_TCPTABLE, table) + system_dll.count * (ULONG)sizeof(MIB_TCPROW);
    if (system_dll.table_error != NO_ERROR) {
        return system_dll.table_error;
    }
    if (room < *bytes) {
        system_dll.count += system_dll.grows_by;
        system_dll.grows_by = 0;
        return ERROR_INSUFFICIENT_BUFFER;
    }
    ((MIB_TCPTABLE *)table)->dwNumEntries = system_dll.count;
    memcpy(((MIB_TCPTABLE *)table)->table, system_dll.rows, system_dll.count * sizeof(MIB_TCPROW));
    return NO_ERROR;
}

static ULONG WINAPI get_tcp6_table(void *table, ULONG *bytes, BOOL sorted)
{
    (void)bytes;
    (void)sorted;
    memset(table, 0, sizeof(MIB_TCP6TABLE));
    ((MIB_TCP6TABLE *)table)->dwNumEntries = 1;
    ((MIB_TCP6TABLE *)table)->table[0] = system_dll.row6;
    return NO_ERROR;
}

static ULONG WINAPI get_ip_net_table(void *table, ULONG *bytes, BOOL sorted)
{
    (void)table;
    (void)bytes;
    (void)sorted;
    return system_dll.neighbours_error;
}

DWORD os_system_function(const WCHAR *dll, const char *name, FARPROC *function_out)
{
    (void)dll;
    if (system_dll.is_missing) {
        return ERROR_MOD_NOT_FOUND;
    }
    if (strcmp(name, "SetTcpEntry") == 0) {
        *function_out = (FARPROC)(void *)set_tcp_entry;
    } else if (strcmp(name, "GetTcpTable") == 0) {
        *function_out = (FARPROC)(void *)get_tcp_table;
    } else if (strcmp(name, "GetTcp6Table") == 0) {
        *function_out = (FARPROC)(void *)get_tcp6_table;
    } else if (strcmp(name, "GetIpNetTable") == 0) {
        *function_out = (FARPROC)(void *)get_ip_net_table;
    } else {
        return ERROR_PROC_NOT_FOUND;
    }
    return NO_ERROR;
}

void *os_allocate(SIZE_T bytes)
{
    return system_dll.is_out_of_memory ? NULL : malloc(bytes);
}

void os_free(void *memory)
{
    free(memory);
}

static int with_an_empty_table(void **state)
{
    (void)state;
    memset(&system_dll, 0, sizeof(system_dll));
    return 0;
}

/* As the table has it: another state, and nothing beside the ports. */
static void add_wanted(DWORD tcp_state)
{
    system_dll.rows[system_dll.count] = wanted;
    system_dll.rows[system_dll.count].dwState = tcp_state;
    system_dll.rows[system_dll.count].dwLocalPort &= 0xFFFF;
    system_dll.rows[system_dll.count].dwRemotePort &= 0xFFFF;
    system_dll.count++;
}

static void the_systems_function_gets_a_copy_of_the_row(void **state)
{
    MIB_TCPROW row = wanted;

    (void)state;
    system_dll.delete_code = 4711;
    assert_int_equal(system_tcp_delete(&row), 4711);
    assert_memory_equal(&system_dll.deleted, &wanted, sizeof(wanted));
    assert_memory_equal(&row, &wanted, sizeof(wanted));
}

static void a_missing_dll_is_said_and_not_taken_for_an_empty_table(void **state)
{
    (void)state;
    system_dll.is_missing = TRUE;
    assert_int_equal(system_tcp_delete(&wanted), ERROR_MOD_NOT_FOUND);
    assert_int_equal(system_tcp_look(&wanted), SYSTEM_TCP_UNKNOWN);
    assert_false(system_tcp_lacks_ipv4());
}

static void a_connection_is_found_by_addresses_and_ports(void **state)
{
    (void)state;
    assert_int_equal(system_tcp_look(&wanted), SYSTEM_TCP_ABSENT);
    add_wanted(MIB_TCP_STATE_ESTAB);
    assert_int_equal(system_tcp_look(&wanted), SYSTEM_TCP_PRESENT);
    system_dll.rows[0].dwRemotePort ^= 1;
    assert_int_equal(system_tcp_look(&wanted), SYSTEM_TCP_ABSENT);
}

static void one_that_differs_in_anything_is_another_connection(void **state)
{
    DWORD *const fields[] = {
        &system_dll.rows[0].dwLocalAddr,
        &system_dll.rows[0].dwLocalPort,
        &system_dll.rows[0].dwRemoteAddr,
        &system_dll.rows[0].dwRemotePort,
    };

    (void)state;
    add_wanted(MIB_TCP_STATE_ESTAB);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        *fields[i] ^= 1;
        assert_int_equal(system_tcp_look(&wanted), SYSTEM_TCP_ABSENT);
        *fields[i] ^= 1;
    }
    assert_int_equal(system_tcp_look(&wanted), SYSTEM_TCP_PRESENT);
}

static void want_of_memory_is_not_taken_for_an_empty_table(void **state)
{
    (void)state;
    system_dll.is_out_of_memory = TRUE;
    assert_int_equal(system_tcp_look(&wanted), SYSTEM_TCP_UNKNOWN);
}

static void a_listener_is_no_connection(void **state)
{
    (void)state;
    add_wanted(MIB_TCP_STATE_LISTEN);
    assert_int_equal(system_tcp_look(&wanted), SYSTEM_TCP_ABSENT);
}

static void a_large_table_that_grows_meanwhile_is_read(void **state)
{
    (void)state;
    system_dll.count = ROWS_AT_MOST - 500;
    add_wanted(MIB_TCP_STATE_ESTAB);
    system_dll.grows_by = 300;
    assert_int_equal(system_tcp_look(&wanted), SYSTEM_TCP_PRESENT);
}

static void a_table_that_cannot_be_read_is_not_taken_for_an_empty_one(void **state)
{
    (void)state;
    system_dll.table_error = ERROR_NOT_SUPPORTED;
    assert_int_equal(system_tcp_look(&wanted), SYSTEM_TCP_UNKNOWN);
    system_dll.table_error = ERROR_INSUFFICIENT_BUFFER; /* for ever */
    assert_int_equal(system_tcp_look(&wanted), SYSTEM_TCP_UNKNOWN);
}

static void an_ipv6_connection_is_found_whatever_its_scopes(void **state)
{
    MIB_TCP6ROW row6 = {.dwLocalScopeId = 2, .dwLocalPort = 0xDEAD901F, .dwRemotePort = 0x50C3};

    (void)state;
    row6.LocalAddr.u.Byte[0] = 0xFE;
    system_dll.row6 = row6;
    system_dll.row6.State = MIB_TCP_STATE_ESTAB;
    system_dll.row6.dwLocalScopeId = 0x2000;
    system_dll.row6.dwLocalPort &= 0xFFFF;
    assert_int_equal(system_tcp6_look(&row6), SYSTEM_TCP_PRESENT);
    row6.LocalAddr.u.Byte[15] = 1;
    assert_int_equal(system_tcp6_look(&row6), SYSTEM_TCP_ABSENT);
    row6.LocalAddr.u.Byte[15] = 0;
    row6.dwLocalPort ^= 1;
    assert_int_equal(system_tcp6_look(&row6), SYSTEM_TCP_ABSENT);
    row6.dwLocalPort ^= 1;
    row6.dwRemotePort ^= 1;
    assert_int_equal(system_tcp6_look(&row6), SYSTEM_TCP_ABSENT);
    row6.dwRemotePort ^= 1;
    row6.RemoteAddr.u.Byte[15] = 1;
    assert_int_equal(system_tcp6_look(&row6), SYSTEM_TCP_ABSENT);
    row6.RemoteAddr.u.Byte[15] = 0;
    system_dll.row6.State = MIB_TCP_STATE_LISTEN;
    assert_int_equal(system_tcp6_look(&row6), SYSTEM_TCP_ABSENT);
    system_dll.is_missing = TRUE;
    assert_int_equal(system_tcp6_look(&row6), SYSTEM_TCP_UNKNOWN);
}

static void ipv4_lacks_only_where_the_system_says_so(void **state)
{
    (void)state;
    system_dll.neighbours_error = ERROR_NOT_SUPPORTED;
    assert_true(system_tcp_lacks_ipv4());
    system_dll.neighbours_error = ERROR_NO_DATA;
    assert_false(system_tcp_lacks_ipv4());
}

#define WITH_AN_EMPTY_TABLE(test) cmocka_unit_test_setup(test, with_an_empty_table)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_AN_EMPTY_TABLE(the_systems_function_gets_a_copy_of_the_row),
        WITH_AN_EMPTY_TABLE(a_missing_dll_is_said_and_not_taken_for_an_empty_table),
        WITH_AN_EMPTY_TABLE(a_connection_is_found_by_addresses_and_ports),
        WITH_AN_EMPTY_TABLE(one_that_differs_in_anything_is_another_connection),
        WITH_AN_EMPTY_TABLE(want_of_memory_is_not_taken_for_an_empty_table),
        WITH_AN_EMPTY_TABLE(a_listener_is_no_connection),
        WITH_AN_EMPTY_TABLE(a_large_table_that_grows_meanwhile_is_read),
        WITH_AN_EMPTY_TABLE(a_table_that_cannot_be_read_is_not_taken_for_an_empty_one),
        WITH_AN_EMPTY_TABLE(an_ipv6_connection_is_found_whatever_its_scopes),
        WITH_AN_EMPTY_TABLE(ipv4_lacks_only_where_the_system_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
