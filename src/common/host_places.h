/* SPDX-License-Identifier: MIT */
/*
 * Where the helper is looked for, by the DLL and by doctor.  All are Linux paths.
 *   outside        HOST_SERVING_NAME is in $HOST_FOLDER_VARIABLE; or else in one of HOST_FOLDERS
 *   to be started  $HOST_PATH_VARIABLE; or else the first of HOST_PATHS that is there
 */
#ifndef HOST_PLACES_H
#define HOST_PLACES_H

#define HOST_FOLDER_VARIABLE "SETTCPENTRY_DIR"
/* FOLDER(pattern) for each; $NAME is the value of that variable.  Steam's container shares the home folder,
 * Flatpak's the one of the application, whose id it has in that variable: settcpentry-host --serve, which
 * has none, serves those of all applications. */
#define HOST_APPLICATION "$FLATPAK_ID"
#define HOST_FOLDERS(FOLDER)                                                                       \
    FOLDER("$XDG_RUNTIME_DIR/settcpentry")                                                         \
    FOLDER("$XDG_RUNTIME_DIR/app/" HOST_APPLICATION "/settcpentry")                                \
    FOLDER("$HOME/.local/share/settcpentry")
/* Somebody serves there if this holds what HOST_BOOT_ID_PATH does: a home folder can be another machine's,
 * too, and keeps what was left in it when a machine lost its power. */
#define HOST_SERVING_NAME "serving"
#define HOST_BOOT_ID_PATH "/proc/sys/kernel/random/boot_id"
#define HOST_BOOT_ID_BYTES 37 /* 36 characters and a line's end */
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
