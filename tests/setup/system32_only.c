/* SPDX-License-Identifier: MIT */
/* Says whose iphlpapi.dll a program gets that looks in the system's folder only, as Go's do. */
#include <windows.h>

#include <stdio.h>

#ifndef LOAD_LIBRARY_SEARCH_SYSTEM32
#define LOAD_LIBRARY_SEARCH_SYSTEM32 0x800
#endif

int main(void)
{
    const HMODULE module = LoadLibraryExA("iphlpapi.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);

    if (!module) {
        printf("none: error %lu\n", GetLastError());
        return 1;
    }
    puts(GetProcAddress(module, "SetTcpEntryVersion") ? "ours" : "the system's");
    return 0;
}
