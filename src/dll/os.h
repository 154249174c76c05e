/* SPDX-License-Identifier: MIT */
/*
 * The only seam to Windows: the few things that the DLL asks of it, in the DLL's own words.
 * os_win32*.c are the only implementation that ships; tests link others.
 *
 * A function that returns DWORD returns a Win32 code and sets its *_out on NO_ERROR only.
 */
#ifndef OS_H
#define OS_H

#include <winsock2.h>

#include <windef.h>

#include <stdbool.h>

#include <winbase.h>

/* The calling thread's last error. */
DWORD os_last_error(void);
void os_set_last_error(DWORD code);

/* The Win32 code for an NTSTATUS that is an error; ERROR_MR_MID_NOT_FOUND where there is none. */
DWORD os_code_of_status(DWORD status);

/* Access tokens.  The caller closes the token with os_close. */
enum os_membership
{
    OS_MEMBER_ABSENT,    /* the group is not in the token */
    OS_MEMBER_DENY_ONLY, /* it is there, but counts for refusals only */
    OS_MEMBER_ENABLED,   /* an access check would find the caller to be a member */
};

/* ERROR_NO_TOKEN: the thread does not impersonate. */
DWORD os_open_thread_token(HANDLE *token_out);
/* A copy of the process's token, at the level at which membership can be asked. */
DWORD os_open_process_token(HANDLE *token_out);
/* ERROR_INVALID_PARAMETER: this system does not know elevation (before Vista). */
DWORD os_token_elevated(HANDLE token, bool *elevated_out);
/* BUILTIN\Administrators in this impersonation token. */
DWORD os_token_administrators(HANDLE token, enum os_membership *membership_out);
void os_close(HANDLE handle);

/* True where Windows is played by Wine; found out once for the process. */
bool os_is_wine(void);

/* DLLs.  One in the system's folder is loaded by its full path. */
DWORD os_load_system_dll(const WCHAR *dll, HMODULE *module_out);
void os_unload_dll(HMODULE module);
/* NULL, and the last error says why: it has none. */
FARPROC os_dll_function(HMODULE module, const char *name);
/* The one that this code is in. */
HMODULE os_this_dll(void);
/* The path of a file in the system's folder. */
#define OS_SYSTEM_PATH_CHARS (MAX_PATH + 32)
DWORD os_system_path(const WCHAR *file, WCHAR path_out[OS_SYSTEM_PATH_CHARS]);

/* An environment variable; false if it is not set.  One that does not fit is given as "". */
bool os_environment(const WCHAR *name, WCHAR *value_out, DWORD chars);

/* Files, by Windows paths; see common/linux_path.h for those of Linux under Wine. */
bool os_path_exists(const WCHAR *path);
enum os_access
{
    OS_NOBODY, /* may open it any more; under Wine, not even the user */
    OS_USER,   /* may, and under Wine the user's group as far as the umask lets it */
};
/* A new file of this size that goes with its handle, mapped for reading and writing.
 * ERROR_FILE_EXISTS: the name is taken. */
DWORD os_create_page(const WCHAR *path, enum os_access access, DWORD bytes, HANDLE *file_out,
                     void **page_out);
/* Of a page, or of a system file. */
void os_unmap_page(void *page);
/* Reads the beginning of a file, as far as it fits and comes at once. */
DWORD os_read_file(const WCHAR *path, char *text_out, DWORD room, DWORD *length_out);
/* Gives a file, from its beginning to its end, to take, in parts of any length, until that returns
 * false. */
typedef bool (*os_take_func)(void *taker, const char *part, DWORD length);
DWORD os_read_parts(const WCHAR *path, os_take_func take, void *taker);
/* Gives each name in a folder to take, the folder's own and its parent's, too. */
typedef void (*os_take_name_func)(void *taker, const WCHAR *name);
DWORD os_each_name(const WCHAR *folder, os_take_name_func take, void *taker);
DWORD os_write_at(HANDLE file, DWORD offset, const void *bytes, DWORD length);
/* Adds to the end of a file, which is made if need be.  Never waits: nothing is written to what is no
 * file on a disk. */
DWORD os_append(const WCHAR *path, const void *bytes, DWORD length);
/* Starts a Linux program under Wine.  The command line, its name and arguments, is written to; anybody
 * can read it. */
DWORD os_start_program(const WCHAR *path, WCHAR *command_line);

/* Time.  Milliseconds wrap around; sleeping for 0 lets others run. */
DWORD os_milliseconds(void);
void os_sleep(DWORD milliseconds);
/* The calling thread; never 0. */
DWORD os_thread(void);
/* What tells the calling thread from others that have had its number, or will have it: it does not change.  0: that
 * cannot be known. */
DWORD os_thread_mark(void);
/* Has the thread of that number ended that has this mark?  0: any mark. */
bool os_thread_has_ended(DWORD thread, DWORD mark);
/* Once no thread calls the others any more. */
void os_end(void);
/* A number that is another one each time, and in other programs most of the time. */
DWORD os_unlikely_number(void);

/* For passing calls through, in os_win32_passthrough.c. */

/* A file in the system's folder, mapped for reading as it is; nothing is loaded. */
DWORD os_map_system_file(const WCHAR *name, void **file_out, SIZE_T *bytes_out);
/* Raises STATUS_ENTRYPOINT_NOT_FOUND with the name, or under Wine what Wine's own stubs raise, with the
 * names of DLL and function; and tells a debugger which function is missing and why. */
__attribute__((noreturn)) void os_raise_no_entry_point(const char *name, DWORD error);

/* Changes the protection of all pages that these bytes are in. */
DWORD os_protect(void *memory, SIZE_T bytes, DWORD protection, DWORD *before_out);

#endif
