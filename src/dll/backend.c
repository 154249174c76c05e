/* SPDX-License-Identifier: MIT */
#include "backend.h"

#include "os.h"

const struct tcp_backend *backend_get(void)
{
    return os_is_wine() ? &backend_host : &backend_native;
}
