/* SPDX-License-Identifier: MIT */
#include "destroy.h"

#include "diag.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <string.h>

enum
{
    INTERFACES_AT_MOST = 1024,
};

static bool is_link_local(const struct connection_end *end)
{
    return end->address[0] == 0xFE && (end->address[1] & 0xC0) == 0x80;
}

static bool is_known_interface(uint32_t index, const uint32_t *interfaces, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (interfaces[i] == index) {
            return true;
        }
    }
    return false;
}

static bool is_same_end(const struct connection_end *a, const struct connection_end *b)
{
    return a->port == b->port && memcmp(a->address, b->address, sizeof(a->address)) == 0;
}

static bool is_meant(const struct connection *meant, const struct diag_socket *found)
{
    const struct connection mapped = connection_mapped(meant);

    if (found->state == TCP_LISTEN) {
        return false;
    }
    /* IPv4 means the IPv6 sockets that talk IPv4, too; not the other way round. */
    if (meant->family == CONNECTION_IPV4 && found->connection.family == CONNECTION_IPV6) {
        meant = &mapped;
    }
    return meant->family == found->connection.family &&
           is_same_end(&meant->local, &found->connection.local) &&
           is_same_end(&meant->remote, &found->connection.remote);
}

static bool is_same_socket(const struct diag_socket *a, const struct diag_socket *b)
{
    return diag_identity(a) == diag_identity(b);
}

/* ENOENT where the kernel's match is not the connection that is meant. */
static int find_on(const struct connection *meant, uint32_t interface,
                   struct diag_socket *socket_out)
{
    const int error = diag_find(meant, interface, socket_out);

    return error == 0 && !is_meant(meant, socket_out) ? ENOENT : error;
}

/* What a user's search has come to: of the connections that match, those that they may have closed. */
struct search
{
    const struct connection *meant;
    uint64_t identity; /* 0: any */
    uid_t user;
    struct diag_socket own;
    bool have_own;
    bool have_two; /* and nobody can tell which is meant */
    bool have_anybody_elses;
};

/* An inode of 0: whose it is, or was, cannot be known. */
static bool may_close(uid_t user, const struct diag_socket *socket)
{
    return user == 0 ||
           (socket->inode != 0 && socket->uid == user && socket->uid != diag_unknown_owner());
}

static void judge(struct search *search, const struct diag_socket *found)
{
    if (search->identity != 0 && search->identity != diag_identity(found)) {
        return; /* nor does anybody learn that it is there */
    }
    if (!may_close(search->user, found)) {
        search->have_anybody_elses = search->have_anybody_elses || found->inode != 0;
        return;
    }
    search->have_two =
        search->have_two || (search->have_own && !is_same_socket(found, &search->own));
    search->own = *found;
    search->have_own = true;
}

/* Sockets that are bound to an interface are only found when it is named. */
static int search_on(struct search *search, const uint32_t *interfaces, size_t count)
{
    struct diag_socket found;

    for (size_t i = 0; i < count; i++) {
        const int error = find_on(search->meant, interfaces[i], &found);

        if (error == 0) {
            judge(search, &found);
        } else if (error != ENOENT) {
            return error;
        }
    }
    return 0;
}

/* The interface that a row names: Wine fills in scope ids that mean nothing. */
static uint32_t named_interface(const struct connection *meant, const uint32_t *interfaces,
                                size_t count)
{
    const struct connection_end *const ends[] = {&meant->local, &meant->remote};

    for (size_t i = 0; i < 2 && meant->family == CONNECTION_IPV6; i++) {
        if (is_link_local(ends[i]) && is_known_interface(ends[i]->scope_id, interfaces, count)) {
            return ends[i]->scope_id;
        }
    }
    return 0;
}

/* Others cannot hide a user's connection behind one of theirs: only where the user has one that is
 * bound to no interface is that the end of the search. */
static int search_all(struct search *search)
{
    static const uint32_t none = 0;
    const struct connection *meant = search->meant;
    uint32_t interfaces[INTERFACES_AT_MOST];
    size_t count;
    uint32_t named;
    const bool scoped = meant->family == CONNECTION_IPV6 &&
                        (is_link_local(&meant->local) || is_link_local(&meant->remote));
    const int error = scoped ? 0 : search_on(search, &none, 1);

    if (error != 0 || search->have_own) {
        return error;
    }
    count = diag_interfaces(interfaces, INTERFACES_AT_MOST);
    named = named_interface(meant, interfaces, count);
    return named != 0 ? search_on(search, &named, 1) : search_on(search, interfaces, count);
}

static struct answer system_call_failed(int error)
{
    return (struct answer){ANSWER_SYSTEM_CALL_FAILED, (uint32_t)error};
}

/* "No such connection" may also mean that the kernel lacks what it takes to find one. */
static struct answer not_found(uint32_t family)
{
    static bool can_find[CONNECTION_IPV6 + 1];
    const int error = can_find[family] ? 0 : diag_probe(family);

    switch (error) {
    case 0:
        can_find[family] = true;
        return answer_of(ANSWER_NOT_FOUND);
    case ENOENT:
    case EOPNOTSUPP:
    case EAFNOSUPPORT:
    case EINVAL:
        return answer_of(ANSWER_KERNEL_CANNOT);
    default:
        return system_call_failed(error);
    }
}

/* Older kernels say that they have closed an orphan without doing anything, and it may have become one since the
 * look. */
static bool is_still_there(const struct connection *meant, const struct diag_socket *socket)
{
    struct diag_socket left;

    return (socket->inode == 0 || diag_may_spare_orphans()) &&
           find_on(meant, socket->interface, &left) == 0 && is_same_socket(socket, &left);
}

/*
 * Between the look and this the socket's program can have made a listener of it, by
 * connect(AF_UNSPEC) and listen: that keeps the cookie, and the kernel offers no way to spare it.
 */
static struct answer destroy(const struct connection *meant, const struct diag_socket *socket)
{
    int error = diag_destroy(meant, socket);
    bool is_left = error == 0 && is_still_there(meant, socket);

    /* While it arrives at its listener, one half of it can go and the other one stay, with the same cookie. */
    if (is_left) {
        error = diag_destroy(meant, socket);
        is_left = error == 0 && is_still_there(meant, socket);
        error = error == ENOENT ? 0 : error;
    }
    switch (error) {
    case 0:
        return answer_of(is_left ? ANSWER_KERNEL_CANNOT : ANSWER_CLOSED);
    case ENOENT:
        return answer_of(ANSWER_NOT_FOUND);
    case EPERM:
        return answer_of(ANSWER_NO_CAPABILITY);
    case EOPNOTSUPP:
        return answer_of(ANSWER_KERNEL_CANNOT);
    default:
        return system_call_failed(error);
    }
}

static struct target none(struct answer why)
{
    return (struct target){.answer = why};
}

struct target destroy_find(const struct connection *connection, uint64_t identity, uid_t user)
{
    struct search search = {.meant = connection, .identity = identity, .user = user};
    int error;

    if (connection->family != CONNECTION_IPV4 && connection->family != CONNECTION_IPV6) {
        return none(answer_of(ANSWER_BAD_REQUEST));
    }
    error = search_all(&search);
    if (error == EINVAL || error == EOPNOTSUPP || error == EAFNOSUPPORT) {
        return none(not_found(connection->family));
    }
    if (error != 0) {
        return none(system_call_failed(error));
    }
    if (search.have_two) {
        return none(answer_of(ANSWER_NOT_FOUND));
    }
    if (!search.have_own) {
        return none(search.have_anybody_elses ? answer_of(ANSWER_NOT_OWNER)
                                              : not_found(connection->family));
    }
    return (struct target){
        .answer = answer_of(search.own.is_subflow ? ANSWER_MULTIPATH : ANSWER_NONE),
        .socket = search.own,
    };
}

struct answer destroy_target(const struct connection *connection, const struct target *target)
{
    return target->answer.kind == ANSWER_NONE ? destroy(connection, &target->socket)
                                              : target->answer;
}

struct answer destroy_connection(const struct connection *connection, uint64_t identity, uid_t user)
{
    const struct target target = destroy_find(connection, identity, user);

    return destroy_target(connection, &target);
}
