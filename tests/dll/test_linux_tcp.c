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

static struct connection ipv4(uint32_t remote_address, uint16_t remote_port)
{
    struct connection connection = {
        .local = {.address = {127, 0, 0, 1}, .port = 0x901F},
        .remote = {.port = (uint16_t)(remote_port << 8 | remote_port >> 8)},
        .family = CONNECTION_IPV4,
    };

    memcpy(connection.remote.address, &remote_address, sizeof(remote_address));
    return connection;
}

/* [::1]:8080 to [2001:db8::1]:50000, with scopes as Wine has them. */
static const struct connection ipv6 = {
    .local = {.address = {[15] = 1}, .scope_id = 0x1000, .port = 0x901F},
    .remote = {.address = {0x20, 0x01, 0x0D, 0xB8, [15] = 1},
               .scope_id = 0xFFFFFFFF,
               .port = 0x50C3},
    .family = CONNECTION_IPV6,
};

static void expect_wherever_the_parts_end(const struct connection *connection,
                                          enum linux_tcp_presence presence)
{
    for (DWORD chars = 1; chars <= sizeof(tcp); chars++) {
        fake_proc.part_chars = chars;
        assert_int_equal(linux_tcp_look(connection), presence);
    }
}

static void a_connection_is_found_by_addresses_and_ports(void **state)
{
    const struct connection connection = ipv4(0x0100007F, 50000);

    (void)state;
    expect_wherever_the_parts_end(&connection, LINUX_TCP_PRESENT);
}

static void one_that_differs_in_anything_is_another_connection(void **state)
{
    struct connection connection = ipv4(0x0100007F, 50000);
    struct connection_end *const ends[] = {&connection.local, &connection.remote};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        for (size_t byte = 0; byte < 4; byte++) {
            ends[i]->address[byte] ^= 0x10;
            assert_int_equal(linux_tcp_look(&connection), LINUX_TCP_ABSENT);
            ends[i]->address[byte] ^= 0x10;
        }
        for (uint16_t bit = 1; bit != 0; bit = (uint16_t)(bit << 1)) {
            ends[i]->port ^= bit;
            assert_int_equal(linux_tcp_look(&connection), LINUX_TCP_ABSENT);
            ends[i]->port ^= bit;
        }
    }
    assert_int_equal(linux_tcp_look(&connection), LINUX_TCP_PRESENT);
}

static void an_absent_connection_is_absent_wherever_the_parts_end(void **state)
{
    const struct connection connection = ipv4(0x0100007F, 50002);

    (void)state;
    expect_wherever_the_parts_end(&connection, LINUX_TCP_ABSENT);
}

static void one_whose_processes_have_gone_is_there(void **state)
{
    const struct connection connection = ipv4(0x0302010A, 443); /* TIME_WAIT, far down the list */

    (void)state;
    assert_int_equal(linux_tcp_look(&connection), LINUX_TCP_PRESENT);
}

static void a_listener_is_no_connection(void **state)
{
    const struct connection connection = ipv4(0, 0);
    struct connection over_ipv6 = ipv6;

    (void)state;
    over_ipv6.remote = (struct connection_end){.port = 0};
    assert_int_equal(linux_tcp_look(&connection), LINUX_TCP_ABSENT);
    assert_int_equal(linux_tcp_look(&over_ipv6), LINUX_TCP_ABSENT);
}

static void ipv4_over_ipv6_sockets_is_found_by_either_row(void **state)
{
    const struct connection connection = ipv4(0x0100007F, 50101);
    struct connection mapped = {
        .local = {.address = {[10] = 0xFF, 0xFF, 127, 0, 0, 1}, .port = 0x901F},
        .remote = {.address = {[10] = 0xFF, 0xFF, 127, 0, 0, 1}, .port = 0xB5C3},
        .family = CONNECTION_IPV6,
    };

    (void)state;
    assert_int_equal(linux_tcp_look(&connection), LINUX_TCP_PRESENT);
    assert_int_equal(linux_tcp_look(&mapped), LINUX_TCP_PRESENT);
    mapped.remote.port = 0x50C3; /* over IPv4 sockets */
    assert_int_equal(linux_tcp_look(&mapped), LINUX_TCP_ABSENT);
}

static void an_ipv6_connection_is_found_whatever_its_scopes(void **state)
{
    (void)state;
    for (DWORD chars = 1; chars <= sizeof(tcp6); chars++) {
        fake_proc.part_chars = chars;
        assert_int_equal(linux_tcp_look(&ipv6), LINUX_TCP_PRESENT);
    }
}

static void an_ipv6_connection_that_differs_in_any_byte_is_another(void **state)
{
    struct connection connection = ipv6;

    (void)state;
    for (int i = 0; i < 16; i++) {
        connection.local.address[i] ^= 0x10;
        assert_int_equal(linux_tcp_look(&connection), LINUX_TCP_ABSENT);
        connection.local.address[i] ^= 0x10;
        connection.remote.address[i] ^= 0x10;
        assert_int_equal(linux_tcp_look(&connection), LINUX_TCP_ABSENT);
        connection.remote.address[i] ^= 0x10;
    }
    assert_int_equal(linux_tcp_look(&connection), LINUX_TCP_PRESENT);
}

static void where_linux_has_no_ipv6_no_ipv4_connection_is_over_it(void **state)
{
    const struct connection absent = ipv4(0x0100007F, 50002);

    (void)state;
    fake_proc.files[1].path = NULL;
    assert_int_equal(linux_tcp_look(&absent), LINUX_TCP_ABSENT);
    assert_int_equal(linux_tcp_look(&ipv6), LINUX_TCP_UNKNOWN);
}

static void lists_that_cannot_be_read_are_not_taken_for_empty_ones(void **state)
{
    const struct connection absent = ipv4(0x0100007F, 50002);

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
    const struct connection connection = ipv4(0x0100007F, 50000);
    char text[sizeof(TCP_COLUMNS) + sizeof(line) + 1];

    (void)state;
    fake_proc.files[0].text = text;
    for (int length = 0; length < (int)sizeof(line) - 1; length++) {
        snprintf(text, sizeof(text), "%s%.*s\n", TCP_COLUMNS, length, line);
        assert_int_equal(linux_tcp_look(&connection), LINUX_TCP_ABSENT);
    }
    snprintf(text, sizeof(text), "%s%s\n", TCP_COLUMNS, line);
    assert_int_equal(linux_tcp_look(&connection), LINUX_TCP_PRESENT);
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
