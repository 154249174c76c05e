/* SPDX-License-Identifier: MIT */
#include "dllmain.h"
#include "mock.h"

#include <winbase.h>

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *process_ends)
{
    if (reason == DLL_PROCESS_ATTACH) {
        mock_begin(instance);
    }
    if (reason == DLL_PROCESS_DETACH && !process_ends) {
        mock_unload();
    }
    return TRUE;
}
