/* SPDX-License-Identifier: MIT */
#include "folder.h"

#include "../common/protocol.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum
{
    TRIES = 100, /* some file systems count no links */
};

static const struct folder none = {-1, -1, -1};
static char boot_id[HOST_BOOT_ID_BYTES + 1];

static bool is_ours_alone(int descriptor)
{
    struct stat is;

    return fstat(descriptor, &is) == 0 && is.st_uid == getuid() &&
           (is.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

bool folder_of_page(struct folder *folder_out, const char *path, const char **name_out)
{
    const char *slash = strrchr(path, '/');
    char itself[PATH_MAX];

    *folder_out = none;
    if (!slash || (size_t)(slash - path) >= sizeof(itself)) {
        errno = EINVAL;
        return false;
    }
    memcpy(itself, path, (size_t)(slash - path));
    itself[slash - path] = 0;
    *name_out = slash + 1;
    folder_out->itself = open(itself, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return folder_out->itself >= 0;
}

/* Does this file have this name in the folder? */
static bool is_named(const struct folder *folder, const char *name, int file)
{
    struct stat is;
    struct stat by_name;

    return fstat(file, &is) == 0 &&
           fstatat(folder->itself, name, &by_name, AT_SYMLINK_NOFOLLOW) == 0 &&
           by_name.st_dev == is.st_dev && by_name.st_ino == is.st_ino;
}

bool folder_begin(void)
{
    const int file = open(HOST_BOOT_ID_PATH, O_RDONLY | O_CLOEXEC);
    ssize_t length;

    if (file < 0) {
        return false;
    }
    length = read(file, boot_id, sizeof(boot_id));
    close(file);
    errno = EIO;
    return length == HOST_BOOT_ID_BYTES;
}

static bool open_itself(struct folder *folder, int parent, const char *path)
{
    if (mkdirat(parent, path, S_IRWXU) != 0 && errno != EEXIST) {
        return false;
    }
    folder->itself = openat(parent, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder->itself >= 0 && !is_ours_alone(folder->itself)) {
        errno = EPERM;
        return false;
    }
    return folder->itself >= 0;
}

/* Of whatever boot: digits where ours has digits. */
static bool is_boot_id(const char text[HOST_BOOT_ID_BYTES])
{
    for (int i = 0; i < HOST_BOOT_ID_BYTES; i++) {
        if (isxdigit(boot_id[i]) ? !isxdigit(text[i]) : text[i] != boot_id[i]) {
            return false;
        }
    }
    return true;
}

/* What holds something else is somebody's file, perhaps a link to it. */
static bool is_marker(int file)
{
    char text[HOST_BOOT_ID_BYTES];
    struct stat is;

    return fstat(file, &is) == 0 && S_ISREG(is.st_mode) && is.st_uid == getuid() &&
           is.st_nlink == 1 &&
           (is.st_size == 0 ||
            (is.st_size == HOST_BOOT_ID_BYTES &&
             pread(file, text, sizeof(text), 0) == HOST_BOOT_ID_BYTES && is_boot_id(text)));
}

/* Opens and locks the file of that name, whichever it is then.  False and errno. */
static bool lock_file(struct folder *folder, struct stat *is_out)
{
    folder->serving =
        openat(folder->itself, HOST_SERVING_NAME,
               O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (folder->serving < 0) {
        return false;
    }
    if (flock(folder->serving, LOCK_EX | LOCK_NB) != 0) {
        errno = errno == EWOULDBLOCK ? EBUSY : errno;
        return false;
    }
    return fstat(folder->serving, is_out) == 0;
}

/* Until what we have locked also has the name: who served before us removes it on leaving. */
static bool lock_serving(struct folder *folder)
{
    struct stat is = {0};

    for (int tries = 0; tries < TRIES && is.st_nlink == 0; tries++) {
        close(folder->serving);
        if (!lock_file(folder, &is)) {
            return false;
        }
    }
    errno = EPERM;
    return is_marker(folder->serving);
}

static bool watch(struct folder *folder, int inotify)
{
    char itself[sizeof("/proc/self/fd/2147483647")];

    snprintf(itself, sizeof(itself), "/proc/self/fd/%d", folder->itself);
    folder->watch = inotify_add_watch(
        inotify, itself, IN_MODIFY | IN_DELETE | IN_MOVE | IN_MOVE_SELF | IN_EXCL_UNLINK);
    return folder->watch >= 0;
}

/* Only then will programs come. */
static bool say_that_we_serve(const struct folder *folder)
{
    /* Whatever was done to the name before somebody watched. */
    if (!folder_is_served(folder)) {
        errno = ENOENT;
        return false;
    }
    return pwrite(folder->serving, boot_id, HOST_BOOT_ID_BYTES, 0) == HOST_BOOT_ID_BYTES;
}

static void close_all(struct folder *folder)
{
    const int error = errno;

    close(folder->itself);
    close(folder->serving);
    *folder = none;
    errno = error;
}

bool folder_open(struct folder *folder_out, int parent, const char *path, int inotify)
{
    *folder_out = none;
    if (open_itself(folder_out, parent, path) && lock_serving(folder_out) &&
        watch(folder_out, inotify) && say_that_we_serve(folder_out)) {
        return true;
    }
    close_all(folder_out);
    return false;
}

bool folder_is_served(const struct folder *folder)
{
    return is_named(folder, HOST_SERVING_NAME, folder->serving);
}

bool folder_is_left(const struct inotify_event *event)
{
    return (event->mask & IN_MOVE_SELF) ||
           ((event->mask & (IN_DELETE | IN_MOVE)) && strcmp(event->name, HOST_SERVING_NAME) == 0);
}

static int open_page(const struct folder *folder, const char *name, int how)
{
    if (strncmp(name, HOST_PAGE_PREFIX, strlen(HOST_PAGE_PREFIX)) != 0) {
        errno = EINVAL;
        return -1;
    }
    return openat(folder->itself, name, how | O_NOFOLLOW | O_CLOEXEC);
}

int folder_page(const struct folder *folder, const char *name)
{
    return open_page(folder, name, O_RDWR | O_NONBLOCK);
}

int folder_closed_page(const struct folder *folder, const char *name)
{
    return open_page(folder, name, O_PATH);
}

void folder_remove_page(const struct folder *folder, const char *name, int page_file)
{
    if (is_named(folder, name, page_file)) {
        unlinkat(folder->itself, name, 0);
    }
}

void folder_for_each(const struct folder *folder, folder_act_func act)
{
    DIR *entries = fdopendir(openat(folder->itself, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));

    while (entries) {
        const struct dirent *entry = readdir(entries);

        if (!entry) {
            closedir(entries);
            return;
        }
        act(folder, entry->d_name);
    }
}

void folder_close(struct folder *folder)
{
    if (folder->serving >= 0) {
        folder_remove_page(folder, HOST_SERVING_NAME, folder->serving);
    }
    close_all(folder);
}
