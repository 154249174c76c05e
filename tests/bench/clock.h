/* SPDX-License-Identifier: MIT */
/* Microseconds since some moment, for drivers and Windows programs alike. */
#ifndef CLOCK_H
#define CLOCK_H

#ifdef _WIN32

#include <windows.h>

static inline double clock_microseconds(void)
{
    static LARGE_INTEGER frequency;
    LARGE_INTEGER now;

    if (frequency.QuadPart == 0) {
        QueryPerformanceFrequency(&frequency);
    }
    QueryPerformanceCounter(&now);
    return (double)now.QuadPart * 1e6 / (double)frequency.QuadPart;
}

#else

#include <time.h>

static inline double clock_microseconds_of(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static inline double clock_microseconds(void)
{
    return clock_microseconds_of(CLOCK_MONOTONIC);
}

#endif

#endif
