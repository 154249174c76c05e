/* SPDX-License-Identifier: MIT */
#include "caller.h"

#include "give_up.h"
#include "places.h"
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    PATIENCE_MS = 60000,
};

struct caller caller_start(const char *program, const char *folder)
{
    static const char *const no_arguments[] = {NULL};
    char path[PLACE_CHARS];
    int orders[2];
    int answers[2];
    struct caller caller;

    places_program(program, path);
    if (pipe2(orders, O_CLOEXEC) != 0 || pipe2(answers, O_CLOEXEC) != 0) {
        give_up("pipe");
    }
    if (folder) {
        setenv("SETTCPENTRY_DIR", folder, 1);
    }
    caller.process = program_start(path, no_arguments, orders[0], answers[1], STDERR_FILENO);
    unsetenv("SETTCPENTRY_DIR");
    close(orders[0]);
    close(answers[1]);
    caller.orders = fdopen(orders[1], "w");
    caller.answers = fdopen(answers[0], "r");
    if (caller.process < 0 || !caller.orders || !caller.answers) {
        give_up(path);
    }
    return caller;
}

void caller_tell(struct caller *caller, const char *command)
{
    if (fprintf(caller->orders, "%s\n", command) < 0 || fflush(caller->orders) != 0) {
        give_up("a Windows program");
    }
}

bool caller_read_figures(const char *line, double figures_out[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *end;

        figures_out[i] = strtod(line, &end);
        if (end == line) {
            return false;
        }
        line = end;
    }
    return true;
}

void caller_hear(struct caller *caller, double figures_out[], size_t count)
{
    struct pollfd comes = {.fd = fileno(caller->answers), .events = POLLIN};
    char line[256] = "no answer";
    double answer[2] = {0}; /* even if none of it is wanted */

    if (poll(&comes, 1, PATIENCE_MS) != 1 || !fgets(line, sizeof(line), caller->answers) ||
        !caller_read_figures(line, answer, 2)) {
        fprintf(stderr, "a Windows program failed: %s\n", line);
        exit(2);
    }
    for (size_t i = 0; i < count; i++) {
        figures_out[i] = answer[i];
    }
}

void caller_drop(struct caller *caller, const char *command, struct connections connections,
                 double figures_out[], size_t count)
{
    char words[128];

    snprintf(words, sizeof(words), "%s %s %zu", command, connections.path, connections.count);
    caller_tell(caller, words);
    caller_hear(caller, figures_out, count);
    connections_end_dropped(&connections);
}

void caller_end(struct caller *caller)
{
    /* A word, not the pipe's end: whoever holds connections holds the pipe open, too. */
    caller_tell(caller, "end");
    fclose(caller->orders);
    if (program_wait(caller->process) != 0) {
        errno = ECHILD;
        give_up("a Windows program's end");
    }
    fclose(caller->answers);
}
