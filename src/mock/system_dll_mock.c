/* SPDX-License-Identifier: MIT */
/* system_dll.h's functions, but for those that the script answers: what is passed through asks here for its target. */
#include "listings.h"
#include "originals.h"

DWORD system_dll_function(const WCHAR *dll, const char *name, FARPROC *function_out)
{
    const FARPROC scripted = listings_find(name);

    if (!scripted) {
        return original_system_dll_function(dll, name, function_out);
    }
    *function_out = scripted;
    return NO_ERROR;
}
