/* SPDX-License-Identifier: MIT */
#include "diag_each.h"

#include "diag_message.h"

#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

enum
{
    SEQUENCE = 1, /* of the one question that the socket is for */
};

/* The kernel fills as much as there is room for, up to this. */
union part
{
    struct nlmsghdr header;
    char bytes[32768];
};

/* What has come of a list. */
struct list
{
    diag_take_func *take;
    void *taker;
    bool is_over;
    bool has_changed;
};

/* 0, or an errno. */
static int ask(int netlink, uint32_t family, uint32_t states)
{
    const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    const struct
    {
        struct nlmsghdr header;
        struct inet_diag_req_v2 request;
    } message = {
        .header =
            {
                .nlmsg_len = sizeof(message),
                .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
                .nlmsg_seq = SEQUENCE,
            },
        .request =
            {
                .sdiag_family = diag_address_family(family),
                .sdiag_protocol = IPPROTO_TCP,
                .idiag_states = states,
            },
    };

    if (connect(netlink, (const struct sockaddr *)&kernel, sizeof(kernel)) != 0 ||
        send(netlink, &message, sizeof(message), 0) < 0) {
        return errno;
    }
    return 0;
}

/* One message; 0, or an errno. */
static int heed(struct list *list, const struct nlmsghdr *header)
{
    struct diag_socket socket;

    if (header->nlmsg_seq != SEQUENCE) {
        return 0;
    }
    list->has_changed = list->has_changed || header->nlmsg_flags & NLM_F_DUMP_INTR;
    switch (header->nlmsg_type) {
    case NLMSG_NOOP:
        return 0;
    case NLMSG_DONE:
        list->is_over = true;
        return diag_carried_error(header);
    case NLMSG_ERROR: {
        const int carried = diag_carried_error(header);

        return carried == 0 ? EPROTO : carried;
    }
    case SOCK_DIAG_BY_FAMILY:
        if (!diag_has_socket(header)) {
            return EPROTO;
        }
        socket = diag_socket_of(header);
        list->take(list->taker, &socket);
        return 0;
    default:
        return EPROTO;
    }
}

/* All messages of a part that has come whole; 0, or an errno. */
static int heed_part(struct list *list, const union part *part, size_t bytes)
{
    const struct nlmsghdr *header = &part->header;
    int error = bytes == 0 || bytes > sizeof(*part) ? EPROTO : 0;

    while (error == 0 && bytes > 0 && !list->is_over) {
        const size_t length = bytes >= sizeof(*header) ? NLMSG_ALIGN(header->nlmsg_len) : 0;

        if (!NLMSG_OK(header, bytes)) {
            return EPROTO;
        }
        error = heed(list, header);
        header = (const void *)((const char *)header + length);
        bytes -= length < bytes ? length : bytes; /* the last one need not be filled up */
    }
    return error;
}

static int read_list(int netlink, struct list *list)
{
    union part part;
    int error = 0;

    while (error == 0 && !list->is_over) {
        /* MSG_TRUNC: how long it was, even if there was no room. */
        const ssize_t bytes = recv(netlink, &part, sizeof(part), MSG_TRUNC);

        if (bytes >= 0) {
            error = heed_part(list, &part, (size_t)bytes);
        } else if (errno != EINTR) {
            error = errno;
        }
    }
    return error == 0 && list->has_changed ? EAGAIN : error;
}

int diag_each(uint32_t family, uint32_t states, diag_take_func *take, void *taker)
{
    struct list list = {.take = take, .taker = taker};
    const int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    int error;

    if (netlink < 0) {
        return errno;
    }
    error = ask(netlink, family, states);
    if (error == 0) {
        error = read_list(netlink, &list);
    }
    close(netlink);
    return error;
}
