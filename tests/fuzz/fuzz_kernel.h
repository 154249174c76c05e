/* SPDX-License-Identifier: MIT */
/* The connections that helpers can be asked to close, in tests/host/fake_diag.c, and what is promised of them. */
#ifndef FUZZ_KERNEL_H
#define FUZZ_KERNEL_H

#include "fuzz.h"

#include "fake_diag.h"
#include "host/destroy.h"
#include "protocol.h"

#include <errno.h>
#include <netinet/tcp.h>

enum
{
    USER = 1000,
};

/* From and to this machine, at ports that are easily guessed. */
#define IPV4(port, interface, state, uid, inode, is_subflow)                                       \
    {                                                                                              \
        {{{127, 0, 0, 1}, 0, 1, 0}, {{127, 0, 0, 1}, 0, port, 0}, CONNECTION_IPV4}, interface,     \
            state, uid, inode, {port}, is_subflow                                                  \
    }
#define IPV6(address, port, interface, uid, inode)                                                 \
    {                                                                                              \
        {{address, 0, 1, 0}, {address, 0, port, 0}, CONNECTION_IPV6}, interface, TCP_ESTABLISHED,  \
            uid, inode, {port}, false                                                              \
    }
#define MAPPED                                                                                     \
    {                                                                                              \
        [10] = 0xFF, 0xFF, 127, 0, 0, 1                                                            \
    }
#define LINK_LOCAL                                                                                 \
    {                                                                                              \
        0xFE, 0x80                                                                                 \
    }

static const struct fake_diag kernel = {
    .sockets =
        {
            IPV4(1, 0, TCP_ESTABLISHED, USER, 10, false),
            IPV4(2, 0, TCP_ESTABLISHED, 1, 11, false), /* anybody else's */
            IPV6(LINK_LOCAL, 3, 2, USER, 12),
            IPV6(MAPPED, 4, 0, USER, 13),
            IPV4(5, 0, TCP_FIN_WAIT1, USER, 0, false), /* which nobody has any more */
            IPV4(6, 0, TCP_ESTABLISHED, USER, 14, true),
            IPV4(7, 0, TCP_LISTEN, USER, 15, false),
            IPV4(8, 3, TCP_ESTABLISHED, FAKE_UNKNOWN_OWNER, 16, false),
        },
    .count = FAKE_SOCKETS,
    .interfaces = {1, 2, 3},
    .interface_count = 3,
};

static inline int any_error(struct input *input)
{
    static const int errors[] = {ENOENT, EINVAL, EPERM, EOPNOTSUPP, EAFNOSUPPORT, EIO};

    return errors[take_below(input, sizeof(errors) / sizeof(errors[0]))];
}

/* Who the helper's user is. */
static inline uid_t any_user(struct input *input)
{
    static const uid_t users[] = {USER, 0, 1, FAKE_UNKNOWN_OWNER};

    return users[take_below(input, sizeof(users) / sizeof(users[0]))];
}

/* A kernel with the faults that these flags say. */
static inline void any_kernel(struct input *input, uint8_t flags)
{
    fake_diag = kernel;
    fake_diag.lies = (flags & 1) != 0;
    fake_diag.vain_destroys = flags & 2;
    fake_diag.find_error = flags & 4 ? any_error(input) : 0;
    fake_diag.probe_error = flags & 8 ? any_error(input) : 0;
    fake_diag.destroy_error = flags & 16 ? any_error(input) : 0;
}

/* For a connection that there is, but for some bytes. */
static inline struct host_request any_request(struct input *input, uint32_t id)
{
    struct host_request request = {
        .version = HOST_VERSION,
        .id = id,
        .connection = kernel.sockets[take_below(input, FAKE_SOCKETS)].connection,
    };
    size_t offset;

    request.connection.local.scope_id = 2;
    offset = take_below(input, sizeof(request));
    take(input, (uint8_t *)&request + offset, take_below(input, sizeof(request) + 1 - offset));
    return request;
}

static inline bool is_end(uint32_t family, const struct connection_end *has, uint32_t asked_family,
                          const struct connection_end *asked)
{
    const bool is_mapped = family == CONNECTION_IPV6 && asked_family == CONNECTION_IPV4;

    return has->port == asked->port && (is_mapped || family == asked_family) &&
           memcmp(has->address + (is_mapped ? 12 : 0), asked->address,
                  asked_family == CONNECTION_IPV4 ? 4 : 16) == 0;
}

/* Does the request mean this socket? */
static inline bool asks_for(const struct host_request *request, const struct diag_socket *socket)
{
    const struct connection *has = &socket->connection;
    const struct connection *asked = &request->connection;

    return is_end(has->family, &has->local, asked->family, &asked->local) &&
           is_end(has->family, &has->remote, asked->family, &asked->remote) &&
           (host_identity(request) == 0 || host_identity(request) == diag_identity(socket));
}

static inline void promise_may_close(uid_t user, const struct diag_socket *socket)
{
    promise(socket->state != TCP_LISTEN && !socket->is_subflow);
    promise(user == 0 ||
            (socket->inode != 0 && socket->uid == user && socket->uid != FAKE_UNKNOWN_OWNER));
}

#endif
