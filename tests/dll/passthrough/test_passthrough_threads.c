/* SPDX-License-Identifier: MIT */
/* 64 threads make the first calls at once; with the stand-in behind ours. */
#include "drop_in.h"
#include "probe.h"

#include "testing.h"

#include <stdbool.h>
#include <stdlib.h>

#define THREADS 64

typedef probe_word(WINAPI *no_arguments_func)(void);

static struct
{
    HANDLE start; /* a semaphore, one unit for each thread */
    HANDLE done;
    HMODULE ours;
    bool same; /* one function for all threads */
    volatile LONG wrong;
    volatile LONG over;
} rounds;

/* Those without arguments, so that no argument words have to be given. */
static unsigned pick(unsigned thread)
{
    unsigned left = rounds.same ? 0 : thread % 8;
    unsigned i;

    for (i = 0; i < drop_in_thunks; i++) {
        if (drop_in_argument_bytes[i] == 0 && left-- == 0) {
            break;
        }
    }
    return i;
}

static unsigned number_for(unsigned thread)
{
#ifdef _WIN64
    /* Nobody pops arguments: all will do. */
    return rounds.same ? pick(thread) : thread * 5;
#else
    return pick(thread);
#endif
}

static DWORD WINAPI take_part(void *parameter)
{
    const unsigned number = number_for((unsigned)(UINT_PTR)parameter);

    for (;;) {
        no_arguments_func function;

        WaitForSingleObject(rounds.start, INFINITE);
        if (rounds.over) {
            return 0;
        }
        function = (no_arguments_func)(void *)GetProcAddress(rounds.ours, drop_in_names[number]);
        if (function() != (probe_word)STANDIN_INTEGER + number) {
            InterlockedIncrement(&rounds.wrong);
        }
        ReleaseSemaphore(rounds.done, 1, NULL);
    }
}

static void play(unsigned times)
{
    for (unsigned i = 0; i < times; i++) {
        rounds.ours = drop_in_load();
        ReleaseSemaphore(rounds.start, THREADS, NULL);
        for (unsigned t = 0; t < THREADS; t++) {
            assert_int_equal(WaitForSingleObject(rounds.done, 30000), WAIT_OBJECT_0);
        }
        assert_true(FreeLibrary(rounds.ours));
        assert_null(GetModuleHandleA("iphlpapi.dll"));
    }
}

static void run(bool same)
{
    const char *times = getenv("DROP_IN_ROUNDS");
    HANDLE threads[THREADS];

    rounds.start = CreateSemaphoreA(NULL, 0, THREADS, NULL);
    rounds.done = CreateSemaphoreA(NULL, 0, THREADS, NULL);
    rounds.same = same;
    rounds.over = false;
    for (unsigned t = 0; t < THREADS; t++) {
        threads[t] = CreateThread(NULL, 0x10000, take_part, (void *)(UINT_PTR)t, 0, NULL);
        assert_non_null(threads[t]);
    }
    play(times ? (unsigned)strtoul(times, NULL, 10) : 30);
    rounds.over = true;
    ReleaseSemaphore(rounds.start, THREADS, NULL);
    assert_int_not_equal(WaitForMultipleObjects(THREADS, threads, TRUE, 30000), WAIT_TIMEOUT);
    assert_int_equal(rounds.wrong, 0);
}

static void first_calls_of_one_function_at_once(void **state)
{
    (void)state;
    run(true);
}

static void first_calls_of_many_functions_at_once(void **state)
{
    (void)state;
    run(false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_calls_of_one_function_at_once),
        cmocka_unit_test(first_calls_of_many_functions_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
