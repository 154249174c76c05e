/* SPDX-License-Identifier: MIT */
/* Logic only: the folders in which a Windows program under Wine looks for a helper outside (host_places.h). */
#ifndef HOST_FOLDERS_H
#define HOST_FOLDERS_H

#include "linux_path.h"

/* The value of an environment variable, "" if it does not fit; false if it is not set. */
typedef bool (*host_variable_func)(const WCHAR *name, WCHAR *value_out, DWORD chars);

struct host_folder
{
    struct linux_path path;
    bool is_named; /* by HOST_FOLDER_VARIABLE: then it is the only one */
};

/* Gives one after the other; *next is 0 for the first.  False after the last. */
bool host_folders_next(unsigned *next, host_variable_func variable, struct host_folder *folder_out);

/* Reads the beginning of a file, by its Windows path; a Win32 code. */
typedef DWORD (*host_read_func)(const WCHAR *path, char *text_out, DWORD room, DWORD *length_out);

/* Does somebody serve there, as far as its files tell?  Who has named a folder knows which machine's it is, and
 * is not asked for this boot's id, which a container may show another one of. */
bool host_folders_is_served(const struct host_folder *folder, host_read_func read);

#endif
