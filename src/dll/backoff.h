/* SPDX-License-Identifier: MIT */
/* Waiting for another process: first awake, then giving way, then asleep. */
#ifndef BACKOFF_H
#define BACKOFF_H

#include <stdbool.h>

#include <windef.h>

enum
{
    BACKOFF_SPINS = 4000, /* some 100 microseconds; a helper that is awake needs a tenth of that */
};

/* How long a wait has lasted; {0} at its beginning, BACKOFF_LONG where it will take milliseconds. */
struct backoff
{
    unsigned spins;
    unsigned yields;
    unsigned naps;
    DWORD first_yield; /* os_milliseconds */
};

/* Where the other cannot run beside us. */
#define BACKOFF_GIVING_WAY                                                                         \
    (struct backoff)                                                                               \
    {                                                                                              \
        .spins = BACKOFF_SPINS                                                                     \
    }

#define BACKOFF_LONG                                                                               \
    (struct backoff)                                                                               \
    {                                                                                              \
        .naps = 1                                                                                  \
    }

/* Waits a little, and longer each time. */
void backoff_wait(struct backoff *backoff);

/* Now and then: is it time to look at the clock, and whether the other lives? */
bool backoff_is_time_to_look(const struct backoff *backoff);

/* Have limit milliseconds passed since start, an os_milliseconds? */
bool backoff_is_over(DWORD start, DWORD limit);

#endif
