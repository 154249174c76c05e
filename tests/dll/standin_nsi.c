/* SPDX-License-Identifier: MIT */
/* In the place of the system's nsi.dll: remembers what it was called with. */
#include "standin_nsi.h"

__declspec(dllexport) struct standin_nsi standin_nsi;

__declspec(dllexport) DWORD WINAPI
    NsiSetAllParameters(DWORD store, DWORD action, const void *module, DWORD object,
                        const void *key, DWORD key_bytes, const void *value, DWORD value_bytes);

DWORD WINAPI NsiSetAllParameters(DWORD store, DWORD action, const void *module, DWORD object,
                                 const void *key, DWORD key_bytes, const void *value,
                                 DWORD value_bytes)
{
    standin_nsi.calls++;
    standin_nsi.store = store;
    standin_nsi.action = action;
    __builtin_memcpy(standin_nsi.module, module, sizeof(standin_nsi.module));
    standin_nsi.object = object;
    __builtin_memcpy(standin_nsi.key, key, sizeof(standin_nsi.key));
    standin_nsi.key_bytes = key_bytes;
    standin_nsi.value = value;
    standin_nsi.value_bytes = value_bytes;
    return standin_nsi.code;
}
