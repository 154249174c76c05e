/* SPDX-License-Identifier: MIT */
/* What the files that implement os.h have in common. */
#ifndef OS_WIN32_H
#define OS_WIN32_H

#include "os.h"

/* What GetCurrentProcess and GetCurrentThread are documented to return. */
#define THIS_PROCESS ((HANDLE)(LONG_PTR)-1)
#define THIS_THREAD ((HANDLE)(LONG_PTR)-2)

/* A code for "it failed", whatever the thread's last error says. */
static inline DWORD failure(void)
{
    const DWORD error = GetLastError();

    return error == NO_ERROR ? ERROR_GEN_FAILURE : error;
}

static inline DWORD error_unless(BOOL success)
{
    return success ? NO_ERROR : failure();
}

#endif
