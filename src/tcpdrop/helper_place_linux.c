/* SPDX-License-Identifier: MIT */
#include "helper_place_linux.h"

#include "../common/host_places.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define HELPER "settcpentry-host"

/* Could nobody have put something else there who could not have done so with this very program? */
static bool is_as_safe(const char *path, mode_t type, uid_t owner)
{
    struct stat is;

    return lstat(path, &is) == 0 && (is.st_mode & S_IFMT) == type &&
           (is.st_mode & (S_IWGRP | S_IWOTH)) == 0 && (is.st_uid == 0 || is.st_uid == owner);
}

static bool find_in(const char *folder, uid_t owner, char path_out[PATH_MAX])
{
    return is_as_safe(folder, S_IFDIR, owner) &&
           snprintf(path_out, PATH_MAX, "%s/" HELPER, folder) < PATH_MAX &&
           is_as_safe(path_out, S_IFREG, owner);
}

/* Beside this program, or in ../libexec: so our archive has them, wherever it has been unpacked. */
static bool find_near_us(char path_out[PATH_MAX])
{
    static const char own[] = "/proc/self/exe";
    static const char *const folders[] = {"", "/libexec"};
    char folder[PATH_MAX];
    const ssize_t length = readlink(own, folder, sizeof(folder));
    struct stat is;
    char *last;

    if (length < 0 || (size_t)length >= sizeof(folder) || stat(own, &is) != 0) {
        return false;
    }
    folder[length] = 0;
    for (size_t i = 0; i < 2 && (last = strrchr(folder, '/')); i++) {
        snprintf(last, sizeof(folder) - (size_t)(last - folder), "%s", folders[i]);
        if (find_in(folder, is.st_uid, path_out)) {
            return true;
        }
        *last = 0;
    }
    return false;
}

const char *helper_place(void)
{
#define PLACE(path) path,
    static const char *const places[] = {HOST_PATHS(PLACE)};
    static char near_us[PATH_MAX];
    const char *named = getenv(HOST_PATH_VARIABLE);

    if (named && *named) {
        return named;
    }
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (access(places[i], F_OK) == 0) {
            return places[i];
        }
    }
    return find_near_us(near_us) ? near_us : NULL;
}
