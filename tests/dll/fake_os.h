/* SPDX-License-Identifier: MIT */
/* A scripted system behind os.h.  What a test has not planned fails it. */
#ifndef FAKE_OS_H
#define FAKE_OS_H

#include "os.h"

struct fake_token
{
    DWORD membership_error;
    enum os_membership membership;
    DWORD elevation_error;
    bool elevated;
};

struct fake_os
{
    bool is_wine;
    DWORD last_error;
    DWORD thread_error; /* of opening the thread's token; ERROR_NO_TOKEN: not impersonating */
    DWORD process_error;
    struct fake_token thread;
    struct fake_token process;
    int tokens_opened;
    int tokens_open;
};

extern struct fake_os fake_os;

/* An elevated administrator. */
extern const struct fake_token fake_administrator;

/* Anew: the thread impersonates this token; the process's cannot be opened. */
void fake_os_impersonate(struct fake_token token);

#endif
