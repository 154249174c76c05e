/* SPDX-License-Identifier: MIT */
#include "child_linux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* 0, or an errno. */
static int spawn(const char *program, const char *const arguments[], int socket, pid_t *process_out)
{
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);

    if (error != 0) {
        return error;
    }
    error = posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO);
    if (error == 0) {
        error = posix_spawn_file_actions_adddup2(&actions, socket, STDOUT_FILENO);
    }
    if (error == 0) { /* what whoever started us has left open, too */
        error = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    }
    if (error == 0) {
        error =
            posix_spawnp(process_out, program, &actions, NULL, (char *const *)arguments, environ);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* Ours is none of the first three, or what we print would go to the child where we have no standard output. */
static int make_sockets(int ends_out[2])
{
    int own;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_out) != 0) {
        return errno;
    }
    own = fcntl(ends_out[0], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (own < 0) {
        const int error = errno;

        close(ends_out[0]);
        close(ends_out[1]);
        return error;
    }
    close(ends_out[0]);
    ends_out[0] = own;
    return 0;
}

int child_start(const char *program, const char *const arguments[], struct child *child_out)
{
    int ends[2];
    int error = make_sockets(ends);

    if (error != 0) {
        return error;
    }
    /* Who ignores it, as we may have been started, is not told how a child ends. */
    signal(SIGCHLD, SIG_DFL);
    child_out->socket = ends[0];
    error = spawn(program, arguments, ends[1], &child_out->process);
    close(ends[1]);
    if (error != 0) {
        close(ends[0]);
    }
    return error;
}

int child_wait(const struct child *child)
{
    int status;
    pid_t waited;

    do {
        waited = waitpid(child->process, &status, 0);
    } while (waited < 0 && errno == EINTR);
    return waited == child->process ? status : -1;
}

int child_kill(const struct child *child)
{
    kill(child->process, SIGKILL);
    return child_wait(child);
}
