/* SPDX-License-Identifier: MIT */
#include "drop_in.h"

#include "testing.h"

#include <stdlib.h>
#include <string.h>

const char *const drop_in_names[] = {
#define THUNK(symbol, exported) #exported,
#include "thunks.inc"
#define OURS(name, bytes) #name,
#include "exports.inc"
};
const unsigned drop_in_name_count = sizeof(drop_in_names) / sizeof(drop_in_names[0]);

const unsigned drop_in_argument_bytes[] = {
#define SYSTEM(name, bytes) bytes,
#define SYSTEM_UNKNOWN(name) 36,
#ifdef __i386__
#define PACKET_FILTER(name, bytes) bytes,
#else
#define PACKET_FILTER(name, bytes) bytes, bytes,
#endif
#include "exports.inc"
};
const unsigned drop_in_thunks = sizeof(drop_in_argument_bytes) / sizeof(drop_in_argument_bytes[0]);

HMODULE drop_in_load(void)
{
    const HMODULE module = LoadLibraryA("iphlpapi.dll");

    assert_non_null(module);
    assert_non_null(GetProcAddress(module, "SetTcpEntryVersion"));
    return module;
}

void drop_in_unload_all(void)
{
    HMODULE module;

    for (int i = 0; i < 10000 && (module = GetModuleHandleA("iphlpapi.dll")); i++) {
        FreeLibrary(module);
    }
    assert_null(GetModuleHandleA("iphlpapi.dll"));
}

HMODULE drop_in_system(void)
{
    char path[MAX_PATH + 64];
    const UINT length = GetSystemDirectoryA(path, MAX_PATH);
    HMODULE module;

    path[length] = '\\';
    if (!GetEnvironmentVariableA("DROP_IN_SYSTEM", path + length + 1, 60)) {
        memcpy(path + length + 1, "iphlpapi.dll", sizeof("iphlpapi.dll"));
    }
    module = LoadLibraryExA(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    assert_non_null(module);
    assert_null(GetProcAddress(module, "SetTcpEntryVersion"));
    return module;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The linker numbers the exports in the order of their names, and hiding changes no number. */
FARPROC drop_in_find(HMODULE module, const char *name)
{
    const char **sorted = malloc(sizeof(drop_in_names));
    FARPROC function = NULL;

    assert_non_null(sorted);
    memcpy(sorted, drop_in_names, sizeof(drop_in_names));
    qsort(sorted, drop_in_name_count, sizeof(sorted[0]), by_name);
    for (unsigned i = 0; i < drop_in_name_count; i++) {
        if (strcmp(sorted[i], name) == 0) {
            function = GetProcAddress(module, (const char *)(UINT_PTR)(i + 1));
        }
    }
    free(sorted);
    return function;
}
