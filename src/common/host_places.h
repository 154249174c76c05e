/* SPDX-License-Identifier: MIT */
/*
 * Where the helper is looked for, by the DLL and by doctor.  All are Linux paths.
 *   outside        HOST_SERVING_NAME is in $HOST_FOLDER_VARIABLE, or else in
 *                  $HOST_RUNTIME_VARIABLE/HOST_FOLDER_NAME
 *   to be started  $HOST_PATH_VARIABLE; or else the first of HOST_PATHS that is there
 */
#ifndef HOST_PLACES_H
#define HOST_PLACES_H

#define HOST_FOLDER_VARIABLE "SETTCPENTRY_DIR"
#define HOST_RUNTIME_VARIABLE "XDG_RUNTIME_DIR"
#define HOST_FOLDER_NAME "settcpentry"
#define HOST_SERVING_NAME "serving"
#define HOST_PATH_VARIABLE "SETTCPENTRY_HOST"

/* Where this build installs it, and where packages do: PATH(path) for each. */
#define HOST_PATHS(PATH)                                                                           \
    PATH(SETTCPENTRY_HOST_PATH)                                                                    \
    PATH("/usr/libexec/settcpentry-host")                                                          \
    PATH("/usr/lib/settcpentry/settcpentry-host")                                                  \
    PATH("/usr/local/libexec/settcpentry-host")                                                    \
    PATH("/opt/settcpentry/libexec/settcpentry-host")                                              \
    PATH("/run/wrappers/bin/settcpentry-host")

/* The same for Windows: L"..." */
#define WIDE_(text) L##text
#define WIDE(text) WIDE_(text)

#endif
