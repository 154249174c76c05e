/* SPDX-License-Identifier: MIT */
/* The compiler may call these for any assignment; there is no C runtime to bring them. */
#include <stddef.h>

void *memcpy(void *to, const void *from, size_t bytes);
void *memset(void *to, int value, size_t bytes);

/* volatile, or the compiler sees what the loop is and calls the function itself. */
void *memcpy(void *to, const void *from, size_t bytes)
{
    volatile unsigned char *t = to;
    const unsigned char *f = from;

    for (size_t i = 0; i < bytes; i++) {
        t[i] = f[i];
    }
    return to;
}

void *memset(void *to, int value, size_t bytes)
{
    volatile unsigned char *t = to;

    for (size_t i = 0; i < bytes; i++) {
        t[i] = (unsigned char)value;
    }
    return to;
}
