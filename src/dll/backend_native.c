/* SPDX-License-Identifier: MIT */
/* Windows: the system closes the connection. */
#include "backend.h"
#include "nsi.h"
#include "system_tcp.h"

static struct outcome delete_ipv4(const MIB_TCPROW *row)
{
    const DWORD code = system_tcp_delete(row);

    if (code != ERROR_MR_MID_NOT_FOUND) {
        return outcome_plain(code, "the system's own answer");
    }
    /* The system says 317 for whatever goes wrong; the caller's rights are known to be there. */
    if (system_tcp_lacks_ipv4()) {
        return outcome_plain(ERROR_NOT_SUPPORTED, "the system has no IPv4");
    }
    return (struct outcome){ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND, "the system's own answer"};
}

static struct outcome delete_ipv6(const MIB_TCP6ROW *row)
{
    return outcome_plain(nsi_delete_ipv6(row), "the system's own answer");
}

const struct tcp_backend backend_native = {"native", delete_ipv4, delete_ipv6};
