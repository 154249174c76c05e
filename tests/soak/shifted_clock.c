/* SPDX-License-Identifier: MIT */
/*
 * Loaded before the C library (LD_PRELOAD), so that a program has another date and time than the machine: as many
 * seconds more as the file $SHIFTED_CLOCK says, which its writer may change at any time.  The clocks that nobody
 * can set stay as they are.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const int64_t *map_shift(void)
{
    static const int64_t none;
    const char *const path = getenv("SHIFTED_CLOCK");
    const int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *mapped = MAP_FAILED;

    if (file >= 0) {
        mapped = mmap(NULL, sizeof(none), PROT_READ, MAP_SHARED, file, 0);
        close(file);
    }
    return mapped == MAP_FAILED ? &none : mapped;
}

static int64_t shift(void)
{
    static const int64_t *shifted;
    const int64_t *known = __atomic_load_n(&shifted, __ATOMIC_ACQUIRE);

    if (!known) {
        known = map_shift();
        __atomic_store_n(&shifted, known, __ATOMIC_RELEASE);
    }
    return __atomic_load_n(known, __ATOMIC_RELAXED);
}

/* Parameters have the names of the system's headers. */
int clock_gettime(clockid_t clock_id, struct timespec *tp)
{
    const int failed = (int)syscall(SYS_clock_gettime, clock_id, tp);

    if (failed == 0 && (clock_id == CLOCK_REALTIME || clock_id == CLOCK_REALTIME_COARSE)) {
        tp->tv_sec += shift();
    }
    return failed;
}

int gettimeofday(struct timeval *restrict tv, void *restrict tz)
{
    struct timespec precise;

    (void)tz;
    clock_gettime(CLOCK_REALTIME, &precise);
    tv->tv_sec = precise.tv_sec;
    tv->tv_usec = precise.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *timer)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (timer) {
        *timer = now.tv_sec;
    }
    return now.tv_sec;
}
