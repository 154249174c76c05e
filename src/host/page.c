/* SPDX-License-Identifier: MIT */
#include "page.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum
{
    OWN_PATH_CHARS = sizeof("/proc/self/fd/2147483647"),
};

static const char *own_path(int file, char path_out[OWN_PATH_CHARS])
{
    snprintf(path_out, OWN_PATH_CHARS, "/proc/self/fd/%d", file);
    return path_out;
}

static bool is_page(int file)
{
    struct stat is;

    return fstat(file, &is) == 0 && S_ISREG(is.st_mode) && is.st_size == HOST_PAGE_BYTES &&
           is.st_uid == getuid() && is.st_nlink == 1;
}

/* The path leads to the file behind our own descriptor, which nobody else can change. */
int page_reopen(int closed)
{
    char path[OWN_PATH_CHARS];

    if (!is_page(closed)) {
        errno = EINVAL;
        return -1;
    }
    own_path(closed, path);
    return chmod(path, S_IRUSR | S_IWUSR) == 0 ? open(path, O_RDWR | O_CLOEXEC) : -1;
}

struct host_page *page_map(int file)
{
    void *page;

    if (!is_page(file)) {
        errno = EINVAL;
        return NULL;
    }
    page = mmap(NULL, HOST_PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    return page == MAP_FAILED ? NULL : page;
}

int page_watch(int file, int inotify)
{
    char path[OWN_PATH_CHARS];

    return inotify_add_watch(inotify, own_path(file, path), IN_MODIFY | IN_CLOSE_WRITE);
}

/* The kernel grants a lease for writing only to who alone has the file open. */
enum page_user page_user(int file)
{
    if (fcntl(file, F_SETLEASE, F_WRLCK) == 0) {
        fcntl(file, F_SETLEASE, F_UNLCK);
        return PAGE_LEFT;
    }
    return errno == EAGAIN ? PAGE_IN_USE : PAGE_UNKNOWN;
}

void page_unmap(struct host_page *page)
{
    munmap(page, HOST_PAGE_BYTES);
}

/* Only mapped files can be too short for their mapping, and the pages are the only ones that others
 * can write to. */
static void put_zeros_there(int number, siginfo_t *fault, void *context)
{
    void *page = (void *)((uintptr_t)fault->si_addr & ~(uintptr_t)(HOST_PAGE_BYTES - 1));

    (void)context;
    if (fault->si_code != BUS_ADRERR ||
        mmap(page, HOST_PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
             -1, 0) == MAP_FAILED) {
        signal(number, SIG_DFL);
    }
}

void page_survive_truncation(void)
{
    struct sigaction action = {.sa_sigaction = put_zeros_there, .sa_flags = SA_SIGINFO};

    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, NULL);
}
