/* SPDX-License-Identifier: MIT */
/*
 * A Windows program closes real IPv6 connections between Linux processes, over the loopback and over
 * a pair of virtual interfaces.  It has to run in a network namespace of its own.
 *   test_live_ipv6 CLOSE_CONNECTION CLOSE_CONNECTION_IPV6 CLOSE_TABLE_ROW
 */
#include "testing.h"

#include "pair.h"
#include "under_wine.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum
{
    OK = 0,
    NOT_FOUND = 1168,
    NOT_FOUND_IPV4 = 317,
    NOT_SUPPORTED = 50,
};

static const char *close_connection;
static const char *close_connection_ipv6;
static const char *close_table_row;

static void expect(const union pair_address *local, const union pair_address *remote, long code)
{
    const struct wine_answer answer = wine_close_connection(close_connection_ipv6, local, remote);

    assert_true(wine_answered(&answer, code, (unsigned long)code));
}

static void expect_gone(struct pair *pair)
{
    assert_int_equal(pair_saw(&pair->client), ECONNABORTED);
    assert_int_equal(pair_saw(&pair->server), ECONNRESET);
}

static void expect_listens(int listener)
{
    struct pair pair;

    pair_open(&pair, listener, getuid());
    assert_int_equal(pair_ping(&pair), PAIR_ALIVE);
    pair_close(&pair);
}

/* A connection of the program's own, between the addresses of that pair; it closes it by its row in GetTcp6Table. */
static void expect_closable_by_table(int listener, const struct pair *like)
{
    const union pair_address from = like->client.address;
    union pair_address to = like->server.address;
    char from_name[PAIR_NAME_CHARS];
    char to_name[PAIR_NAME_CHARS];
    const char *const arguments[] = {from_name, to_name, NULL};
    struct wine_answer answer;
    char byte;
    int accepted;

    to.ipv6.sin6_scope_id = from.ipv6.sin6_scope_id;
    pair_name(&from, from_name);
    strchr(from_name, ']')[1] = 0; /* from any port */
    pair_name(&to, to_name);
    answer = wine_run(close_table_row, arguments);
    assert_true(wine_answered(&answer, OK, 0));
    assert_int_equal(answer.status, 0); /* it saw the end */
    accepted = accept(listener, NULL, NULL);
    assert_int_equal(recv(accepted, &byte, 1, 0), -1);
    assert_int_equal(errno, ECONNRESET);
    close(accepted);
}

/* With a row made by hand, then with one taken from GetTcp6Table. */
static void expect_closable(const char *server, const char *client)
{
    const int listener = pair_listen(server);
    struct pair pair;

    pair_connect_from(client);
    pair_open(&pair, listener, getuid());
    assert_int_equal(pair_ping(&pair), PAIR_ALIVE);
    expect(&pair.client.address, &pair.server.address, OK);
    expect_gone(&pair);
    expect(&pair.client.address, &pair.server.address, NOT_FOUND);
    pair_close(&pair);

    expect_closable_by_table(listener, &pair);
    expect_listens(listener);
    pair_connect_from(NULL);
    close(listener);
}

static void the_loopback_address_is_closed(void **state)
{
    (void)state;
    expect_closable("::1", NULL);
}

static void global_addresses_are_closed(void **state)
{
    (void)state;
    expect_closable("2001:db8::b", "2001:db8::a");
}

static void link_local_addresses_are_closed(void **state)
{
    (void)state;
    expect_closable("fe80::b%veth-b", "fe80::a%veth-a");
}

static void mapped_ipv4_addresses_are_closed(void **state)
{
    (void)state;
    expect_closable("::ffff:127.0.0.1", NULL);
}

static long close_by_ipv4_row(const struct pair *pair)
{
    union pair_address local = {.ipv4 = {.sin_family = AF_INET}};
    union pair_address remote = local;

    local.ipv4.sin_addr.s_addr = remote.ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    local.ipv4.sin_port = pair->client.address.ipv6.sin6_port;
    remote.ipv4.sin_port = pair->server.address.ipv6.sin6_port;
    return wine_close_connection(close_connection, &local, &remote).code;
}

static void a_mapped_connection_is_closed_by_its_ipv4_row_too(void **state)
{
    const int listener = pair_listen("::ffff:127.0.0.1");
    struct pair pair;

    (void)state;
    pair_open(&pair, listener, getuid());
    assert_int_equal(close_by_ipv4_row(&pair), OK);
    expect_gone(&pair);
    pair_close(&pair);
    close(listener);
}

static long close_by_ipv6_row(const struct pair *pair)
{
    return wine_close_connection(close_connection_ipv6, &pair->client.address,
                                 &pair->server.address)
        .code;
}

/* What either row says without a helper. */
static void expect_without_helper(const struct pair *pair, long ipv4_code, long ipv6_code)
{
    long by_ipv4;
    long by_ipv6;

    wine_through(wine_without_helper);
    by_ipv4 = close_by_ipv4_row(pair);
    by_ipv6 = close_by_ipv6_row(pair);
    wine_through(NULL);
    assert_int_equal(by_ipv4, ipv4_code);
    assert_int_equal(by_ipv6, ipv6_code);
}

/* Wine's table of IPv4 connections does not have it. */
static void without_a_helper_a_mapped_connection_is_50_by_either_row(void **state)
{
    const int listener = pair_listen("::ffff:127.0.0.1");
    struct pair pair;

    (void)state;
    pair_open(&pair, listener, getuid());
    expect_without_helper(&pair, NOT_SUPPORTED, NOT_SUPPORTED);
    assert_int_equal(pair_ping(&pair), PAIR_ALIVE);
    expect(&pair.client.address, &pair.server.address, OK);
    expect_without_helper(&pair, NOT_FOUND_IPV4, NOT_FOUND);
    pair_close(&pair);
    close(listener);
}

static void without_a_helper_ipv6_is_50_and_the_absent_1168(void **state)
{
    const int listener = pair_listen("::1");
    struct pair pair;

    (void)state;
    pair_open(&pair, listener, getuid());
    expect_without_helper(&pair, NOT_FOUND_IPV4, NOT_SUPPORTED);
    assert_int_equal(pair_ping(&pair), PAIR_ALIVE);
    expect(&pair.client.address, &pair.server.address, OK);
    expect_without_helper(&pair, NOT_FOUND_IPV4, NOT_FOUND);
    pair_close(&pair);
    close(listener);
}

static union pair_address mapped(const union pair_address *ipv4)
{
    union pair_address address = {.ipv6 = {.sin6_family = AF_INET6}};

    address.ipv6.sin6_port = ipv4->ipv4.sin_port;
    address.ipv6.sin6_addr.s6_addr[10] = 0xFF;
    address.ipv6.sin6_addr.s6_addr[11] = 0xFF;
    *(in_addr_t *)(void *)&address.ipv6.sin6_addr.s6_addr[12] = ipv4->ipv4.sin_addr.s_addr;
    return address;
}

static void a_plain_ipv4_connection_is_not_closed_by_a_mapped_row(void **state)
{
    const int listener = pair_listen("127.0.0.1");
    struct pair pair;
    union pair_address local;
    union pair_address remote;

    (void)state;
    pair_open(&pair, listener, getuid());
    local = mapped(&pair.client.address);
    remote = mapped(&pair.server.address);
    expect(&local, &remote, NOT_FOUND);
    assert_int_equal(pair_ping(&pair), PAIR_ALIVE);
    pair_close(&pair);
    close(listener);
}

static void a_scope_of_another_interface_is_1168_and_the_connection_lives(void **state)
{
    const int listener = pair_listen("fe80::b%veth-b");
    struct pair pair;
    union pair_address local;
    union pair_address remote;

    (void)state;
    pair_connect_from("fe80::a%veth-a");
    pair_open(&pair, listener, getuid());
    pair_connect_from(NULL);
    local = pair.client.address;
    remote = pair.server.address;
    local.ipv6.sin6_scope_id = remote.ipv6.sin6_scope_id = if_nametoindex("veth-b");
    expect(&local, &remote, NOT_FOUND);
    assert_int_equal(pair_ping(&pair), PAIR_ALIVE);
    pair_close(&pair);
    close(listener);
}

static void a_listener_at_the_same_address_and_port_lives(void **state)
{
    const int listener = pair_listen("::1");
    struct pair pair;

    (void)state;
    pair_open(&pair, listener, getuid());
    pair_end_process(&pair.client);
    assert_int_equal(pair_saw(&pair.server), 0);
    pair_end_process(&pair.server);
    expect(&pair.server.address, &pair.client.address, NOT_FOUND);
    expect_listens(listener);
    close(listener);
}

static int make_interfaces(void **state)
{
    (void)state;
    return system("ip link add veth-a type veth peer name veth-b && "
                  "ip address add 2001:db8::a/64 dev veth-a nodad && "
                  "ip address add fe80::a/64 dev veth-a nodad && "
                  "ip address add 2001:db8::b/64 dev veth-b nodad && "
                  "ip address add fe80::b/64 dev veth-b nodad && "
                  "ip link set veth-a up && ip link set veth-b up");
}

static int remove_interfaces(void **state)
{
    (void)state;
    return system("ip link delete veth-a");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_loopback_address_is_closed),
        cmocka_unit_test(global_addresses_are_closed),
        cmocka_unit_test(link_local_addresses_are_closed),
        cmocka_unit_test(mapped_ipv4_addresses_are_closed),
        cmocka_unit_test(a_mapped_connection_is_closed_by_its_ipv4_row_too),
        cmocka_unit_test(without_a_helper_a_mapped_connection_is_50_by_either_row),
        cmocka_unit_test(without_a_helper_ipv6_is_50_and_the_absent_1168),
        cmocka_unit_test(a_plain_ipv4_connection_is_not_closed_by_a_mapped_row),
        cmocka_unit_test(a_scope_of_another_interface_is_1168_and_the_connection_lives),
        cmocka_unit_test(a_listener_at_the_same_address_and_port_lives),
    };

    if (argc != 4) {
        fprintf(stderr,
                "usage: test_live_ipv6 CLOSE_CONNECTION CLOSE_CONNECTION_IPV6 CLOSE_TABLE_ROW\n");
        return 2;
    }
    close_connection = argv[1];
    close_connection_ipv6 = argv[2];
    close_table_row = argv[3];
    return cmocka_run_group_tests(tests, make_interfaces, remove_interfaces);
}
