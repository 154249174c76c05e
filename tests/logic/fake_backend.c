/* SPDX-License-Identifier: MIT */
#include "fake_backend.h"

struct fake_backend fake_backend;

static struct outcome delete_ipv4(const MIB_TCPROW *row)
{
    fake_backend.calls++;
    fake_backend.row = *row;
    return fake_backend.outcome;
}

static struct outcome delete_ipv6(const MIB_TCP6ROW *row)
{
    fake_backend.calls++;
    fake_backend.row6 = *row;
    return fake_backend.outcome;
}

const struct tcp_backend *backend_get(void)
{
    static const struct tcp_backend fake = {"fake", delete_ipv4, delete_ipv6};

    return &fake;
}
