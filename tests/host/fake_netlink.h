/* SPDX-License-Identifier: MIT */
/* In place of the C library's send and recv: a kernel that answers what it is told to. */
#ifndef FAKE_NETLINK_H
#define FAKE_NETLINK_H

#include <stddef.h>
#include <stdint.h>

enum
{
    FAKE_ANSWERS = 4,
    FAKE_ANSWER_BYTES = 512,
    FAKE_QUESTION_BYTES = 128,
};

struct fake_answer
{
    int error;     /* an errno of recv's, instead of what follows */
    size_t length; /* that recv tells; of more than there are the rest is what was there before */
    _Alignas(8) uint8_t bytes[FAKE_ANSWER_BYTES];
};

struct fake_netlink
{
    int send_error; /* an errno of send's */
    struct fake_answer answers[FAKE_ANSWERS];
    size_t count; /* after the last one recv fails with ENODATA */
    size_t given;
    _Alignas(
        8) uint8_t question[FAKE_QUESTION_BYTES]; /* that was sent last, as far as there is room */
    uint32_t sequence; /* of that, which goes into each message that has room for it, plus this: */
    uint32_t out_of_turn[FAKE_ANSWERS];
};

extern struct fake_netlink fake_netlink;

#endif
