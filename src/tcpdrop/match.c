/* SPDX-License-Identifier: MIT */
#include "match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void match_complain(const char *words)
{
    fflush(stdout);
    fprintf(stderr, "tcpdrop: %s\n", words);
}

bool match_has_owners(const struct options *options)
{
    return options->is_long || filter_wish(&options->filter).owners;
}

static bool choose(const struct filter *filter, struct match *match)
{
    match->count = 0;
    match->rows = calloc(match->table.count + 1, sizeof(*match->rows));
    for (size_t i = 0; match->rows && i < match->table.count; i++) {
        const struct table_row *row = &match->table.rows[i];

        if (filter_matches(filter, &match->table, row)) {
            match->rows[match->count++] = (struct output_row){.row = row};
        }
    }
    return match->rows != NULL;
}

const char *match_read(const struct options *options, struct match *match_out)
{
    struct table_wish wish = filter_wish(&options->filter);
    const char *wrong;

    wish.owners = match_has_owners(options);
    wrong = table_read(&wish, &match_out->table);
    if (!wrong && !choose(&options->filter, match_out)) {
        table_free(&match_out->table);
        wrong = "out of memory";
    }
    return wrong;
}

void match_free(struct match *match)
{
    free(match->rows);
    table_free(&match->table);
}

/* ---- sets ---- */

static int compare(const void *a, const void *b)
{
    const struct table_row *left = a;
    const struct table_row *right = b;
    const int by_name = memcmp(&left->connection, &right->connection, sizeof(left->connection));

    return by_name != 0 ? by_name
                        : (left->identity > right->identity) - (left->identity < right->identity);
}

struct match_set match_set_of(struct table_row *rows, size_t count)
{
    if (count > 0) {
        qsort(rows, count, sizeof(*rows), compare);
    }
    return (struct match_set){rows, count};
}

const struct table_row *match_set_find(const struct match_set *set, const struct table_row *row)
{
    return set->count > 0 ? bsearch(row, set->rows, set->count, sizeof(*row), compare) : NULL;
}
