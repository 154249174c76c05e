/* SPDX-License-Identifier: MIT */
#include "probe.h"

struct standin_seen standin_record;
DWORD standin_code;

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *process_ends);
struct standin_seen *standin_seen(void);
void standin_raise(DWORD code);
void standin_raise_it(DWORD code);

struct standin_seen *standin_seen(void)
{
    return &standin_record;
}

void standin_raise(DWORD code)
{
    standin_code = code;
}

void standin_raise_it(DWORD code)
{
    RaiseException(code, 0, 0, NULL);
}

/* Loading a DLL may change every register that a callee may change. */
BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *process_ends)
{
    (void)instance;
    (void)reason;
    (void)process_ends;
#ifdef _WIN64
    __asm__ volatile("pcmpeqd %%xmm0, %%xmm0\n\tmovdqa %%xmm0, %%xmm1\n\tmovdqa %%xmm0, %%xmm2\n\t"
                     "movdqa %%xmm0, %%xmm3" ::
                         : "xmm0", "xmm1", "xmm2", "xmm3");
#endif
    return TRUE;
}
