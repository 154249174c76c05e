/* SPDX-License-Identifier: MIT */
/* Runs a Windows program under Wine and reads what it printed. */
#ifndef UNDER_WINE_H
#define UNDER_WINE_H

#include "pair.h"

struct wine_answer
{
    int status;               /* the exit status; or 128 + the signal that ended it, as in shells */
    long code;                /* what SetTcpEntry returned, -1 if the program did not say */
    unsigned long last_error; /* and what LastError said */
    char output[512];         /* all of what it printed, as far as it fits */
};

/* From now on programs run as this user, with this Wine prefix. */
void wine_as(uid_t user, const char *prefix);

/* Ends the server of that prefix, with all programs in it. */
void wine_end_server(void);

/* From now on Wine is run by this command (NULL-terminated), as by setpriv or bwrap; NULL: directly. */
void wine_through(const char *const words[]);

/* The command by which programs find no helper, whatever there is. */
extern const char *const wine_without_helper[];

/* Did the program say so?  If not, this prints what it said instead. */
bool wine_answered(const struct wine_answer *answer, long code, unsigned long last_error);

/* Starts program (a Linux path) with these arguments (NULL-terminated); its process. */
pid_t wine_start(const char *program, const char *const arguments[], int output);

/* Runs program (a Linux path) with these arguments (NULL-terminated) and waits for it. */
struct wine_answer wine_run(const char *program, const char *const arguments[]);

/* What a program that had nowhere to print has written to this file instead; false: there is none. */
bool wine_read_answer(const char *path, struct wine_answer *answer);

/* Runs examples/close_connection for the connection, as seen from the end `local`. */
struct wine_answer wine_close_connection(const char *program, const union pair_address *local,
                                         const union pair_address *remote);

#endif
