/* SPDX-License-Identifier: MIT */
/* A stand-in for an early system's DLL: ten functions. */
#include <windows.h>

/* clang-format off */
#define FEW(X)                                                                                     \
    X(AddIPAddress) X(GetAdapterIndex) X(GetIfTable) X(GetNumberOfInterfaces) X(GetUdpTable)       \
    X(IcmpCreateFile) X(NotifyAddrChange) X(SendARP) X(SetIpTTL) X(UnenableRouter)
/* clang-format on */

#define X(name)                                                                                    \
    __declspec(dllexport) DWORD name(void);                                                        \
    DWORD name(void)                                                                               \
    {                                                                                              \
        return 1000;                                                                               \
    }
FEW(X)
