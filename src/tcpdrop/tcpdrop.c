/* SPDX-License-Identifier: MIT */
#include "tcpdrop.h"

#include "../common/text.h"
#include "close.h"
#include "match.h"
#include "system.h"
#include "watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
    BUFFER_BYTES = 1 << 16,
};

/* ---- the one that the arguments name ---- */

static void keep(void *told, size_t index, const struct closer_outcome *outcome)
{
    struct output_row *shown = told;

    (void)index;
    shown->outcome = *outcome;
    shown->result = outcome->code == 0 ? RESULT_CLOSED : RESULT_NOT_CLOSED;
}

static int close_named(const struct options *options)
{
    const struct table_row row = {.connection = options->connection};
    const struct table_row *const rows[] = {&row};
    const struct table none = {.count = 0};
    struct output_row shown = {.row = &row};

    closer_close(rows, 1, keep, &shown);
    if (options->as_json) {
        output_json(OUTPUT_CLOSE, &none, &shown, 1, false, false);
    } else {
        output_line(&shown);
    }
    return shown.result == RESULT_CLOSED
               ? STATUS_DONE
               : (int)closer_meaning(row.connection.family, &shown.outcome).status;
}

/* ---- listing ---- */

static void print(const struct options *options, const struct match *match)
{
    const bool with_owners = match_has_owners(options);

    if (options->as_json) {
        output_json(OUTPUT_LIST, &match->table, match->rows, match->count, with_owners, false);
    } else if (match->count == 0) {
        match_complain("no connection matches");
    } else if (options->as_commands) {
        output_commands(match->rows, match->count);
    } else {
        output_table(&match->table, match->rows, match->count, options->is_long);
    }
}

static int list(const struct options *options)
{
    struct match match;
    const char *wrong = match_read(options, &match);
    int status;

    if (wrong) {
        match_complain(wrong);
        return STATUS_NOT_DONE;
    }
    print(options, &match);
    status = match.count > 0 ? STATUS_DONE : STATUS_NO_SUCH_CONNECTION;
    match_free(&match);
    return status;
}

/* ---- the program ---- */

static int run(const struct options *options)
{
    switch (options->action) {
    case ACTION_LIST:
        return list(options);
    case ACTION_CLOSE:
        return options->watch_ms > 0 ? watch(options) : close_once(options);
    case ACTION_CLOSE_NAMED:
        return close_named(options);
    case ACTION_VERSION:
        closer_print_version();
        return STATUS_DONE;
    default:
        fputs(options_usage, stdout);
        return STATUS_DONE;
    }
}

/* Arguments may come from anybody's output: nothing of them does anything to a terminal. */
static int complain_of_arguments(const char *wrong, const char *argument)
{
    char *shown = argument ? strdup(argument) : NULL;

    if (shown) {
        text_clean(shown);
        fprintf(stderr, "tcpdrop: '%s' %s\n", shown, wrong);
        free(shown);
    } else {
        fprintf(stderr, "tcpdrop: it %s; see tcpdrop --help\n", wrong);
    }
    return STATUS_USAGE;
}

int tcpdrop_run(int argc, char *argv[])
{
    struct options options;
    const char *argument;
    const char *wrong = options_read(argc, argv, &options, &argument);
    int status;

    if (!system_is_terminal(1)) {
        setvbuf(stdout, NULL, _IOFBF, BUFFER_BYTES);
    }
    status = wrong ? complain_of_arguments(wrong, argument) : run(&options);
    options_free(&options);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        match_complain("standard output cannot be written to");
        return STATUS_NOT_DONE;
    }
    return status;
}
