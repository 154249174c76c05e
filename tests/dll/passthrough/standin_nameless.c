/* SPDX-License-Identifier: MIT */
/* A stand-in for a system's DLL without export names. */
#include <windows.h>

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *process_ends);

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *process_ends)
{
    (void)instance;
    (void)reason;
    (void)process_ends;
    return TRUE;
}
