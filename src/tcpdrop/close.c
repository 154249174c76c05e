/* SPDX-License-Identifier: MIT */
#include "close.h"

#include "match.h"
#include "system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
    CROWD = 100,        /* so many are shown by their number */
    PROGRESS_MS = 100,  /* between two such numbers */
    ANSWER_BYTES = 16,  /* of who was asked */
    STANDARD_INPUT = 0, /* descriptors */
    STANDARD_OUTPUT = 1,
    STANDARD_ERROR = 2,
};

struct closing
{
    const struct options *options;
    struct match *match;
    const struct match_set *told; /* of which it is known that they could not be closed; or NULL */
    uint32_t shown_at;
    bool shows_progress;
    bool shows_closed; /* each, in a line */
};

/* ---- what becomes of each ---- */

static bool is_no_such_connection(const struct output_row *row)
{
    return closer_meaning(row->row->connection.family, &row->outcome).status ==
           STATUS_NO_SUCH_CONNECTION;
}

static void wipe_progress(const struct closing *closing)
{
    if (closing->shows_progress) {
        fprintf(stderr, "\r%*s\r", (int)strlen("closing 4294967295 of 4294967295"), "");
    }
}

static bool is_told(const struct closing *closing, const struct output_row *row)
{
    return closing->told && row->result == RESULT_NOT_CLOSED &&
           match_set_find(closing->told, row->row);
}

static void show(const struct closing *closing, const struct output_row *row)
{
    if (!closing->options->as_json && !is_told(closing, row) &&
        (closing->shows_closed || row->result == RESULT_NOT_CLOSED)) {
        wipe_progress(closing);
        output_line(row);
    }
}

static void show_progress(struct closing *closing, size_t done)
{
    const uint32_t now = system_milliseconds();

    if (closing->shows_progress && now - closing->shown_at >= PROGRESS_MS) {
        closing->shown_at = now;
        fprintf(stderr, "\rclosing %zu of %zu", done, closing->match->count);
        fflush(stderr);
    }
}

/* Of one that is not there (any more) more is known when the table is read again. */
static void hear(void *told, size_t index, const struct closer_outcome *outcome)
{
    struct closing *closing = told;
    struct output_row *row = &closing->match->rows[index];

    row->outcome = *outcome;
    row->result = outcome->code == 0 ? RESULT_CLOSED : RESULT_NOT_CLOSED;
    if (row->result == RESULT_NOT_CLOSED && is_no_such_connection(row)) {
        row->result = RESULT_GONE;
    } else {
        show(closing, row);
    }
    show_progress(closing, index + 1);
}

/* ---- those that are gone, and those that only cannot be found ---- */

/* One that is over, and only remembered for a while, is another connection where that can be told. */
static bool has_stayed(const struct match_set *now, const struct table_row *row)
{
    const struct table_row *found = match_set_find(now, row);

    return found && (found->state != STATE_TIME_WAIT || row->state == STATE_TIME_WAIT);
}

/* The system can say that there is no such connection of one that is not ours to see, or close. */
static void tell_gone_from_stayed(struct match *match)
{
    const struct table_wish wish = {
        .families = 1u << CONNECTION_IPV4 | 1u << CONNECTION_IPV6,
        .states = STATES_ALL,
    };
    struct table table = {.count = 0};
    const char *wrong = table_read(&wish, &table);
    const struct match_set now = match_set_of(table.rows, wrong ? 0 : table.count);

    for (size_t i = 0; i < match->count; i++) {
        struct output_row *row = &match->rows[i];

        if (row->result == RESULT_GONE && (wrong || has_stayed(&now, row->row))) {
            row->result = RESULT_NOT_CLOSED;
        }
    }
    if (wrong) {
        match_complain(wrong);
    } else {
        table_free(&table);
    }
}

static void settle_missing(struct closing *closing)
{
    struct match *match = closing->match;
    size_t missing = output_count_of(match->rows, match->count).of[RESULT_GONE];

    if (missing == 0) {
        return;
    }
    tell_gone_from_stayed(match);
    for (size_t i = 0; i < match->count; i++) {
        const struct output_row *row = &match->rows[i];

        if (row->result == RESULT_GONE ||
            (row->result == RESULT_NOT_CLOSED && is_no_such_connection(row))) {
            show(closing, row);
        }
    }
}

/* ---- closing ---- */

static void hear_foreseen(void *told, size_t index, const struct closer_outcome *outcome)
{
    struct match *match = told;
    struct output_row *row = &match->rows[index];

    row->outcome = *outcome;
    row->result = outcome->code == 0 ? RESULT_WOULD_BE_CLOSED : RESULT_WOULD_NOT_BE_CLOSED;
}

/* To be freed. */
static const struct table_row **rows_of(const struct match *match)
{
    const struct table_row **rows = calloc(match->count + 1, sizeof(const struct table_row *));

    if (!rows) {
        match_complain("out of memory");
        exit(STATUS_NOT_DONE);
    }
    for (size_t i = 0; i < match->count; i++) {
        rows[i] = match->rows[i].row;
    }
    return rows;
}

static void foresee_matches(struct match *match)
{
    const struct table_row **rows = rows_of(match);

    closer_foresee(rows, match->count, hear_foreseen, match);
    free(rows);
}

/* On a terminal a crowd is a number that grows, and those that were not closed. */
void close_matches(const struct options *options, struct match *match, const struct match_set *told)
{
    const struct table_row **rows = rows_of(match);
    struct closing closing = {
        .options = options,
        .match = match,
        .told = told,
        .shown_at = system_milliseconds(),
        .shows_progress = match->count >= CROWD && system_is_terminal(STANDARD_ERROR),
        .shows_closed = match->count < CROWD || !system_is_terminal(STANDARD_OUTPUT),
    };

    closer_close(rows, match->count, hear, &closing);
    wipe_progress(&closing);
    settle_missing(&closing);
    free(rows);
}

static int status_of_row(const struct output_row *row)
{
    return row->result == RESULT_NOT_CLOSED || row->result == RESULT_WOULD_NOT_BE_CLOSED
               ? (int)closer_meaning(row->row->connection.family, &row->outcome).status
               : STATUS_DONE;
}

/* If none could be closed, and all for one reason, that. */
static int status_of(const struct match *match)
{
    int status = STATUS_DONE;

    for (size_t i = 0; i < match->count; i++) {
        const int one = status_of_row(&match->rows[i]);

        status = i == 0 || one == status ? one : STATUS_NOT_DONE;
    }
    return status;
}

/* ---- once ---- */

static bool is_confirmed(const struct options *options, const struct match *match)
{
    char answer[ANSWER_BYTES];

    output_table(&match->table, match->rows, match->count, match_has_owners(options));
    printf(match->count == 1 ? "Close this connection? [y/N] "
                             : "Close these %zu connections? [y/N] ",
           match->count);
    fflush(stdout);
    if (!fgets(answer, sizeof(answer), stdin)) {
        putchar('\n');
        return false;
    }
    return answer[0] == 'y' || answer[0] == 'Y';
}

static void show_all(const struct options *options, const struct match *match)
{
    const struct output_count counted = output_count_of(match->rows, match->count);

    for (size_t i = 0; i < match->count && options->is_dry; i++) {
        output_line(&match->rows[i]);
    }
    output_summary(options->is_dry ? OUTPUT_DRY_RUN : OUTPUT_CLOSE, &counted);
}

static int close_confirmed(const struct options *options, struct match *match)
{
    if (options->is_dry) {
        foresee_matches(match);
    } else {
        close_matches(options, match, NULL);
    }
    if (options->as_json) {
        output_json(options->is_dry ? OUTPUT_DRY_RUN : OUTPUT_CLOSE, &match->table, match->rows,
                    match->count, match_has_owners(options), false);
    } else {
        show_all(options, match);
    }
    return status_of(match);
}

int close_once(const struct options *options)
{
    const bool asks = !options->is_sure && !options->is_dry;
    struct match match;
    int status = STATUS_NOT_DONE;
    const char *wrong;

    if (asks && (options->as_json || !system_is_terminal(STANDARD_INPUT) ||
                 !system_is_terminal(STANDARD_OUTPUT))) {
        match_complain(options->as_json ? "--json wants --yes or --dry-run: nobody is asked then"
                                        : "nobody can be asked here: --yes closes without asking");
        return STATUS_USAGE;
    }
    wrong = match_read(options, &match);
    if (wrong) {
        match_complain(wrong);
        return STATUS_NOT_DONE;
    }
    if (match.count == 0 && !options->as_json) {
        match_complain("no connection matches");
    } else if (!asks || match.count == 0 || is_confirmed(options, &match)) {
        status = close_confirmed(options, &match);
    } else {
        puts("Nothing was closed.");
    }
    status = match.count == 0 ? STATUS_NO_SUCH_CONNECTION : status;
    match_free(&match);
    return status;
}
