/* SPDX-License-Identifier: MIT */
/*
 * with_descriptors terminal|error COMMAND...: runs it in a terminal of its own, as one in a terminal's
 * window, or with error output alone; its exit status.  (With nothing at all, Wine 8's server never
 * notices that a program has ended, whatever program it was.)
 */
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    CANNOT = 127,
};

/* What is printed is of no interest, but who prints it waits until it is read.  Not until the terminal
 * is closed: Wine's services may keep it open. */
static int read_until_it_ends(int terminal, pid_t child)
{
    struct pollfd fds[] = {{.fd = terminal, .events = POLLIN},
                           {.fd = pidfd_open(child, 0), .events = POLLIN}};
    char printed[1024];
    int status;

    while (poll(fds, 2, -1) > 0 && !fds[1].revents) {
        if (fds[0].revents && read(terminal, printed, sizeof(printed)) <= 0) {
            fds[0].fd = -1;
        }
    }
    return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : CANNOT;
}

static int run_in_terminal(char *const command[])
{
    int terminal;
    const pid_t child = forkpty(&terminal, NULL, NULL, NULL);

    if (child == 0) {
        execvp(command[0], command);
        _exit(CANNOT);
    }
    return child < 0 ? CANNOT : read_until_it_ends(terminal, child);
}

static int run_with_error_output(char *const command[])
{
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    execvp(command[0], command);
    return CANNOT;
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "terminal") == 0) {
        return run_in_terminal(argv + 2);
    }
    if (argc > 2 && strcmp(argv[1], "error") == 0) {
        return run_with_error_output(argv + 2);
    }
    fprintf(stderr, "usage: with_descriptors terminal|error COMMAND...\n");
    return CANNOT;
}
