/* SPDX-License-Identifier: MIT */
#ifndef STANDIN_NSI_H
#define STANDIN_NSI_H

#include <windows.h>

/* Exported by the stand-in as standin_nsi. */
struct standin_nsi
{
    DWORD code; /* what it returns */
    DWORD calls;
    DWORD store;
    DWORD action;
    BYTE module[24];
    DWORD object;
    BYTE key[56];
    DWORD key_bytes;
    const void *value;
    DWORD value_bytes;
};

#endif
