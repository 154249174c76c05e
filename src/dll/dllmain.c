/* SPDX-License-Identifier: MIT */
#include "host_session.h"
#include "os.h"
#include "system_dll.h"

BOOL WINAPI DllMainCRTStartup(HINSTANCE instance, DWORD reason, void *process_ends);

BOOL WINAPI DllMainCRTStartup(HINSTANCE instance, DWORD reason, void *process_ends)
{
    (void)instance;
    /* Nothing is loaded or started here, under the loader's lock.  At the process's end the system
     * closes what is open, and a thread that was ended in the middle may own the session. */
    if (reason == DLL_PROCESS_DETACH && !process_ends) {
        host_session_end();
        os_end();
        system_dll_release();
    }
    return TRUE;
}
