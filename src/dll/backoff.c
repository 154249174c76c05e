/* SPDX-License-Identifier: MIT */
#include "backoff.h"

#include "os.h"

enum
{
    YIELDS = 1000,  /* some milliseconds, enough to wake it, if nobody else wants the processor; */
    YIELDS_MS = 20, /* if many do, each takes long, and sleeping gets it back sooner */
    NAPS_BETWEEN_LOOKS = 8,
};

static bool may_yield(struct backoff *backoff)
{
    if (backoff->yields++ == 0) {
        backoff->first_yield = os_milliseconds();
    }
    return backoff->yields < YIELDS && os_milliseconds() - backoff->first_yield < YIELDS_MS;
}

void backoff_wait(struct backoff *backoff)
{
    if (backoff->naps == 0 && backoff->spins < BACKOFF_SPINS) {
        backoff->spins++;
#if defined(__i386__) || defined(__x86_64__)
        __builtin_ia32_pause();
#elif defined(__aarch64__)
        __asm__ volatile("isb"); /* yield does nothing on most */
#endif
    } else if (backoff->naps == 0 && may_yield(backoff)) {
        os_sleep(0);
    } else {
        backoff->naps++;
        os_sleep(1);
    }
}

bool backoff_is_time_to_look(const struct backoff *backoff)
{
    return backoff->naps % NAPS_BETWEEN_LOOKS == 1;
}

bool backoff_is_over(DWORD start, DWORD limit)
{
    return os_milliseconds() - start >= limit;
}
