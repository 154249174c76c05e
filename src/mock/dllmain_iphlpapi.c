/* SPDX-License-Identifier: MIT */
#include "../dll/passthrough/passthrough.h"
#include "dllmain.h"
#include "mock.h"
#include "originals.h"

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *process_ends)
{
    if (reason == DLL_PROCESS_ATTACH) {
        passthrough_hide_missing(instance);
        mock_begin(instance);
    }
    if (reason == DLL_PROCESS_DETACH && !process_ends) {
        system_dll_release();
        mock_unload();
    }
    return TRUE;
}
