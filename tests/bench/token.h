/* SPDX-License-Identifier: MIT */
#ifndef TOKEN_H
#define TOKEN_H

#include "clock.h"

/* The microseconds of one OpenThreadToken, which every call must pay to notice impersonation. */
static inline double token_time(void)
{
    const double start = clock_microseconds();
    HANDLE token;

    OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token);
    return clock_microseconds() - start;
}

#endif
