/* SPDX-License-Identifier: MIT */
/* Pure: what Wine was told of our DLL, in words, whatever the environment and the registry hold. */
#ifndef OVERRIDES_H
#define OVERRIDES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum
{
    OVERRIDES_BYTES = 768, /* so that a line of checklist.h has room for all of it */
};

/* {0}: none. */
struct overrides
{
    char words[OVERRIDES_BYTES]; /* UTF-8 without control characters, ends with a NUL */
    size_t length;
    bool is_full; /* there was more than fits */
};

/* Does a value with this name, UTF-16, say something about our DLL, however it spells it? */
bool overrides_is_ours(const uint16_t *name, size_t units);

/* Adds where it was told what, UTF-16 of so many units, which need be neither well-formed nor aligned. */
void overrides_add(struct overrides *overrides, const char *where, const void *what, size_t units);

/*
 * The same of a value as the registry gives it, with its type, REG_SZ and so on: a string need neither end with
 * a NUL nor have an even number of bytes.  Of what is no string, or is not given (NULL), it is said how long it is.
 */
void overrides_add_value(struct overrides *overrides, const char *where, uint32_t type,
                         const void *value, size_t bytes);

#endif
