/* SPDX-License-Identifier: MIT */
/* What this kernel does, as the helper asks it: the facts that its rules rest on. */
#include "connection.h"
#include "diag.h"

#include "asker.h"
#include "testing.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

/* Both ends in this process. */
struct both
{
    int client;
    int server;
    union pair_address client_address;
    union pair_address server_address;
};

static union pair_address address_of(int socket)
{
    union pair_address address = {0};
    socklen_t bytes = sizeof(address);

    assert_int_equal(getsockname(socket, &address.any, &bytes), 0);
    return address;
}

static int stream(int protocol)
{
    const union pair_address loopback = {
        .ipv4 = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}}};
    const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, protocol);

    if (made >= 0) {
        assert_int_equal(bind(made, &loopback.any, sizeof(loopback.ipv4)), 0);
    }
    return made;
}

/* False if this kernel has no such protocol. */
static bool open_both(struct both *both, int client_protocol, int server_protocol)
{
    const int listener = stream(server_protocol);
    char byte = 'x';

    both->client = stream(client_protocol);
    if (listener < 0 || both->client < 0) {
        return false;
    }
    assert_int_equal(listen(listener, 1), 0);
    both->server_address = address_of(listener);
    assert_int_equal(
        connect(both->client, &both->server_address.any, sizeof(both->server_address.ipv4)), 0);
    both->server = accept(listener, NULL, NULL);
    assert_true(both->server >= 0);
    both->client_address = address_of(both->client);
    assert_int_equal(send(both->client, &byte, 1, 0), 1); /* so all is agreed upon */
    assert_int_equal(recv(both->server, &byte, 1, 0), 1);
    assert_int_equal(send(both->server, &byte, 1, 0), 1);
    assert_int_equal(recv(both->client, &byte, 1, 0), 1);
    close(listener);
    return true;
}

static void close_both(const struct both *both)
{
    close(both->client);
    close(both->server);
}

static enum host_verdict close_row(const union pair_address *local,
                                   const union pair_address *remote)
{
    const struct host_request request = asker_request(local, remote);
    int error;

    return connection_close(&request, 0, &error);
}

static void expect_alive(const struct both *both)
{
    char byte = 'y';

    assert_int_equal(send(both->client, &byte, 1, MSG_NOSIGNAL), 1);
    assert_int_equal(recv(both->server, &byte, 1, 0), 1);
    assert_int_equal(send(both->server, &byte, 1, MSG_NOSIGNAL), 1);
    assert_int_equal(recv(both->client, &byte, 1, 0), 1);
}

/* The errno that each end sees. */
static void expect_ended(const struct both *both, int client_error, int server_error)
{
    char byte;

    assert_int_equal(recv(both->client, &byte, 1, 0), -1);
    assert_int_equal(errno, client_error);
    assert_int_equal(recv(both->server, &byte, 1, 0), -1);
    assert_int_equal(errno, server_error);
}

#define OPEN_OR_SKIP(both, client, server)                                                         \
    if (!open_both(both, client, server)) {                                                        \
        print_message("skipped: this kernel has no MPTCP, or it is switched off\n");               \
        skip();                                                                                    \
    }

static void a_connection_that_speaks_mptcp_is_not_supported_and_lives_at_both_ends(void **state)
{
    struct both both;

    (void)state;
    OPEN_OR_SKIP(&both, IPPROTO_MPTCP, IPPROTO_MPTCP);
    assert_int_equal(close_row(&both.client_address, &both.server_address), VERDICT_NOT_SUPPORTED);
    assert_int_equal(close_row(&both.server_address, &both.client_address), VERDICT_NOT_SUPPORTED);
    expect_alive(&both);
    close_both(&both);
}

static void an_mptcp_socket_whose_peer_speaks_plain_tcp_is_closed_at_both_ends(void **state)
{
    struct both both;

    (void)state;
    OPEN_OR_SKIP(&both, IPPROTO_MPTCP, 0);
    assert_int_equal(close_row(&both.client_address, &both.server_address), VERDICT_GONE);
    expect_ended(&both, ECONNABORTED, ECONNRESET);
    close_both(&both);
}

static void what_a_listener_for_mptcp_has_accepted_from_plain_tcp_is_closed(void **state)
{
    struct both both;

    (void)state;
    OPEN_OR_SKIP(&both, 0, IPPROTO_MPTCP);
    assert_int_equal(close_row(&both.server_address, &both.client_address), VERDICT_GONE);
    expect_ended(&both, ECONNRESET, ECONNABORTED);
    close_both(&both);
}

/* Why the promise that no listener is closed has an exception: if this fails one day, the kernel has come
 * to offer something better. */
static void
a_socket_that_becomes_a_listener_keeps_its_cookie_and_can_be_destroyed_by_it(void **state)
{
    const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
    struct diag_key key = {.family = AF_INET};
    struct diag_socket found;
    struct both both;

    (void)state;
    assert_true(open_both(&both, 0, 0));
    memcpy(key.local, &both.client_address.ipv4.sin_addr, 4);
    memcpy(key.remote, &both.server_address.ipv4.sin_addr, 4);
    key.local_port = both.client_address.ipv4.sin_port;
    key.remote_port = both.server_address.ipv4.sin_port;
    assert_int_equal(diag_find(&key, 0, &found), 0);
    assert_int_equal(connect(both.client, &nowhere, sizeof(nowhere)), 0);
    assert_int_equal(bind(both.client, &both.client_address.any, sizeof(both.client_address.ipv4)),
                     errno == EINVAL ? -1 : 0);
    assert_int_equal(listen(both.client, 1), 0);
    assert_int_equal(address_of(both.client).ipv4.sin_port, key.local_port);
    assert_int_equal(diag_destroy(&key, &found), 0);
    close_both(&both);
}

static bool lists(const uint32_t *indexes, size_t count, uint32_t wanted)
{
    for (size_t i = 0; i < count; i++) {
        if (indexes[i] == wanted) {
            return true;
        }
    }
    return false;
}

static void interfaces_are_listed_those_that_came_later_too(void **state)
{
    uint32_t indexes[64];
    size_t count;

    (void)state;
    assert_int_equal(system("ip link add a-later-one type bridge"), 0);
    count = diag_interfaces(indexes, 64);
    assert_true(lists(indexes, count, if_nametoindex("lo")));
    assert_true(lists(indexes, count, if_nametoindex("a-later-one")));
    assert_int_equal(system("ip link del a-later-one"), 0);
    assert_int_equal(diag_interfaces(indexes, 64), count - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_that_speaks_mptcp_is_not_supported_and_lives_at_both_ends),
        cmocka_unit_test(an_mptcp_socket_whose_peer_speaks_plain_tcp_is_closed_at_both_ends),
        cmocka_unit_test(what_a_listener_for_mptcp_has_accepted_from_plain_tcp_is_closed),
        cmocka_unit_test(
            a_socket_that_becomes_a_listener_keeps_its_cookie_and_can_be_destroyed_by_it),
        cmocka_unit_test(interfaces_are_listed_those_that_came_later_too),
    };

    if (diag_open() != 0) {
        perror("test_diag");
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
