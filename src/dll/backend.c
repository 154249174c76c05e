/* SPDX-License-Identifier: MIT */
#include "backend.h"

#include "os.h"

const struct tcp_backend *backend_get(void)
{
    static const struct tcp_backend *chosen;
    const struct tcp_backend *backend = __atomic_load_n(&chosen, __ATOMIC_RELAXED);

    if (!backend) {
        /* Threads that come here at once choose the same. */
        backend = os_is_wine() ? &backend_host : &backend_native;
        __atomic_store_n(&chosen, backend, __ATOMIC_RELAXED);
    }
    return backend;
}
