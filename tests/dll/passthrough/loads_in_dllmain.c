/* SPDX-License-Identifier: MIT */
/* Loads iphlpapi.dll and calls it where that is asking for trouble; fails to load if that fails. */
#include <windows.h>

typedef DWORD(WINAPI *convert_func)(ULONG length, ULONG *mask);

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *process_ends);

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *process_ends)
{
    HMODULE module;
    convert_func convert;
    ULONG mask;

    (void)instance;
    (void)process_ends;
    if (reason != DLL_PROCESS_ATTACH) {
        return TRUE;
    }
    module = LoadLibraryA("iphlpapi.dll");
    if (!module || !GetProcAddress(module, "SetTcpEntryVersion")) {
        return FALSE;
    }
    convert = (convert_func)(void *)GetProcAddress(module, "ConvertLengthToIpv4Mask");
    return convert && convert(8, &mask) == NO_ERROR;
}
