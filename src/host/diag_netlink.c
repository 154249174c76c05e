/* SPDX-License-Identifier: MIT */
#include "diag.h"

#include "diag_message.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/mptcp.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

static int netlink = -1;
static uint32_t netlink_inode;
static uint32_t sequence;
static uint32_t unknown_owner = 65534;
static bool may_spare_orphans;
static FILE *interfaces;                       /* /proc/net/dev */
static int family_errors[CONNECTION_IPV6 + 1]; /* why sockets of a family cannot be made */

struct message
{
    struct nlmsghdr header;
    struct inet_diag_req_v2 request;
};

/* An answer is one message of at most a few hundred bytes. */
union answer
{
    struct nlmsghdr header;
    char bytes[8192];
};

/* A number of the kernel's; nothing changes if it cannot be read. */
static void read_number(const char *path, uint32_t *number_out)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    char text[16] = {0};

    if (file >= 0 && read(file, text, sizeof(text) - 1) > 0) {
        *number_out = (uint32_t)strtoul(text, NULL, 10);
    }
    close(file);
}

/* The kernel lists connections even of a family that was switched off. */
static int family_error(int family)
{
    const int made = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (made < 0) {
        return errno;
    }
    close(made);
    return 0;
}

/* True where it cannot be known. */
static bool is_older_than(unsigned major, unsigned minor)
{
    struct utsname kernel;
    unsigned long has_major;
    char *end;

    if (uname(&kernel) != 0) {
        return true;
    }
    has_major = strtoul(kernel.release, &end, 10);
    return has_major < major ||
           (has_major == major && (*end != '.' || strtoul(end + 1, NULL, 10) < minor));
}

/* All that takes opening a file or a socket: later the sandbox forbids it. */
int diag_open(void)
{
    const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    uint32_t first_interface;
    struct stat is;

    netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (netlink < 0 || connect(netlink, (const struct sockaddr *)&kernel, sizeof(kernel)) != 0 ||
        fstat(netlink, &is) != 0) {
        return errno;
    }
    netlink_inode = (uint32_t)is.st_ino;
    interfaces = fopen("/proc/net/dev", "re");
    if (!interfaces) {
        return errno;
    }
    diag_interfaces(&first_interface, 1); /* so that the C library has its buffer */
    read_number("/proc/sys/kernel/overflowuid", &unknown_owner);
    may_spare_orphans = is_older_than(6, 12);
    family_errors[CONNECTION_IPV4] = family_error(AF_INET);
    family_errors[CONNECTION_IPV6] = family_error(AF_INET6);
    return 0;
}

uint32_t diag_socket_inode(void)
{
    return netlink_inode;
}

static struct message message_for(uint16_t type, uint16_t flags, const struct connection *meant,
                                  uint32_t interface)
{
    struct message message = {
        .header =
            {
                .nlmsg_len = sizeof(message),
                .nlmsg_type = type,
                .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags),
                .nlmsg_seq = ++sequence,
            },
        .request =
            {
                .sdiag_family = diag_address_family(meant->family),
                .sdiag_protocol = IPPROTO_TCP,
                .idiag_states = UINT32_MAX,
                .id =
                    {
                        .idiag_sport = meant->local.port,
                        .idiag_dport = meant->remote.port,
                        .idiag_if = interface,
                        .idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE},
                    },
            },
    };

    memcpy(message.request.id.idiag_src, meant->local.address, sizeof(meant->local.address));
    memcpy(message.request.id.idiag_dst, meant->remote.address, sizeof(meant->remote.address));
    return message;
}

/* Sends it and waits for the kernel's answer to it. */
static int ask(const struct message *message, union answer *answer_out)
{
    if (send(netlink, message, sizeof(*message), 0) < 0) {
        return errno;
    }
    for (;;) {
        const ssize_t bytes = recv(netlink, answer_out, sizeof(*answer_out), 0);

        if (bytes < 0 && errno != EINTR) {
            return errno;
        }
        if (bytes >= 0 && !NLMSG_OK(&answer_out->header, (size_t)bytes)) {
            return EPROTO;
        }
        if (bytes >= 0 && answer_out->header.nlmsg_seq == message->header.nlmsg_seq) {
            return 0;
        }
    }
}

/* The first attribute of this kind among those that fill these bytes; NULL if there is none. */
static const struct rtattr *attribute(const void *attributes, size_t bytes, unsigned short kind)
{
    const struct rtattr *at = attributes;

    while (RTA_OK(at, bytes) && (at->rta_type & NLA_TYPE_MASK) != kind) {
        if (RTA_ALIGN(at->rta_len) >= bytes) {
            return NULL; /* the last one need not be filled up */
        }
        at = RTA_NEXT(at, bytes);
    }
    return RTA_OK(at, bytes) ? at : NULL;
}

static const struct rtattr *within(const struct rtattr *outer, unsigned short kind)
{
    return outer ? attribute(RTA_DATA(outer), RTA_PAYLOAD(outer), kind) : NULL;
}

/* One that has fallen back to plain TCP, as the peer does not speak MPTCP, is all that its connection
 * has: with it, that ends. */
static bool is_subflow(const struct nlmsghdr *header)
{
    static const char mptcp[] = "mptcp";
    static const uint32_t spoken =
        MPTCP_SUBFLOW_FLAG_MCAP_REM | MPTCP_SUBFLOW_FLAG_JOIN_REM | MPTCP_SUBFLOW_FLAG_JOIN_LOC;
    const char *after =
        (const char *)NLMSG_DATA(header) + NLMSG_ALIGN(sizeof(struct inet_diag_msg));
    const struct rtattr *ulp = attribute(
        after, (size_t)((const char *)header + header->nlmsg_len - after), INET_DIAG_ULP_INFO);
    const struct rtattr *name = within(ulp, INET_ULP_INFO_NAME);
    const struct rtattr *flags = within(within(ulp, INET_ULP_INFO_MPTCP), MPTCP_SUBFLOW_ATTR_FLAGS);
    uint32_t spoken_here = spoken; /* unless it says otherwise */

    if (!name || RTA_PAYLOAD(name) < sizeof(mptcp) - 1 ||
        memcmp(RTA_DATA(name), mptcp, sizeof(mptcp) - 1) != 0) {
        return false;
    }
    if (flags && RTA_PAYLOAD(flags) >= sizeof(spoken_here)) {
        memcpy(&spoken_here, RTA_DATA(flags), sizeof(spoken_here));
    }
    return (spoken_here & spoken) != 0;
}

int diag_find(const struct connection *meant, uint32_t interface, struct diag_socket *socket_out)
{
    struct message message = message_for(SOCK_DIAG_BY_FAMILY, 0, meant, interface);
    union answer answer;
    int error;

    message.request.idiag_ext = 1 << (INET_DIAG_INFO - 1); /* with which comes what is above TCP */
    error = ask(&message, &answer);
    if (error != 0) {
        return error;
    }
    if (answer.header.nlmsg_type == NLMSG_ERROR) {
        const int carried = diag_carried_error(&answer.header);

        return carried == 0 ? EPROTO : carried;
    }
    if (answer.header.nlmsg_type != SOCK_DIAG_BY_FAMILY || !diag_has_socket(&answer.header)) {
        return EPROTO;
    }
    *socket_out = diag_socket_of(&answer.header);
    socket_out->is_subflow = is_subflow(&answer.header);
    return 0;
}

int diag_destroy(const struct connection *meant, const struct diag_socket *socket)
{
    struct message message = message_for(SOCK_DESTROY, NLM_F_ACK, meant, socket->interface);
    union answer answer;
    int error;

    message.request.id.idiag_cookie[0] = socket->cookie[0];
    message.request.id.idiag_cookie[1] = socket->cookie[1];
    error = ask(&message, &answer);
    if (error != 0) {
        return error;
    }
    return answer.header.nlmsg_type == NLMSG_ERROR ? diag_carried_error(&answer.header) : EPROTO;
}

int diag_probe(uint32_t family)
{
    const struct connection any = {.family = family};
    struct message message = message_for(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &any, 0);
    union answer answer;
    int error = family_errors[family];

    if (error != 0) {
        return error;
    }
    /* In no state: the kernel goes through nothing, but says whether it could. */
    message.request.idiag_states = 0;
    error = ask(&message, &answer);
    if (error != 0) {
        return error;
    }
    switch (answer.header.nlmsg_type) {
    case NLMSG_DONE:
    case NLMSG_ERROR:
        return diag_carried_error(&answer.header);
    default:
        return EPROTO;
    }
}

bool diag_may_spare_orphans(void)
{
    return may_spare_orphans;
}

uint32_t diag_unknown_owner(void)
{
    return unknown_owner;
}

/* The index of the interface that a line is about, asked on the one socket that there is: any will do. */
static uint32_t interface_of(const char *line)
{
    struct ifreq request = {.ifr_ifindex = 0};
    char after;

    return sscanf(line, " %15[^: ]%c", request.ifr_name, &after) == 2 && after == ':' &&
                   ioctl(netlink, SIOCGIFINDEX, &request) == 0
               ? (uint32_t)request.ifr_ifindex
               : 0;
}

/* By a file and not by rtnetlink, with whose sockets one could change the network. */
size_t diag_interfaces(uint32_t *indexes_out, size_t room)
{
    char line[1024];
    size_t count = 0;

    rewind(interfaces);
    while (count < room && fgets(line, sizeof(line), interfaces)) {
        const uint32_t index = interface_of(line);

        if (index != 0) {
            indexes_out[count++] = index;
        }
    }
    return count;
}
