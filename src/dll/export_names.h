/* SPDX-License-Identifier: MIT */
/* The names that GetProcAddress finds in a module of ours. */
#ifndef EXPORT_NAMES_H
#define EXPORT_NAMES_H

#include <stdbool.h>

typedef bool export_names_keeps_func(const void *context, const char *name);

/*
 * Takes the names that are not to be kept out of the module's own export directory; numbers stay.  Where that cannot be
 * written to, none.  For DLL_PROCESS_ATTACH.
 */
void export_names_keep(void *module, export_names_keeps_func *keeps, const void *context);

#endif
