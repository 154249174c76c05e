/* SPDX-License-Identifier: MIT */
/* Runs a Linux program, or a Windows program (NAME.exe) under Wine, and reads all that it prints. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>
#include <sys/types.h>

struct program_answer
{
    int status;   /* the exit status; or 128 + the signal that ended it, as in shells */
    char *output; /* what it printed, of any length; program_free frees it */
    char *errors;
};

/* From now on programs run as this user. */
void program_run_as(uid_t user);

bool program_is_windows(const char *program);

/* Becomes the program, with these arguments (NULL-terminated); it is found as the shell does. */
_Noreturn void program_become(const char *program, const char *const arguments[]);

/* Starts it with these descriptors; -1 is /dev/null.  Its process. */
pid_t program_start(const char *program, const char *const arguments[], int input, int output,
                    int errors);

/* Waits for its end; the status, as in struct program_answer. */
int program_wait(pid_t process);

/* Runs it, with nothing to read, or with this text. */
struct program_answer program_run(const char *program, const char *const arguments[]);
struct program_answer program_run_with(const char *program, const char *const arguments[],
                                       const char *input);
void program_free(struct program_answer *answer);

#endif
