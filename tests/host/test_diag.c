/* SPDX-License-Identifier: MIT */
/* What this kernel does, as the helper asks it: the facts that its rules rest on. */
#include "destroy.h"
#include "diag.h"
#include "diag_each.h"

#include "asker.h"
#include "testing.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <sched.h>
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

static enum answer_kind close_row(const union pair_address *local, const union pair_address *remote)
{
    const struct host_request request = asker_request(local, remote);

    return destroy_connection(&request.connection, 0, 0).kind;
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

static void a_connection_that_speaks_mptcp_is_said_to_and_lives_at_both_ends(void **state)
{
    struct both both = {0};

    (void)state;
    OPEN_OR_SKIP(&both, IPPROTO_MPTCP, IPPROTO_MPTCP);
    assert_int_equal(close_row(&both.client_address, &both.server_address), ANSWER_MULTIPATH);
    assert_int_equal(close_row(&both.server_address, &both.client_address), ANSWER_MULTIPATH);
    expect_alive(&both);
    close_both(&both);
}

static void an_mptcp_socket_whose_peer_speaks_plain_tcp_is_closed_at_both_ends(void **state)
{
    struct both both = {0};

    (void)state;
    OPEN_OR_SKIP(&both, IPPROTO_MPTCP, 0);
    assert_int_equal(close_row(&both.client_address, &both.server_address), ANSWER_CLOSED);
    expect_ended(&both, ECONNABORTED, ECONNRESET);
    close_both(&both);
}

static void what_a_listener_for_mptcp_has_accepted_from_plain_tcp_is_closed(void **state)
{
    struct both both = {0};

    (void)state;
    OPEN_OR_SKIP(&both, 0, IPPROTO_MPTCP);
    assert_int_equal(close_row(&both.server_address, &both.client_address), ANSWER_CLOSED);
    expect_ended(&both, ECONNRESET, ECONNABORTED);
    close_both(&both);
}

/* Why the promise that no listener is closed has an exception: if this fails one day, the kernel has come
 * to offer something better. */
static void
a_socket_that_becomes_a_listener_keeps_its_cookie_and_can_be_destroyed_by_it(void **state)
{
    const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};
    struct connection connection;
    struct diag_socket found;
    struct both both = {0};

    (void)state;
    assert_true(open_both(&both, 0, 0));
    connection = asker_request(&both.client_address, &both.server_address).connection;
    assert_int_equal(diag_find(&connection, 0, &found), 0);
    assert_int_equal(connect(both.client, &nowhere, sizeof(nowhere)), 0);
    assert_int_equal(bind(both.client, &both.client_address.any, sizeof(both.client_address.ipv4)),
                     errno == EINVAL ? -1 : 0);
    assert_int_equal(listen(both.client, 1), 0);
    assert_int_equal(address_of(both.client).ipv4.sin_port, connection.local.port);
    assert_int_equal(diag_destroy(&connection, &found), 0);
    close_both(&both);
}

/* ---- owners ---- */

enum
{
    USER = 12345,
    OTHER_USER = 54321,
    UNKNOWN = 65534,
};

#define BE_SOMEBODY_ELSE_OR_SKIP(who)                                                              \
    if (seteuid(who) != 0) {                                                                       \
        print_message("skipped: only root of the machine can make other users' connections\n");    \
        skip();                                                                                    \
    }

/* On its way through this interface, to where nobody answers. */
static int bound_twin(uid_t owner, const char *interface)
{
    const union pair_address local = {
        .ipv4 = {.sin_family = AF_INET, .sin_port = htons(5555), .sin_addr = {htonl(0x0A090901)}}};
    const union pair_address remote = {
        .ipv4 = {.sin_family = AF_INET, .sin_port = htons(80), .sin_addr = {htonl(0x0A090902)}}};
    int made;

    assert_int_equal(seteuid(owner), 0);
    made = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_int_equal(seteuid(0), 0);
    assert_int_equal(
        setsockopt(made, SOL_SOCKET, SO_BINDTODEVICE, interface, (socklen_t)strlen(interface)), 0);
    assert_int_equal(bind(made, &local.any, sizeof(local.ipv4)), 0);
    assert_int_equal(connect(made, &remote.any, sizeof(remote.ipv4)), -1);
    assert_int_equal(errno, EINPROGRESS);
    return made;
}

static int error_of(int socket)
{
    int error = -1;
    socklen_t bytes = sizeof(error);

    assert_int_equal(getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &bytes), 0);
    return error;
}

static void another_users_twin_on_another_interface_hides_nothing(void **state)
{
    const struct connection connection = {
        .local = {.address = {10, 9, 9, 1}, .port = htons(5555)},
        .remote = {.address = {10, 9, 9, 2}, .port = htons(80)},
        .family = CONNECTION_IPV4,
    };
    int own;
    int twin;

    (void)state;
    BE_SOMEBODY_ELSE_OR_SKIP(USER);
    assert_int_equal(seteuid(0), 0);
    assert_int_equal(
        system("for i in twin-a twin-b; do ip link add $i type bridge && ip link set $i up && "
               "ip addr add 10.9.9.1/24 dev $i && "
               "ip neigh add 10.9.9.2 lladdr 02:00:00:00:00:01 dev $i nud permanent; done"),
        0);
    twin = bound_twin(OTHER_USER, "twin-a");
    own = bound_twin(USER, "twin-b");
    assert_int_equal(destroy_connection(&connection, 0, USER).kind, ANSWER_CLOSED);
    assert_int_equal(error_of(own), ECONNABORTED);
    assert_int_equal(error_of(twin), 0);
    assert_int_equal(destroy_connection(&connection, 0, USER).kind, ANSWER_NOT_OWNER);
    assert_int_equal(error_of(twin), 0);
    close(own);
    close(twin);
    assert_int_equal(system("ip link del twin-a; ip link del twin-b"), 0);
}

/* In a user namespace in which we are UNKNOWN, and nobody else is known. */
static void enter_namespace(void)
{
    const int map =
        unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 ? open("/proc/self/uid_map", O_WRONLY) : -1;

    if (map < 0 || write(map, "65534 0 1", 9) != 9) {
        _exit(77);
    }
}

/* Exits with the answer about a connection that comes through the pipe. */
static void be_in_namespace(int ready, int asked)
{
    struct host_request request;

    enter_namespace();
    if (diag_open() != 0 || write(ready, "", 1) != 1 ||
        read(asked, &request, sizeof(request)) != sizeof(request) || getuid() != UNKNOWN) {
        _exit(99);
    }
    _exit((int)destroy_connection(&request.connection, 0, getuid()).kind);
}

static void join_network_of(pid_t process)
{
    char path[64];
    int network;

    snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)process);
    network = open(path, O_RDONLY | O_CLOEXEC);
    assert_int_equal(setns(network, CLONE_NEWNET), 0);
    close(network);
}

static void an_unknown_owners_connection_is_not_closed_for_one_who_shows_as_unknown(void **state)
{
    int ready[2];
    int ask[2];
    struct host_request request;
    struct both both = {0};
    pid_t child;
    int status;
    char byte;

    (void)state;
    BE_SOMEBODY_ELSE_OR_SKIP(USER);
    assert_int_equal(seteuid(0), 0);
    assert_int_equal(pipe(ready) + pipe(ask), 0);
    child = fork();
    if (child == 0) {
        be_in_namespace(ready[1], ask[0]);
    }
    close(ready[1]);
    if (read(ready[0], &byte, 1) != 1) {
        print_message("skipped: no user namespace can be made here\n");
        skip();
    }
    join_network_of(child);
    assert_int_equal(system("ip link set lo up"), 0);
    assert_int_equal(seteuid(USER), 0);
    assert_true(open_both(&both, 0, 0));
    assert_int_equal(seteuid(0), 0);
    request = asker_request(&both.client_address, &both.server_address);
    assert_int_equal(write(ask[1], &request, sizeof(request)), sizeof(request));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, ANSWER_NOT_OWNER << 8);
    expect_alive(&both);
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

/* ---- the whole list ---- */

enum
{
    MANY = 300, /* so that their list takes several parts */
};

struct sought
{
    uint64_t identities[2 * MANY + 1]; /* of both ends of each, and of a listener */
    unsigned times[2 * MANY + 1];
    size_t count;
    unsigned others;
};

static void seek(struct sought *sought, int socket)
{
    socklen_t bytes = sizeof(sought->identities[0]);

    assert_int_equal(
        getsockopt(socket, SOL_SOCKET, SO_COOKIE, &sought->identities[sought->count++], &bytes), 0);
}

static void take(void *taker, const struct diag_socket *socket)
{
    struct sought *sought = taker;
    size_t i = 0;

    while (i < sought->count && sought->identities[i] != diag_identity(socket)) {
        i++;
    }
    sought->others += i == sought->count;
    sought->times[i] += i < sought->count;
}

static void expect_listed(struct sought *sought, uint32_t states, unsigned connections,
                          unsigned listeners)
{
    memset(sought->times, 0, sizeof(sought->times));
    sought->others = 0;
    assert_int_equal(diag_each(CONNECTION_IPV4, states, take, sought), 0);
    for (size_t i = 0; i < sought->count; i++) {
        assert_int_equal(sought->times[i], i == 0 ? listeners : connections);
    }
    assert_int_equal(sought->others, 0);
}

static void the_list_has_each_connection_once_and_only_those_in_the_states_asked_for(void **state)
{
    static struct both all[MANY];
    static struct sought sought;
    const int listener = stream(0);

    (void)state;
    assert_int_equal(listen(listener, 1), 0);
    seek(&sought, listener);
    for (size_t i = 0; i < MANY; i++) {
        assert_true(open_both(&all[i], 0, 0));
        seek(&sought, all[i].client);
        seek(&sought, all[i].server);
    }
    expect_listed(&sought, 1 << TCP_ESTABLISHED | 1 << TCP_LISTEN, 1, 1);
    expect_listed(&sought, 1 << TCP_ESTABLISHED, 1, 0);
    expect_listed(&sought, 1 << TCP_LISTEN, 0, 1);
    expect_listed(&sought, 1 << TCP_SYN_SENT, 0, 0);
    assert_int_equal(diag_each(CONNECTION_IPV6, UINT32_MAX, take, &sought), 0);
    assert_int_equal(sought.others, 0);
    for (size_t i = 0; i < MANY; i++) {
        close_both(&all[i]);
    }
    close(listener);
}

struct wanted
{
    uint64_t identity;
    struct diag_socket found;
};

static void take_wanted(void *taker, const struct diag_socket *socket)
{
    struct wanted *wanted = taker;

    if (diag_identity(socket) == wanted->identity) {
        wanted->found = *socket;
    }
}

/* What the list says is enough to find the connection again, and to tell it from others. */
static void what_is_listed_is_closed_by_its_identity(void **state)
{
    struct wanted wanted = {0};
    socklen_t bytes = sizeof(wanted.identity);
    struct both both = {0};
    const struct connection *listed = &wanted.found.connection;

    (void)state;
    assert_true(open_both(&both, 0, 0));
    assert_int_equal(getsockopt(both.client, SOL_SOCKET, SO_COOKIE, &wanted.identity, &bytes), 0);
    assert_int_equal(diag_each(CONNECTION_IPV4, 1 << TCP_ESTABLISHED, take_wanted, &wanted), 0);
    assert_int_equal(destroy_connection(listed, wanted.identity + 1, 0).kind, ANSWER_NOT_FOUND);
    expect_alive(&both);
    assert_int_equal(destroy_connection(listed, wanted.identity, 0).kind, ANSWER_CLOSED);
    expect_ended(&both, ECONNABORTED, ECONNRESET);
    close_both(&both);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_that_speaks_mptcp_is_said_to_and_lives_at_both_ends),
        cmocka_unit_test(an_mptcp_socket_whose_peer_speaks_plain_tcp_is_closed_at_both_ends),
        cmocka_unit_test(what_a_listener_for_mptcp_has_accepted_from_plain_tcp_is_closed),
        cmocka_unit_test(
            a_socket_that_becomes_a_listener_keeps_its_cookie_and_can_be_destroyed_by_it),
        cmocka_unit_test(interfaces_are_listed_those_that_came_later_too),
        cmocka_unit_test(another_users_twin_on_another_interface_hides_nothing),
        cmocka_unit_test(the_list_has_each_connection_once_and_only_those_in_the_states_asked_for),
        cmocka_unit_test(what_is_listed_is_closed_by_its_identity),
        /* The last, as it leaves our network. */
        cmocka_unit_test(an_unknown_owners_connection_is_not_closed_for_one_who_shows_as_unknown),
    };

    if (diag_open() != 0) {
        perror("test_diag");
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
