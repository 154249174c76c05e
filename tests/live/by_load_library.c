/* SPDX-License-Identifier: MIT */
/* SetTcpEntry for a program that is linked with no import library for it. */
#include "settcpentry.h"

#include <stdio.h>
#include <stdlib.h>

DWORD WINAPI SetTcpEntry(PMIB_TCPROW pTcpRow)
{
    const HMODULE module = LoadLibraryA("iphlpapi.dll");
    const SETTCPENTRY_FUNC function =
        (SETTCPENTRY_FUNC)(void *)GetProcAddress(module, "SetTcpEntry");

    if (!function) {
        fprintf(stderr, "no SetTcpEntry: error %lu\n", GetLastError());
        exit(3);
    }
    SetLastError(NO_ERROR);
    return function(pTcpRow);
}
