/* SPDX-License-Identifier: MIT */
#include "under_wine.h"

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
    WORDS_AT_MOST = 48,
};

static uid_t run_as;
static const char *run_in_prefix;
static const char *const *run_through;

const char *const wine_without_helper[] = {
    "env",
    "SETTCPENTRY_HOST=/nonexistent/settcpentry-host",
    "SETTCPENTRY_DIR=/nonexistent",
    NULL,
};

void wine_as(uid_t user, const char *prefix)
{
    run_as = user;
    run_in_prefix = prefix;
}

void wine_through(const char *const words[])
{
    run_through = words;
}

static int append(const char **argv, int count, const char *const words[], int at_most)
{
    for (int i = 0; words && i < at_most && words[i]; i++) {
        argv[count++] = words[i];
    }
    argv[count] = NULL;
    return count;
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
        const char *const wine[] = {"wine", program, NULL};
        const char *argv[WORDS_AT_MOST + 2 + ARGUMENTS_AT_MOST + 1];
        int count = append(argv, 0, run_through, WORDS_AT_MOST);

        count = append(argv, count, wine, 2);
        append(argv, count, arguments, ARGUMENTS_AT_MOST);
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

void wine_end_server(void)
{
    const pid_t child = fork();

    if (child == 0) {
        if (run_in_prefix) {
            become_user();
        }
        execlp("wineserver", "wineserver", "-k", "-w", (char *)NULL);
        _exit(127);
    }
    waitpid(child, NULL, 0);
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
        if (output) {
            fclose(output);
        }
        return answer;
    }
    answer.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    rewind(output);
    answer.output[fread(answer.output, 1, sizeof(answer.output) - 1, output)] = 0;
    fclose(output);
    read_codes(&answer);
    return answer;
}

bool wine_read_answer(const char *path, struct wine_answer *answer)
{
    FILE *file = fopen(path, "r");

    if (!file) {
        return false;
    }
    answer->output[fread(answer->output, 1, sizeof(answer->output) - 1, file)] = 0;
    fclose(file);
    read_codes(answer);
    return true;
}

bool wine_answered(const struct wine_answer *answer, long code, unsigned long last_error)
{
    if (answer->code == code && answer->last_error == last_error) {
        return true;
    }
    fprintf(stderr, "expected %ld, LastError %lu; the program ended with status %d and said: %s\n",
            code, last_error, answer->status, answer->output);
    return false;
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
