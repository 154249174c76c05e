/* SPDX-License-Identifier: MIT */
/* What the mock stands before, under other names: those of ../dll/os.h and ../dll/system_dll.h. */
#ifndef ORIGINALS_H
#define ORIGINALS_H

#include "../dll/system_dll.h"

DWORD original_token_elevated(HANDLE token, bool *elevated_out);
DWORD original_token_administrators(HANDLE token, enum os_membership *membership_out);

DWORD original_system_dll_function(const WCHAR *dll, const char *name, FARPROC *function_out);

#endif
