/* SPDX-License-Identifier: MIT */
#include "folders.h"

#include "../common/host_places.h"
#include "journal.h"
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATTERN(pattern) pattern,
static const char *const patterns[] = {HOST_FOLDERS(PATTERN)};

enum
{
    NAME_CHARS = 256,
    PLACES = sizeof(patterns) / sizeof(patterns[0]),
};

/* Of each of HOST_FOLDERS the path, by the environment. */
static struct place
{
    char path[PATH_MAX];
    size_t length; /* 0: there is none */
    size_t base;   /* so many of its characters were a variable's value */
} places[PLACES];

static struct
{
    struct folder folder;
    char name[NAME_CHARS]; /* as it can be shown */
    bool is_of_application;
} folders[FOLDERS_AT_MOST];
static size_t count;

/* Each application has a folder in this one, in which we make ours. */
static struct
{
    int itself;
    int watch;
    char name_of_ours[NAME_CHARS];
} applications = {.itself = -1, .watch = -1};

static int inotify = -1;

/* ---- one folder ---- */

static void show_path(const char *path, char name_out[NAME_CHARS])
{
    size_t i = 0;

    for (; i < NAME_CHARS - 1 && path[i]; i++) {
        name_out[i] = path[i];
        if ((unsigned char)path[i] < ' ' || path[i] == 127) {
            name_out[i] = '?';
        }
    }
    name_out[i] = 0;
}

static bool add(int parent, const char *path, const char *name)
{
    struct folder folder;

    if (!folder_open(&folder, parent, path, inotify)) {
        return false;
    }
    if (count == FOLDERS_AT_MOST) {
        inotify_rm_watch(inotify, folder.watch);
        folder_close(&folder);
        errno = EMFILE;
        return false;
    }
    folders[count].folder = folder;
    folders[count].is_of_application = parent != AT_FDCWD;
    show_path(name, folders[count].name);
    count++;
    return true;
}

static void lose(size_t i)
{
    journal_folder(folders[i].name, ENOENT);
    inotify_rm_watch(inotify, folders[i].folder.watch);
    folder_close(&folders[i].folder);
    folders[i] = folders[--count];
}

static bool complain(const char *path)
{
    fprintf(stderr, "settcpentry-host: %s: %s\n", path, strerror(errno));
    return false;
}

/* ---- those of applications ---- */

static bool is_for_others_to_write(int folder)
{
    struct stat is;

    return fstat(folder, &is) != 0 || is.st_uid != getuid() || (is.st_mode & (S_IWGRP | S_IWOTH));
}

/* Which one has come: it may have been served before, and there are other files. */
static void add_application(const struct folder *all, const char *id)
{
    char path[NAME_CHARS + sizeof(applications.name_of_ours)];
    char name[NAME_CHARS];
    int application;

    (void)all;
    if (id[0] == '.') {
        return;
    }
    application = openat(applications.itself, id, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (application < 0) {
        return;
    }
    snprintf(path, sizeof(path), "%s/%s", id, applications.name_of_ours);
    show_path(path, name);
    if (is_for_others_to_write(application)) {
        journal_folder(name, EPERM);
    } else if (add(application, applications.name_of_ours, name)) {
        journal_folder(name, 0);
    } else if (errno != EBUSY) { /* so it is if we serve it already */
        journal_folder(name, errno);
    }
    close(application);
}

static void add_applications(void)
{
    const struct folder all = {.itself = applications.itself, .serving = -1, .watch = -1};

    if (applications.itself >= 0) {
        folder_for_each(&all, add_application);
    }
}

static bool watch_applications(void)
{
    char itself[sizeof("/proc/self/fd/2147483647")];

    if (is_for_others_to_write(applications.itself)) {
        errno = EPERM;
        return false;
    }
    snprintf(itself, sizeof(itself), "/proc/self/fd/%d", applications.itself);
    applications.watch = inotify_add_watch(inotify, itself, IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
    return applications.watch >= 0;
}

static void open_applications(const char *path, const char *name_of_ours)
{
    mkdir(path, S_IRWXU);
    snprintf(applications.name_of_ours, NAME_CHARS, "%s", name_of_ours);
    applications.itself = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (applications.itself < 0 || !watch_applications()) {
        complain(path);
        close(applications.itself);
        applications.itself = -1;
    }
}

/* ---- all of them ---- */

/* Makes the folders between the base, which is so many characters of the path, and its last name. */
static void make_parents(char *path, size_t base)
{
    for (char *slash = path + base + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        mkdir(path, S_IRWXU);
        *slash = '/';
    }
}

/* $NAME/rest; none where that is not set, or no absolute path. */
static void read_pattern(const char *pattern, struct place *place)
{
    const char *rest = strchr(pattern, '/');
    char variable[64];
    const char *base;

    snprintf(variable, sizeof(variable), "%.*s", (int)(rest - pattern - 1), pattern + 1);
    base = getenv(variable);
    if (base && base[0] == '/') {
        place->base = strlen(base);
        place->length = (size_t)snprintf(place->path, PATH_MAX, "%s%s", base, rest);
    }
}

void folders_read_environment(void)
{
    for (size_t i = 0; i < PLACES; i++) {
        read_pattern(patterns[i], &places[i]);
    }
}

/* .../..., or .../HOST_APPLICATION/... */
static bool open_place(struct place *place)
{
    char *application = strstr(place->path, "/" HOST_APPLICATION "/");

    if (place->length >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return complain(place->path);
    }
    if (application) {
        *application = 0;
        open_applications(place->path, application + sizeof("/" HOST_APPLICATION "/") - 1);
        return false; /* these alone are not what it is there for */
    }
    make_parents(place->path, place->base);
    return add(AT_FDCWD, place->path, place->path) || complain(place->path);
}

static bool open_places(void)
{
    bool done = false;

    for (size_t i = 0; i < PLACES; i++) {
        done = (places[i].length > 0 && open_place(&places[i])) || done;
    }
    if (!done) {
        fputs("settcpentry-host: there is no folder to serve\n", stderr);
    }
    return done;
}

bool folders_open(char *const paths[], int inotify_that_tells)
{
    inotify = inotify_that_tells;
    if (!folder_begin()) {
        return complain(HOST_BOOT_ID_PATH);
    }
    if (!paths[0]) {
        return open_places();
    }
    for (; *paths; paths++) {
        if (!add(AT_FDCWD, *paths, *paths)) {
            complain(*paths);
            folders_close();
            return false;
        }
    }
    return true;
}

bool folders_enter_sandbox(void)
{
    struct sandbox_folder allowed[FOLDERS_AT_MOST + 1];
    size_t i = 0;

    for (; i < count; i++) {
        allowed[i] = (struct sandbox_folder){.descriptor = folders[i].folder.itself};
    }
    if (applications.itself >= 0) {
        allowed[i++] = (struct sandbox_folder){.descriptor = applications.itself, .can_grow = true};
    }
    return sandbox_enter(applications.itself < 0 ? SANDBOX_FOLDERS : SANDBOX_GROWING_FOLDERS,
                         allowed, i);
}

bool folders_hear(const struct inotify_event *event, folder_act_func act)
{
    const size_t before = count;
    size_t i = 0;

    if (event->wd == applications.watch && applications.watch >= 0) {
        if (event->len > 0) {
            add_application(NULL, event->name);
        }
        if (count > before) {
            folder_for_each(&folders[before].folder, act);
        }
        return true;
    }
    while (i < count && folders[i].folder.watch != event->wd) {
        i++;
    }
    if (i == count) {
        return false;
    }
    if (folder_is_left(event)) {
        lose(i);
    } else if (event->mask & IN_MODIFY) {
        act(&folders[i].folder, event->name);
    }
    return true;
}

void folders_for_each(folder_act_func act)
{
    for (size_t i = 0; i < count; i++) {
        folder_for_each(&folders[i].folder, act);
    }
}

void folders_catch_up(folder_act_func act)
{
    for (size_t i = count; i-- > 0;) {
        if (!folder_is_served(&folders[i].folder)) {
            lose(i);
        }
    }
    add_applications();
    folders_for_each(act);
}

bool folders_are_lost(void)
{
    for (size_t i = 0; i < count; i++) {
        if (!folders[i].is_of_application) {
            return false;
        }
    }
    return true;
}

void folders_close(void)
{
    while (count > 0) {
        folder_close(&folders[--count].folder);
    }
}
