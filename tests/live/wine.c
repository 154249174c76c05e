/* SPDX-License-Identifier: MIT */
#include "wine.h"

#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    ARGUMENTS_AT_MOST = 8,
};

static uid_t run_as;
static const char *run_in_prefix;

void wine_as(uid_t user, const char *prefix)
{
    run_as = user;
    run_in_prefix = prefix;
}

static void become_user(void)
{
    if (setgroups(0, NULL) != 0 || setgid(run_as) != 0 || setuid(run_as) != 0 ||
        setenv("WINEPREFIX", run_in_prefix, 1) != 0 || setenv("HOME", run_in_prefix, 1) != 0) {
        perror("become another user");
        _exit(127);
    }
}

pid_t wine_start(const char *program, const char *const arguments[], int output)
{
    const pid_t child = fork();

    if (child == 0) {
        const char *argv[ARGUMENTS_AT_MOST + 3] = {"wine", program};

        for (int i = 0; i < ARGUMENTS_AT_MOST && arguments[i]; i++) {
            argv[i + 2] = arguments[i];
        }
        dup2(output, STDOUT_FILENO);
        dup2(output, STDERR_FILENO); /* Wine's services may inherit it, and never end */
        if (run_in_prefix) {
            become_user();
        }
        execvp(argv[0], (char *const *)argv);
        perror("wine");
        _exit(127);
    }
    return child;
}

/* "SetTcpEntry returned 317, LastError 1168: ...", or of SetTcp6Entry */
static void read_codes(struct wine_answer *answer)
{
    static const char before_code[] = "Entry returned ";
    static const char before_error[] = ", LastError ";
    const char *said = strstr(answer->output, before_code);
    char *end;

    if (said) {
        answer->code = strtol(said + strlen(before_code), &end, 10);
        if (strncmp(end, before_error, strlen(before_error)) == 0) {
            answer->last_error = strtoul(end + strlen(before_error), NULL, 10);
        }
    }
}

struct wine_answer wine_run(const char *program, const char *const arguments[])
{
    struct wine_answer answer = {.status = -1, .code = -1};
    /* A file, not a pipe: Wine's services inherit it and keep a pipe open. */
    FILE *output = tmpfile();
    const pid_t child = output ? wine_start(program, arguments, fileno(output)) : -1;
    int status;

    if (child < 0 || waitpid(child, &status, 0) != child) {
        perror("wine");
        return answer;
    }
    if (WIFEXITED(status)) {
        answer.status = WEXITSTATUS(status);
    }
    rewind(output);
    answer.output[fread(answer.output, 1, sizeof(answer.output) - 1, output)] = 0;
    fclose(output);
    read_codes(&answer);
    return answer;
}

struct wine_answer wine_close_connection(const char *program, const union pair_address *local,
                                         const union pair_address *remote)
{
    char local_name[PAIR_NAME_CHARS];
    char remote_name[PAIR_NAME_CHARS];
    const char *const arguments[] = {
        pair_name(local, local_name),
        pair_name(remote, remote_name),
        NULL,
    };

    return wine_run(program, arguments);
}
