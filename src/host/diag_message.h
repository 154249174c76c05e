/* SPDX-License-Identifier: MIT */
/* Pure: how the kernel's messages about sockets are read.  Source: sock_diag(7), linux/inet_diag.h */
#ifndef DIAG_MESSAGE_H
#define DIAG_MESSAGE_H

#include "diag.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

enum
{
    ERRNO_AT_MOST = 4095, /* what Linux itself takes for one */
};

static inline uint8_t diag_address_family(uint32_t family)
{
    return family == CONNECTION_IPV6 ? AF_INET6 : AF_INET;
}

/* The errno that NLMSG_ERROR and NLMSG_DONE carry at the same place, negated; 0 is success, EPROTO if there is
 * none. */
static inline int diag_carried_error(const struct nlmsghdr *header)
{
    int error;

    if (header->nlmsg_len < NLMSG_LENGTH(sizeof(error))) {
        return EPROTO;
    }
    memcpy(&error, NLMSG_DATA(header), sizeof(error));
    return error > 0 || error < -ERRNO_AT_MOST ? EPROTO : -error;
}

/* Is the message long enough to be about a socket? */
static inline bool diag_has_socket(const struct nlmsghdr *header)
{
    return header->nlmsg_len >= NLMSG_LENGTH(sizeof(struct inet_diag_msg));
}

/* The socket that such a message is about, but for what its attributes tell: is_subflow is false. */
static inline struct diag_socket diag_socket_of(const struct nlmsghdr *header)
{
    const struct inet_diag_msg *found = NLMSG_DATA(header);
    const bool is_ipv6 = found->idiag_family == AF_INET6;
    struct diag_socket socket = {
        .connection =
            {
                .family = is_ipv6 ? CONNECTION_IPV6 : CONNECTION_IPV4,
                .local = {.port = found->id.idiag_sport},
                .remote = {.port = found->id.idiag_dport},
            },
        .interface = found->id.idiag_if,
        .state = found->idiag_state,
        .uid = found->idiag_uid,
        .inode = found->idiag_inode,
        .cookie = {found->id.idiag_cookie[0], found->id.idiag_cookie[1]},
    };
    const size_t bytes = is_ipv6 ? 16 : 4;

    memcpy(socket.connection.local.address, found->id.idiag_src, bytes);
    memcpy(socket.connection.remote.address, found->id.idiag_dst, bytes);
    return socket;
}

#endif
