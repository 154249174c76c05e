/* SPDX-License-Identifier: MIT */
/*
 * Gives a program our iphlpapi.dll, or takes it away: the file beside it, and under Wine the override that has
 * Wine prefer it. EVERYBODY (registry.h) are all programs of a Wine prefix, by its system folders.
 * Others who do the same may run at the same time, and so may programs.
 *
 * Each is done, or says on standard error why not, and leaves things as they were.
 */
#ifndef ENABLE_H
#define ENABLE_H

#include "registry.h"

bool enable(const wchar_t *program);
bool disable(const wchar_t *program);

#endif
