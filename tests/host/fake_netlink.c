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
    memcpy(fake_netlink.question, buf,
           n < sizeof(fake_netlink.question) ? n : sizeof(fake_netlink.question));
    fake_netlink.sequence = ((const struct nlmsghdr *)buf)->nlmsg_seq;
    errno = fake_netlink.send_error;
    return fake_netlink.send_error == 0 ? (ssize_t)n : -1;
}

/* All its messages are to the question that was sent last, plus this. */
static void number(struct fake_answer *answer, size_t bytes, uint32_t out_of_turn)
{
    size_t at = 0;

    while (at + sizeof(struct nlmsghdr) <= bytes) {
        struct nlmsghdr *header = (void *)(answer->bytes + at);

        header->nlmsg_seq = fake_netlink.sequence + out_of_turn;
        at += NLMSG_ALIGN(header->nlmsg_len >= NLMSG_HDRLEN ? header->nlmsg_len : bytes);
    }
}

ssize_t recv(int fd, void *buf, size_t n, int flags)
{
    const size_t i = fake_netlink.given++;
    struct fake_answer *answer = &fake_netlink.answers[i];
    size_t bytes;

    (void)fd;
    errno = i < fake_netlink.count ? answer->error : ENODATA;
    if (errno != 0) {
        return -1;
    }
    bytes = answer->length < sizeof(answer->bytes) ? answer->length : sizeof(answer->bytes);
    number(answer, bytes, fake_netlink.out_of_turn[i]);
    memcpy(buf, answer->bytes, bytes < n ? bytes : n);
    return (ssize_t)(flags & MSG_TRUNC || answer->length < n ? answer->length : n);
}
