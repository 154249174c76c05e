/* SPDX-License-Identifier: MIT */
#include "showcase.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static bool drop_capabilities(void)
{
    cap_t none = cap_init();
    const bool dropped = none && cap_set_proc(none) == 0;

    cap_free(none);
    return dropped;
}

static _Noreturn void show(int descriptor, pid_t parent)
{
    if (dup2(descriptor, SHOWCASE_DESCRIPTOR) < 0 || !drop_capabilities() ||
        prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_DUMPABLE, 1) != 0) {
        _exit(1);
    }
    closefrom(SHOWCASE_DESCRIPTOR + 1);
    while (getppid() == parent) {
        pause();
    }
    _exit(0);
}

/* Without capabilities it can be seen by its user; before, nobody could. */
static bool is_ready(int from_child)
{
    char byte;

    return read(from_child, &byte, 1) == 0;
}

pid_t showcase_open(int descriptor)
{
    const pid_t parent = getpid();
    int ready[2];
    pid_t child;

    if (pipe(ready) != 0) {
        return -1;
    }
    child = fork();
    if (child == 0) {
        show(descriptor, parent);
    }
    close(ready[1]);
    if (child > 0 && !is_ready(ready[0])) {
        showcase_close(child);
        errno = EIO;
        child = -1;
    }
    close(ready[0]);
    return child;
}

void showcase_close(pid_t child)
{
    kill(child, SIGKILL);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
    }
}
