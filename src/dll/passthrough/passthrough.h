/* SPDX-License-Identifier: MIT */
/*
 * Every function of the system's iphlpapi.dll that is not ours.
 *
 * passthrough_{x86,amd64,arm64}.S have one thunk for each line of def/thunks.inc.  It jumps to its
 * target, with the caller's stack and registers as they were; so it serves any function, whatever
 * its arguments and result.  Its first call finds the target.
 */
#ifndef PASSTHROUGH_H
#define PASSTHROUGH_H

struct passthrough_thunk
{
    void *target;     /* the system's function; at first, code that calls passthrough_bind */
    const char *name; /* as the system's DLL exports it */
};

/*
 * Finds the thunk's target, stores it there, and returns it; LastError stays as it was.  Any number
 * of threads may bind the same thunk: all of them find the same.
 *
 * Where the system's DLL does not have it, or cannot be loaded, it says so to the debugger and
 * raises what os_raise_no_entry_point says; LastError is the reason then.  The next call tries
 * again.
 */
void *passthrough_bind(struct passthrough_thunk *thunk);

/*
 * Takes those names out of this module's own export directory that the system's DLL does not have, so
 * that GetProcAddress gives the same answers for both.  Where its names cannot be read, none.
 * For DLL_PROCESS_ATTACH: it reads the system's file, and loads nothing.
 */
void passthrough_hide_missing(void *module);

#endif
