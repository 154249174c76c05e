/* SPDX-License-Identifier: MIT */
#include "patience.h"

#include "os.h"

enum
{
    SPINS = 4000,   /* some 100 microseconds; a helper that is awake needs a tenth of that */
    YIELDS = 1000,  /* some milliseconds, enough to wake it, if nobody else wants the processor; */
    YIELDS_MS = 20, /* if many do, each takes long, and sleeping gets it back sooner */
    NAPS_BETWEEN_LOOKS = 8,
};

static bool may_yield(struct patience *patience)
{
    if (patience->yields++ == 0) {
        patience->first_yield = os_milliseconds();
    }
    return patience->yields < YIELDS && os_milliseconds() - patience->first_yield < YIELDS_MS;
}

void wait_a_little(struct patience *patience)
{
    if (patience->naps == 0 && patience->spins < SPINS) {
        patience->spins++;
#if defined(__i386__) || defined(__x86_64__)
        __builtin_ia32_pause();
#elif defined(__aarch64__)
        __asm__ volatile("isb"); /* yield does nothing on most */
#endif
    } else if (patience->naps == 0 && may_yield(patience)) {
        os_sleep(0);
    } else {
        patience->naps++;
        os_sleep(1);
    }
}

bool is_time_to_look(const struct patience *patience)
{
    return patience->naps % NAPS_BETWEEN_LOOKS == 1;
}

bool is_over(DWORD start, DWORD limit)
{
    return os_milliseconds() - start >= limit;
}
