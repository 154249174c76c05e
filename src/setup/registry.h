/* SPDX-License-Identifier: MIT */
/*
 * What is kept in the registry of a Wine prefix, or of a Windows user: Wine's overrides for iphlpapi, and which
 * programs were enabled, with what their override was before. Everything is under HKEY_CURRENT_USER.
 *
 * A program goes by the full path of its .exe, all programs by EVERYBODY. What returns LONG returns a Win32 code.
 */
#ifndef REGISTRY_H
#define REGISTRY_H

#include "paths.h"

#define EVERYBODY L"*"

enum
{
    OVERRIDE_BYTES = 1024, /* Wine looks at no more than 80 characters */
};

/* Wine's override of iphlpapi. */
struct override
{
    DWORD type; /* REG_SZ and so on; with no bytes and REG_NONE there is none */
    DWORD bytes;
    BYTE data[OVERRIDE_BYTES];
    DWORD keys; /* how far its key was there: so many of the names in its path */
};

/* All programs share so many of those names. */
#define OVERRIDE_SHARED_KEYS 3

LONG override_read(const wchar_t *program, struct override *override_out);

/* Has Wine prefer ours. */
LONG override_set(const wchar_t *program);

/* As it was when it was read, keys included. */
LONG override_restore(const wchar_t *program, const struct override *before);

/* One that was enabled. */
struct enabled
{
    DWORD number; /* by which it is remembered */
    wchar_t program[PATH_CHARS];
    struct override before;
    /* One of ours was in place already, and stays; of EVERYBODY a bit for each system folder. */
    DWORD has_own_dll;
};

/* The number is found by the first; the second goes by it. */
LONG enabled_remember(const struct enabled *enabled);
LONG enabled_forget(const struct enabled *enabled);

/* What one of us who was stopped may have left of one. */
void enabled_tidy(void);

/* Gives each of them to take. */
typedef void (*enabled_take_func)(void *taker, const struct enabled *enabled);
LONG enabled_each(enabled_take_func take, void *taker);

#endif
