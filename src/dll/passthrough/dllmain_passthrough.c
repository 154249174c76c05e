/* SPDX-License-Identifier: MIT */
/* As dllmain.c, for the DLL that stands in for the system's. */
#include "../host_session.h"
#include "../os.h"
#include "../system_dll.h"
#include "passthrough.h"

BOOL WINAPI DllMainCRTStartup(HINSTANCE instance, DWORD reason, void *process_ends);

BOOL WINAPI DllMainCRTStartup(HINSTANCE instance, DWORD reason, void *process_ends)
{
    if (reason == DLL_PROCESS_ATTACH) {
        passthrough_hide_missing(instance);
    }
    if (reason == DLL_PROCESS_DETACH && !process_ends) {
        host_session_end();
        os_end();
        system_dll_release();
    }
    return TRUE;
}
