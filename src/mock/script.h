/* SPDX-License-Identifier: MIT */
/*
 * Pure: what the mock is told by its script.  One statement a line; docs/testing-your-program.md has the grammar.
 * Where there is no memory, the program ends.
 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include "../common/answer.h"
#include "../common/connection.h"
#include "../tcpdrop/filter.h"
#include "../tcpdrop/tcp_state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Who the program is to be. */
enum script_caller
{
    CALLER_ADMINISTRATOR, /* elevated */
    CALLER_FILTERED,      /* an administrator who is not elevated */
    CALLER_USER,          /* no administrator */
    CALLER_REAL,          /* whoever it is */
};

/* One row of the TCP table.  A listener's remote end is all zeros. */
struct script_row
{
    struct connection connection;
    enum tcp_state state;
    uint32_t process;   /* its id; 0: none was given */
    const char *module; /* a path; NULL: none was given */
};

/* What one call is answered. */
struct script_reply
{
    struct answer answer;
    uint32_t delay; /* before it is, in milliseconds */
};

/* Answers to calls for connections between these ends, one after the other; the last one stays. */
struct script_rule
{
    struct filter ends;
    struct script_reply *replies;
    size_t reply_count; /* 0 only where there is no default */
};

struct script
{
    enum script_caller caller;
    bool lacks_ipv4;
    bool lacks_ipv6;
    const char **absent; /* exports that are not to be found, by their undecorated names */
    size_t absent_count;
    struct script_row *rows;
    size_t row_count;
    struct script_rule *rules; /* the first that matches counts */
    size_t rule_count;
    struct script_rule otherwise; /* the default */
};

/* What is wrong with a script. */
struct script_error
{
    unsigned line;        /* from 1 on; 0: of the whole file */
    unsigned column;      /* in bytes, from 1 on; 0: of the whole file */
    const char *expected; /* instead of what stands there; without quotes and backslashes */
};

/*
 * Reads the text, which ends at text[length], a NUL.  It is written to, and has to live as long as the script.
 * False, and error_out, where it is broken; then there is nothing to free.
 */
bool script_read(char *text, size_t length, struct script *script_out,
                 struct script_error *error_out);
void script_free(struct script *script);

/* Does it say what the TCP tables are like? */
bool script_has_tables(const struct script *script);

/* The rule for this connection, the default, or NULL where there is neither. */
const struct script_rule *script_rule_for(const struct script *script,
                                          const struct connection *connection);

#endif
