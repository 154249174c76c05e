/* SPDX-License-Identifier: MIT */
#include "folder.h"

#include "../common/protocol.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

static int folder = -1;
static int serving = -1; /* locked as long as we serve */

static bool is_ours_alone(int descriptor)
{
    struct stat is;

    return fstat(descriptor, &is) == 0 && is.st_uid == getuid() &&
           (is.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

bool folder_of_page(const char *path, const char **name_out)
{
    const char *slash = strrchr(path, '/');
    char itself[PATH_MAX];

    if (!slash || (size_t)(slash - path) >= sizeof(itself)) {
        errno = EINVAL;
        return false;
    }
    memcpy(itself, path, (size_t)(slash - path));
    itself[slash - path] = 0;
    *name_out = slash + 1;
    folder = open(itself, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return folder >= 0;
}

/* Does this file have this name in the folder? */
static bool is_named(const char *name, int file)
{
    struct stat is;
    struct stat by_name;

    return fstat(file, &is) == 0 && fstatat(folder, name, &by_name, AT_SYMLINK_NOFOLLOW) == 0 &&
           by_name.st_dev == is.st_dev && by_name.st_ino == is.st_ino;
}

static int open_folder(const char *path)
{
    if (mkdir(path, S_IRWXU) != 0 && errno != EEXIST) {
        return -1;
    }
    folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder >= 0 && !is_ours_alone(folder)) {
        errno = EPERM;
        return -1;
    }
    return folder;
}

/* Until what we have locked also has the name: who served before us removes it on leaving.  It is empty,
 * and nothing is ever written to it: what holds something is somebody's file, perhaps a link to it. */
static int lock_serving(void)
{
    struct stat is = {0};

    while (is.st_nlink == 0) {
        serving =
            openat(folder, HOST_SERVING_NAME,
                   O_RDONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, S_IRUSR | S_IWUSR);
        if (serving < 0) {
            return -1;
        }
        if (flock(serving, LOCK_EX | LOCK_NB) != 0) {
            errno = errno == EWOULDBLOCK ? EBUSY : errno;
            return -1;
        }
        if (fstat(serving, &is) != 0 || is.st_nlink == 0) {
            close(serving);
        }
    }
    if (!S_ISREG(is.st_mode) || is.st_size != 0 || is.st_uid != getuid() || is.st_nlink != 1) {
        errno = EPERM;
        return -1;
    }
    return serving;
}

int folder_open(const char *path, int inotify)
{
    char itself[sizeof("/proc/self/fd/2147483647")];
    int watch;

    if (open_folder(path) < 0 || lock_serving() < 0) {
        return -1;
    }
    snprintf(itself, sizeof(itself), "/proc/self/fd/%d", folder);
    watch = inotify_add_watch(inotify, itself,
                              IN_MODIFY | IN_DELETE | IN_MOVE | IN_MOVE_SELF | IN_EXCL_UNLINK);
    if (watch < 0) {
        return -1;
    }
    /* Whatever was done to the name before somebody watched. */
    if (!is_named(HOST_SERVING_NAME, serving)) {
        errno = ENOENT;
        return -1;
    }
    return watch;
}

bool folder_is_served(void)
{
    return is_named(HOST_SERVING_NAME, serving);
}

int folder_descriptor(void)
{
    return folder;
}

bool folder_is_left(const struct inotify_event *event)
{
    return (event->mask & IN_MOVE_SELF) ||
           ((event->mask & (IN_DELETE | IN_MOVE)) && strcmp(event->name, HOST_SERVING_NAME) == 0);
}

static int open_page(const char *name, int how)
{
    if (strncmp(name, HOST_PAGE_PREFIX, strlen(HOST_PAGE_PREFIX)) != 0) {
        errno = EINVAL;
        return -1;
    }
    return openat(folder, name, how | O_NOFOLLOW | O_CLOEXEC);
}

int folder_page(const char *name)
{
    return open_page(name, O_RDWR | O_NONBLOCK);
}

int folder_closed_page(const char *name)
{
    return open_page(name, O_PATH);
}

void folder_remove_page(const char *name, int page_file)
{
    if (is_named(name, page_file)) {
        unlinkat(folder, name, 0);
    }
}

void folder_for_each(void (*act)(const char *name))
{
    DIR *entries = fdopendir(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));

    while (entries) {
        const struct dirent *entry = readdir(entries);

        if (!entry) {
            closedir(entries);
            return;
        }
        act(entry->d_name);
    }
}

void folder_close(void)
{
    close(folder);
}

void folder_leave(void)
{
    folder_remove_page(HOST_SERVING_NAME, serving);
}
