/* SPDX-License-Identifier: MIT */
#include "watch.h"

#include "close.h"
#include "system.h"

#include <stdio.h>
#include <stdlib.h>

/* Of those that could not be closed, as far as they are still there. */
struct watching
{
    const struct options *options;
    struct match_set refused; /* for a reason that stays: they are not tried again */
    struct match_set failing; /* they are, but it is not told again */
    struct output_count count;
};

static struct table_row *make_room(size_t count)
{
    struct table_row *rows = calloc(count + 1, sizeof(*rows));

    if (!rows) {
        match_complain("out of memory");
        exit(STATUS_NOT_DONE);
    }
    return rows;
}

static void replace(struct match_set *set, struct table_row *rows, size_t count)
{
    free(set->rows);
    *set = match_set_of(rows, count);
}

/* Takes those that are not to be tried out of the match; they are what is left of the refused. */
static void put_aside(struct watching *watching, struct match *match)
{
    struct table_row *rows = make_room(match->count);
    size_t aside = 0;
    size_t kept = 0;

    for (size_t i = 0; i < match->count; i++) {
        if (match_set_find(&watching->refused, match->rows[i].row)) {
            rows[aside++] = *match->rows[i].row;
        } else {
            match->rows[kept++] = match->rows[i];
        }
    }
    match->count = kept;
    replace(&watching->refused, rows, aside);
}

static bool is_final(const struct output_row *row)
{
    const enum answer_status status =
        closer_meaning(row->row->connection.family, &row->outcome).status;

    return status == STATUS_NO_RIGHTS || status == STATUS_NO_SUCH_CONNECTION ||
           row->outcome.kind == ANSWER_MULTIPATH;
}

/* What became of each goes where it belongs.  What is no news is taken out of the match: one that was told before, and
 * could not be closed this time either. */
static void sort_out(struct watching *watching, struct match *match)
{
    struct table_row *refused = make_room(watching->refused.count + match->count);
    struct table_row *failing = make_room(match->count);
    size_t refused_count = 0;
    size_t failing_count = 0;
    size_t kept = 0;

    for (; refused_count < watching->refused.count; refused_count++) {
        refused[refused_count] = watching->refused.rows[refused_count];
    }
    for (size_t i = 0; i < match->count; i++) {
        const struct output_row row = match->rows[i];
        const bool was_told = match_set_find(&watching->failing, row.row) != NULL;
        const bool has_failed = row.result == RESULT_NOT_CLOSED;

        if (has_failed && is_final(&row)) {
            refused[refused_count++] = *row.row;
        } else if (has_failed) {
            failing[failing_count++] = *row.row;
        }
        if (!was_told || !has_failed) {
            match->rows[kept++] = row;
            watching->count.of[row.result]++;
        }
        watching->count.of[RESULT_NOT_CLOSED] -= was_told && !has_failed;
    }
    match->count = kept;
    replace(&watching->refused, refused, refused_count);
    replace(&watching->failing, failing, failing_count);
}

static void close_new(struct watching *watching, struct match *match)
{
    const struct options *options = watching->options;

    put_aside(watching, match);
    close_matches(options, match, &watching->failing);
    sort_out(watching, match);
    if (options->as_json && match->count > 0) {
        output_json(OUTPUT_CLOSE, &match->table, match->rows, match->count,
                    match_has_owners(options), true);
    }
    fflush(stdout);
}

/* Only when it begins, a table that cannot be read is the end; later that is told once, and tried again. */
static bool watch_until_stopped(struct watching *watching)
{
    const char *wrong = NULL;
    bool has_begun = false;
    bool goes_on;

    do {
        struct match match;
        const char *wrong_now = match_read(watching->options, &match);

        if (!wrong_now) {
            has_begun = true;
            close_new(watching, &match);
            match_free(&match);
        } else if (!wrong) {
            match_complain(wrong_now);
        }
        wrong = wrong_now;
        goes_on = has_begun && !ferror(stdout) && system_wait(watching->options->watch_ms);
    } while (goes_on);
    return !wrong;
}

int watch(const struct options *options)
{
    struct watching watching = {.options = options};
    bool done;

    system_catch_stop();
    done = watch_until_stopped(&watching) && watching.count.of[RESULT_NOT_CLOSED] == 0;
    free(watching.refused.rows);
    free(watching.failing.rows);
    if (!options->as_json) {
        output_summary(OUTPUT_CLOSE, &watching.count);
    }
    return done ? STATUS_DONE : STATUS_NOT_DONE;
}
