/* SPDX-License-Identifier: MIT */
/* What the system's DLL is called, and by what ours is told from it: for the DLL and for settcpentry.exe. */
#ifndef DLL_NAMES_H
#define DLL_NAMES_H

#define SYSTEM_DLL L"iphlpapi.dll"
#define SYSTEM_DLL_ASIDE L"iphlpapi-system.dll" /* beside ours, where that has taken its place */
#define OUR_EXPORT "SetTcpEntryVersion"         /* of all our DLLs, and of none of the system's */

#endif
