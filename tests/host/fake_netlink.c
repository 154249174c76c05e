/* SPDX-License-Identifier: MIT */
#include "fake_netlink.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

struct fake_netlink fake_netlink;

ssize_t send(int fd, const void *buf, size_t n, int flags)
{
    (void)fd;
    (void)flags;
    fake_netlink.sequence = ((const struct nlmsghdr *)buf)->nlmsg_seq;
    errno = fake_netlink.send_error;
    return fake_netlink.send_error == 0 ? (ssize_t)n : -1;
}

ssize_t recv(int fd, void *buf, size_t n, int flags)
{
    const size_t i = fake_netlink.given++;
    struct fake_answer *answer = &fake_netlink.answers[i];

    (void)fd;
    (void)flags;
    errno = i < fake_netlink.count ? answer->error : ENODATA;
    if (errno != 0) {
        return -1;
    }
    if (answer->length >= sizeof(struct nlmsghdr)) {
        ((struct nlmsghdr *)(void *)answer->bytes)->nlmsg_seq =
            fake_netlink.sequence + fake_netlink.out_of_turn[i];
    }
    memcpy(buf, answer->bytes, answer->length < n ? answer->length : n);
    return (ssize_t)answer->length;
}
