/* SPDX-License-Identifier: MIT */
#include "program.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum
{
    ARGUMENTS_AT_MOST = 32,
};

static uid_t run_as;

static void must(bool success, const char *what)
{
    if (!success) {
        perror(what);
        exit(99);
    }
}

void program_run_as(uid_t user)
{
    run_as = user;
}

bool program_is_windows(const char *program)
{
    const char *dot = strrchr(program, '.');

    return dot && strcmp(dot, ".exe") == 0;
}

void program_become(const char *program, const char *const arguments[])
{
    const char *argv[ARGUMENTS_AT_MOST + 3] = {"wine", program};
    const int words = program_is_windows(program) ? 2 : 1;

    argv[words - 1] = program;
    for (int i = 0; i < ARGUMENTS_AT_MOST && arguments[i]; i++) {
        argv[words + i] = arguments[i];
    }
    if (run_as != 0 && (setgroups(0, NULL) != 0 || setgid(run_as) != 0 || setuid(run_as) != 0)) {
        perror("become another user");
        _exit(127);
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execvp(argv[0], (char *const *)argv);
    perror(argv[0]);
    _exit(127);
}

pid_t program_start(const char *program, const char *const arguments[], int input, int output,
                    int errors)
{
    const pid_t child = fork();

    if (child == 0) {
        const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

        dup2(input < 0 ? nothing : input, STDIN_FILENO);
        dup2(output < 0 ? nothing : output, STDOUT_FILENO);
        dup2(errors < 0 ? nothing : errors, STDERR_FILENO);
        program_become(program, arguments);
    }
    must(child > 0, "fork");
    return child;
}

int program_wait(pid_t process)
{
    int status;

    must(waitpid(process, &status, 0) == process, "waitpid");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* A file, not a pipe: Wine's services inherit it and keep a pipe open. */
static FILE *open_file(const char *text)
{
    FILE *file = tmpfile();

    must(file && fcntl(fileno(file), F_SETFD, FD_CLOEXEC) == 0, "tmpfile");
    must(fputs(text, file) >= 0 && fflush(file) == 0, "tmpfile");
    rewind(file);
    return file;
}

static char *read_and_close(FILE *file)
{
    char *text = NULL;
    size_t size = 0;

    rewind(file);
    if (getdelim(&text, &size, 0, file) < 0) {
        free(text);
        text = strdup("");
    }
    must(text != NULL, "out of memory");
    fclose(file);
    return text;
}

struct program_answer program_run_with(const char *program, const char *const arguments[],
                                       const char *input)
{
    FILE *const in = open_file(input);
    FILE *const output = open_file("");
    FILE *const errors = open_file("");
    struct program_answer answer;

    answer.status =
        program_wait(program_start(program, arguments, fileno(in), fileno(output), fileno(errors)));
    answer.output = read_and_close(output);
    answer.errors = read_and_close(errors);
    fclose(in);
    return answer;
}

struct program_answer program_run(const char *program, const char *const arguments[])
{
    return program_run_with(program, arguments, "");
}

void program_free(struct program_answer *answer)
{
    free(answer->output);
    free(answer->errors);
}
