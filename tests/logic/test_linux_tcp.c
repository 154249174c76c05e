/* SPDX-License-Identifier: MIT */
/* A connection among Linux's, as /proc/net/tcp and tcp6 have them. */
#include "linux_tcp.h"

#include "fake_proc.h"
#include "testing.h"

#include <stdio.h>
#include <string.h>

#define TCP_COLUMNS                                                                                \
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "  \
    "inode                                                     \n"
#define TCP_REST                                                                                   \
    " 00000000:00000000 00:00000000 00000000  1000        0 58231 1 0000000000000000 20 4 0 10 "   \
    "-1                       \n"
#define TCP6_COLUMNS                                                                               \
    "  sl  local_address                         remote_address                        st "        \
    "tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
#define TCP6_REST                                                                                  \
    " 00000000:00000000 00:00000000 00000000     0        0 58240 2 0000000000000000 20 4 0 10 "   \
    "-1\n"

/* A listener, and connections to it of 127.0.0.1:50000 and, after it has gone, of 10.1.2.3:443. */
static const char tcp[] = TCP_COLUMNS "   0: 0100007F:1F90 00000000:0000 0A" TCP_REST
                                      "   1: 0100007F:1F90 0100007F:C350 01" TCP_REST
                                      "12345: 0100007F:1F90 0302010A:01BB 06" TCP_REST;

/* The same of [2001:db8::1]:50000 with [::1]:8080, and of 127.0.0.1:50101 over IPv6 sockets. */
static const char tcp6[] = TCP6_COLUMNS
    "   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A" TCP6_REST
    "   1: 00000000000000000000000001000000:1F90 B80D0120000000000000000001000000:C350 01" TCP6_REST
    "   2: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000100007F:C3B5 "
    "08" TCP6_REST;

static int with_both_lists(void **state)
{
    (void)state;
    fake_proc = (struct fake_proc){
        .files = {{.path = L"\\\\?\\unix\\proc\\net\\tcp", .text = tcp},
                  {.path = L"\\\\?\\unix\\proc\\net\\tcp6", .text = tcp6}},
        .part_chars = 2048,
    };
    return 0;
}

/* With garbage beside the ports, as rows may have it. */
static MIB_TCPROW row_to(DWORD remote_address, WORD remote_port)
{
    return (MIB_TCPROW){
        .dwState = MIB_TCP_STATE_DELETE_TCB,
        .dwLocalAddr = 0x0100007F,
        .dwLocalPort = 0xDEAD901F,
        .dwRemoteAddr = remote_address,
        .dwRemotePort = 0xBEEF0000 | (WORD)(remote_port << 8 | remote_port >> 8),
    };
}

static MIB_TCP6ROW row6_to_50000(void)
{
    MIB_TCP6ROW row = {
        .dwLocalScopeId = 0x1000, /* as Wine has it */
        .dwLocalPort = 0xDEAD901F,
        .dwRemoteScopeId = 0xFFFFFFFF,
        .dwRemotePort = 0xBEEF50C3,
    };
    static const BYTE remote[16] = {0x20, 0x01, 0x0D, 0xB8, [15] = 1};

    row.LocalAddr.u.Byte[15] = 1;
    memcpy(&row.RemoteAddr, remote, sizeof(remote));
    return row;
}

static void expect_wherever_the_parts_end(const MIB_TCPROW *row, enum linux_tcp_presence presence)
{
    for (DWORD chars = 1; chars <= sizeof(tcp); chars++) {
        fake_proc.part_chars = chars;
        assert_int_equal(linux_tcp_look(row), presence);
    }
}

static void a_connection_is_found_by_addresses_and_ports(void **state)
{
    const MIB_TCPROW row = row_to(0x0100007F, 50000);

    (void)state;
    expect_wherever_the_parts_end(&row, LINUX_TCP_PRESENT);
}

static void one_that_differs_in_anything_is_another_connection(void **state)
{
    MIB_TCPROW row = row_to(0x0100007F, 50000);
    DWORD *const fields[] = {&row.dwLocalAddr, &row.dwLocalPort, &row.dwRemoteAddr,
                             &row.dwRemotePort};

    (void)state;
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        for (DWORD bit = 1; bit <= 0x8000; bit <<= 1) {
            *fields[i] ^= bit;
            assert_int_equal(linux_tcp_look(&row), LINUX_TCP_ABSENT);
            *fields[i] ^= bit;
        }
    }
    assert_int_equal(linux_tcp_look(&row), LINUX_TCP_PRESENT);
}

static void an_absent_connection_is_absent_wherever_the_parts_end(void **state)
{
    const MIB_TCPROW row = row_to(0x0100007F, 50002);

    (void)state;
    expect_wherever_the_parts_end(&row, LINUX_TCP_ABSENT);
}

static void one_whose_processes_have_gone_is_there(void **state)
{
    const MIB_TCPROW row = row_to(0x0302010A, 443); /* TIME_WAIT, far down the list */

    (void)state;
    assert_int_equal(linux_tcp_look(&row), LINUX_TCP_PRESENT);
}

static void a_listener_is_no_connection(void **state)
{
    const MIB_TCPROW row = row_to(0, 0);
    MIB_TCP6ROW row6 = row6_to_50000();

    (void)state;
    memset(&row6.RemoteAddr, 0, sizeof(row6.RemoteAddr));
    row6.dwRemotePort = 0;
    assert_int_equal(linux_tcp_look(&row), LINUX_TCP_ABSENT);
    assert_int_equal(linux_tcp6_look(&row6), LINUX_TCP_ABSENT);
}

static void ipv4_over_ipv6_sockets_is_found_by_either_row(void **state)
{
    const MIB_TCPROW row = row_to(0x0100007F, 50101);
    MIB_TCP6ROW row6 = {.dwLocalPort = 0x901F, .dwRemotePort = 0xB5C3};
    static const BYTE mapped[16] = {[10] = 0xFF, 0xFF, 127, 0, 0, 1};

    (void)state;
    memcpy(&row6.LocalAddr, mapped, sizeof(mapped));
    memcpy(&row6.RemoteAddr, mapped, sizeof(mapped));
    assert_int_equal(linux_tcp_look(&row), LINUX_TCP_PRESENT);
    assert_int_equal(linux_tcp6_look(&row6), LINUX_TCP_PRESENT);
    row6.dwRemotePort = 0x50C3; /* over IPv4 sockets */
    assert_int_equal(linux_tcp6_look(&row6), LINUX_TCP_ABSENT);
}

static void an_ipv6_connection_is_found_whatever_its_scopes(void **state)
{
    const MIB_TCP6ROW row = row6_to_50000();

    (void)state;
    for (DWORD chars = 1; chars <= sizeof(tcp6); chars++) {
        fake_proc.part_chars = chars;
        assert_int_equal(linux_tcp6_look(&row), LINUX_TCP_PRESENT);
    }
}

static void an_ipv6_connection_that_differs_in_any_byte_is_another(void **state)
{
    MIB_TCP6ROW row = row6_to_50000();

    (void)state;
    for (int i = 0; i < 16; i++) {
        row.LocalAddr.u.Byte[i] ^= 0x10;
        assert_int_equal(linux_tcp6_look(&row), LINUX_TCP_ABSENT);
        row.LocalAddr.u.Byte[i] ^= 0x10;
        row.RemoteAddr.u.Byte[i] ^= 0x10;
        assert_int_equal(linux_tcp6_look(&row), LINUX_TCP_ABSENT);
        row.RemoteAddr.u.Byte[i] ^= 0x10;
    }
    assert_int_equal(linux_tcp6_look(&row), LINUX_TCP_PRESENT);
}

static void where_linux_has_no_ipv6_no_ipv4_connection_is_over_it(void **state)
{
    const MIB_TCPROW absent = row_to(0x0100007F, 50002);
    const MIB_TCP6ROW row6 = row6_to_50000();

    (void)state;
    fake_proc.files[1].path = NULL;
    assert_int_equal(linux_tcp_look(&absent), LINUX_TCP_ABSENT);
    assert_int_equal(linux_tcp6_look(&row6), LINUX_TCP_UNKNOWN);
}

static void lists_that_cannot_be_read_are_not_taken_for_empty_ones(void **state)
{
    const MIB_TCPROW absent = row_to(0x0100007F, 50002);

    (void)state;
    fake_proc.files[1].error = ERROR_ACCESS_DENIED;
    assert_int_equal(linux_tcp_look(&absent), LINUX_TCP_UNKNOWN);
    fake_proc.files[1].error = NO_ERROR;
    fake_proc.files[0].error = ERROR_ACCESS_DENIED;
    assert_int_equal(linux_tcp_look(&absent), LINUX_TCP_UNKNOWN);
    fake_proc.files[0].path = NULL;
    assert_int_equal(linux_tcp_look(&absent), LINUX_TCP_UNKNOWN);
}

static void a_line_that_is_cut_off_anywhere_is_no_connection(void **state)
{
    static const char line[] = "   1: 0100007F:1F90 0100007F:C350 01";
    const MIB_TCPROW row = row_to(0x0100007F, 50000);
    char text[sizeof(TCP_COLUMNS) + sizeof(line) + 1];

    (void)state;
    fake_proc.files[0].text = text;
    for (int length = 0; length < (int)sizeof(line) - 1; length++) {
        snprintf(text, sizeof(text), "%s%.*s\n", TCP_COLUMNS, length, line);
        assert_int_equal(linux_tcp_look(&row), LINUX_TCP_ABSENT);
    }
    snprintf(text, sizeof(text), "%s%s\n", TCP_COLUMNS, line);
    assert_int_equal(linux_tcp_look(&row), LINUX_TCP_PRESENT);
}

#define WITH_BOTH_LISTS(test) cmocka_unit_test_setup(test, with_both_lists)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BOTH_LISTS(a_connection_is_found_by_addresses_and_ports),
        WITH_BOTH_LISTS(one_that_differs_in_anything_is_another_connection),
        WITH_BOTH_LISTS(an_absent_connection_is_absent_wherever_the_parts_end),
        WITH_BOTH_LISTS(one_whose_processes_have_gone_is_there),
        WITH_BOTH_LISTS(a_listener_is_no_connection),
        WITH_BOTH_LISTS(ipv4_over_ipv6_sockets_is_found_by_either_row),
        WITH_BOTH_LISTS(an_ipv6_connection_is_found_whatever_its_scopes),
        WITH_BOTH_LISTS(an_ipv6_connection_that_differs_in_any_byte_is_another),
        WITH_BOTH_LISTS(where_linux_has_no_ipv6_no_ipv4_connection_is_over_it),
        WITH_BOTH_LISTS(lists_that_cannot_be_read_are_not_taken_for_empty_ones),
        WITH_BOTH_LISTS(a_line_that_is_cut_off_anywhere_is_no_connection),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
