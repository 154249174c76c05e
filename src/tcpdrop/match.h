/* SPDX-License-Identifier: MIT */
/* The connections that the command line asks for. */
#ifndef MATCH_H
#define MATCH_H

#include "options.h"
#include "output.h"

struct match
{
    struct table table;
    struct output_row *rows; /* of the table those that match, in its order */
    size_t count;
};

/* NULL; or why not, and there is nothing to free. */
const char *match_read(const struct options *options, struct match *match_out);
void match_free(struct match *match);

/* "tcpdrop: WORDS" on standard error. */
void match_complain(const char *words);

/* Are process ids to be shown? */
bool match_has_owners(const struct options *options);

/* Rows by connection and identity, to be looked up. */
struct match_set
{
    struct table_row *rows;
    size_t count;
};

/* Takes the rows over; has them in another order then. */
struct match_set match_set_of(struct table_row *rows, size_t count);
const struct table_row *match_set_find(const struct match_set *set, const struct table_row *row);

#endif
