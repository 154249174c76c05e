/* SPDX-License-Identifier: MIT */
/* What the main files of the mock's two DLLs have in common. */
#ifndef DLLMAIN_H
#define DLLMAIN_H

#include <winsock2.h>

#include <windef.h>

/* DllMain, which the C runtime calls; the header of the C runtime does not declare it. */
BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *process_ends);

/* For DLL_PROCESS_ATTACH: reads the script, and hides what that says is absent. */
void mock_begin(void *module);

#endif
