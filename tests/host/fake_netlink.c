/* SPDX-License-Identifier: MIT */
#include "fake_netlink.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

struct fake_netlink fake_netlink;

ssize_t send(int socket, const void *question, size_t length, int flags)
{
    (void)socket;
    (void)flags;
    fake_netlink.sequence = ((const struct nlmsghdr *)question)->nlmsg_seq;
    errno = fake_netlink.send_error;
    return fake_netlink.send_error == 0 ? (ssize_t)length : -1;
}

ssize_t recv(int socket, void *answer_out, size_t room, int flags)
{
    const size_t i = fake_netlink.given++;
    struct fake_answer *answer = &fake_netlink.answers[i];

    (void)socket;
    (void)flags;
    errno = i < fake_netlink.count ? answer->error : ENODATA;
    if (errno != 0) {
        return -1;
    }
    if (answer->length >= sizeof(struct nlmsghdr)) {
        ((struct nlmsghdr *)(void *)answer->bytes)->nlmsg_seq =
            fake_netlink.sequence + fake_netlink.out_of_turn[i];
    }
    memcpy(answer_out, answer->bytes, answer->length < room ? answer->length : room);
    return (ssize_t)answer->length;
}
