/* SPDX-License-Identifier: MIT */
/* Waiting for another process: first awake, then giving way, then asleep. */
#ifndef PATIENCE_H
#define PATIENCE_H

#include <stdbool.h>

#include <windef.h>

/* How long a wait has lasted; {0} at its beginning, PATIENCE_LONG where it will take milliseconds. */
struct patience
{
    unsigned spins;
    unsigned yields;
    unsigned naps;
    DWORD first_yield; /* os_milliseconds */
};

#define PATIENCE_LONG                                                                              \
    (struct patience)                                                                              \
    {                                                                                              \
        .naps = 1                                                                                  \
    }

/* Waits a little, and longer each time. */
void wait_a_little(struct patience *patience);

/* Now and then: is it time to look at the clock, and whether the other lives? */
bool is_time_to_look(const struct patience *patience);

/* Have limit milliseconds passed since start, an os_milliseconds? */
bool is_over(DWORD start, DWORD limit);

#endif
