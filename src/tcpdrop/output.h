/* SPDX-License-Identifier: MIT */
/* What tcpdrop prints on standard output. */
#ifndef OUTPUT_H
#define OUTPUT_H

#include "closer.h"

enum output_action
{
    OUTPUT_LIST,
    OUTPUT_DRY_RUN,
    OUTPUT_CLOSE,
};

/* What has become of a row, or would. */
enum output_result
{
    RESULT_NONE, /* it is only listed */
    RESULT_WOULD_BE_CLOSED,
    RESULT_WOULD_NOT_BE_CLOSED,
    RESULT_CLOSED,
    RESULT_GONE, /* it had ended by itself, or with its other end */
    RESULT_NOT_CLOSED,
    RESULTS
};

struct output_row
{
    const struct table_row *row;
    enum output_result result;
    struct closer_outcome outcome; /* of one that is, or would be, not closed */
};

struct output_count
{
    size_t of[RESULTS];
};

/* Rows of one table, under each other, with a line of headings. */
void output_table(const struct table *table, const struct output_row *rows, size_t count,
                  bool with_owners);

/* Each as the command that closes it. */
void output_commands(const struct output_row *rows, size_t count);

/* "127.0.0.1:50000 127.0.0.1:8080: closed" */
void output_line(const struct output_row *row);

/* "3 closed, 1 gone already, 0 not closed", "3 would be closed, 0 would not" */
void output_summary(enum output_action action, const struct output_count *count);

/* One document of docs/tcpdrop.schema.json, on one line if it is one of many. */
void output_json(enum output_action action, const struct table *table,
                 const struct output_row *rows, size_t count, bool with_owners, bool on_one_line);

struct output_count output_count_of(const struct output_row *rows, size_t count);

#endif
