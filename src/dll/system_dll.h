/* SPDX-License-Identifier: MIT */
/*
 * Which DLL is the system's: the first of its places, in the system's folder, that does not have an export that all of
 * ours have. For where the whole system has been given ours, or on Windows app.exe.local redirects a path, a
 * path alone leads to us.
 */
#ifndef SYSTEM_DLL_H
#define SYSTEM_DLL_H

#include "../common/dll_names.h"
#include "os.h"

enum
{
    SYSTEM_DLL_PLACES = 2,
};
extern const WCHAR *const system_dll_places[SYSTEM_DLL_PLACES];

/* A function of a DLL of the system's, which is loaded by its full path and stays loaded until
 * system_dll_release. */
DWORD system_dll_function(const WCHAR *dll, const char *name, FARPROC *function_out);

/* For DLL_PROCESS_DETACH: nothing that was found may be called any more.  Without this the
 * system's iphlpapi.dll would be what a program gets that loads ours again by its bare name. */
void system_dll_release(void);

#endif
