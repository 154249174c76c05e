/* SPDX-License-Identifier: MIT */
/* Our iphlpapi.dll beside the test, and the system's that it stands before. */
#ifndef DROP_IN_H
#define DROP_IN_H

#include <windows.h>

/* Every name that we can export, in the order of def/thunks.inc, and then our own. */
extern const char *const drop_in_names[];
extern const unsigned drop_in_thunks; /* without our own */
extern const unsigned drop_in_name_count;
extern const unsigned drop_in_argument_bytes[]; /* of the thunks; 36 where it is not known */

/* By bare name, as programs load it.  Fails the test if it is not ours. */
HMODULE drop_in_load(void);

/* Unloads whatever goes by that name. */
void drop_in_unload_all(void);

/* The DLL in the system's folder, by full path: the one named by the environment's
 * DROP_IN_SYSTEM, else iphlpapi.dll.  Fails the test if it is ours.
 * To look into it makes Wine take it for what the bare name means: load ours before. */
HMODULE drop_in_system(void);

/* Finds it by ordinal where its name is hidden. */
FARPROC drop_in_find(HMODULE module, const char *name);

#endif
