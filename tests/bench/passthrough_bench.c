/* SPDX-License-Identifier: MIT */
/*
 * What it costs that our iphlpapi.dll, which has to be beside it, stands before the system's: in each round one call,
 * loading, and loading with one call, which for the first time finds the function.  A line for each, in this order:
 * with ours, with the system's alone.  Nanoseconds for a call, microseconds else.
 */
#include "clock.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
    ROUNDS = 31,
    CALLS = 100000
};

typedef DWORD(WINAPI *convert_func)(ULONG length, ULONG *mask);

static HMODULE load_ours(void)
{
    const HMODULE module = LoadLibraryA("iphlpapi.dll");

    if (!module || !GetProcAddress(module, "SetTcpEntryVersion")) {
        fprintf(stderr, "this is not our iphlpapi.dll\n");
        exit(2);
    }
    return module;
}

static HMODULE load_system(void)
{
    char path[MAX_PATH + 20];

    memcpy(path + GetSystemDirectoryA(path, MAX_PATH), "\\iphlpapi.dll", sizeof("\\iphlpapi.dll"));
    return LoadLibraryExA(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
}

static convert_func find(HMODULE module)
{
    return (convert_func)(void *)GetProcAddress(module, "ConvertLengthToIpv4Mask");
}

static double time_calls(convert_func convert)
{
    const double start = clock_microseconds();
    ULONG mask;

    for (int i = 0; i < CALLS; i++) {
        convert((ULONG)i & 31, &mask);
    }
    return (clock_microseconds() - start) * 1e3 / CALLS;
}

static double time_loading(HMODULE (*load)(void), bool and_call)
{
    const double start = clock_microseconds();
    const HMODULE module = load();
    ULONG mask;
    double taken;

    if (and_call) {
        find(module)(8, &mask);
    }
    taken = clock_microseconds() - start;
    FreeLibrary(module);
    return taken;
}

static void compare_calls(void)
{
    const HMODULE ours = load_ours();
    const HMODULE systems = load_system();
    const double without = time_calls(find(systems));

    printf("%.3f %.3f\n", time_calls(find(ours)), without);
    FreeLibrary(ours);
    FreeLibrary(systems);
}

static void compare_loading(bool and_call)
{
    const double without = time_loading(load_system, and_call);

    printf("%.3f %.3f\n", time_loading(load_ours, and_call), without);
}

int main(void)
{
    /* A program without these is rare; to load them is not what is measured. */
    LoadLibraryA("advapi32.dll");
    LoadLibraryA("ws2_32.dll");
    for (int i = 0; i < ROUNDS; i++) {
        compare_calls();
        compare_loading(false);
        compare_loading(true);
    }
    return 0;
}
