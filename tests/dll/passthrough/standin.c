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
#if defined(__aarch64__)
    __asm__ volatile("movi v0.16b, #255\n\tmovi v1.16b, #255\n\tmovi v2.16b, #255\n\t"
                     "movi v3.16b, #255\n\tmovi v4.16b, #255\n\tmovi v5.16b, #255\n\t"
                     "movi v6.16b, #255\n\tmovi v7.16b, #255\n\tmov x8, #-1" ::
                         : "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "x8");
#elif defined(_WIN64)
    __asm__ volatile("pcmpeqd %%xmm0, %%xmm0\n\tmovdqa %%xmm0, %%xmm1\n\tmovdqa %%xmm0, %%xmm2\n\t"
                     "movdqa %%xmm0, %%xmm3" ::
                         : "xmm0", "xmm1", "xmm2", "xmm3");
#endif
    return TRUE;
}
