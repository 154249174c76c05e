/* SPDX-License-Identifier: MIT */
#include "output.h"

#include "../common/text.h"
#include "endpoint.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
    PROCESS_CHARS = 9, /* of a column with process ids of up to 7 digits */
};

static const char *const action_names[] = {
    [OUTPUT_LIST] = "list",
    [OUTPUT_DRY_RUN] = "dry-run",
    [OUTPUT_CLOSE] = "close",
};

static const char *const result_names[RESULTS] = {
    [RESULT_WOULD_BE_CLOSED] = "would be closed",
    [RESULT_WOULD_NOT_BE_CLOSED] = "would not be closed",
    [RESULT_CLOSED] = "closed",
    [RESULT_GONE] = "gone",
    [RESULT_NOT_CLOSED] = "not closed",
};

/* Both ends, as text. */
struct names
{
    char local[ENDPOINT_CHARS];
    char remote[ENDPOINT_CHARS];
};

static struct names names_of(const struct connection *connection)
{
    struct names names = {.local = ""};

    endpoint_write(connection->family, &connection->local, names.local);
    endpoint_write(connection->family, &connection->remote, names.remote);
    return names;
}

static bool is_failure(enum output_result result)
{
    return result == RESULT_NOT_CLOSED || result == RESULT_WOULD_NOT_BE_CLOSED;
}

struct output_count output_count_of(const struct output_row *rows, size_t count)
{
    struct output_count counted = {{0}};

    for (size_t i = 0; i < count; i++) {
        counted.of[rows[i].result]++;
    }
    return counted;
}

/* ---- the table ---- */

static int longer(int length, const char *text)
{
    const int other = (int)strlen(text);

    return other > length ? other : length;
}

/* Where the next one goes. */
static char *add_text(char *end, const char *text)
{
    const size_t bytes = strlen(text) + 1;

    memcpy(end, text, bytes);
    return end + bytes;
}

static void print_owners(const struct table *table, const struct table_row *row)
{
    const struct table_owner *owners = table->owners + row->first_owner;
    int width = 0;

    for (size_t i = 0; i < row->owners; i++) {
        width += printf("%s%" PRIu32, i == 0 ? "  " : ",", owners[i].process);
    }
    for (size_t i = 0; i < row->owners; i++) {
        printf("%*s%s", i == 0 && width < PROCESS_CHARS ? PROCESS_CHARS - width : 0, "",
               i == 0 ? "  " : ",");
        printf("%s", owners[i].name);
    }
}

/* Of all rows, local and remote in turns, each with a NUL behind it; to be freed.  And the longest of both. */
static char *all_names(const struct output_row *rows, size_t count, int *local, int *remote)
{
    char *texts = malloc((count + 1) * 2 * ENDPOINT_CHARS);
    char *end = texts;

    if (!texts) {
        fputs("tcpdrop: out of memory\n", stderr);
        exit(STATUS_NOT_DONE);
    }
    for (size_t i = 0; i < count; i++) {
        const struct names names = names_of(&rows[i].row->connection);

        *local = longer(*local, names.local);
        *remote = longer(*remote, names.remote);
        end = add_text(add_text(end, names.local), names.remote);
    }
    return texts;
}

void output_table(const struct table *table, const struct output_row *rows, size_t count,
                  bool with_owners)
{
    int local = (int)strlen("LOCAL");
    int remote = (int)strlen("REMOTE");
    char *texts = all_names(rows, count, &local, &remote);
    const char *name = texts;

    printf("PROTO  %-*s  %-*s  STATE%s\n", local, "LOCAL", remote, "REMOTE",
           with_owners ? "         PID      PROCESS" : "");
    for (size_t i = 0; i < count; i++) {
        const struct table_row *row = rows[i].row;
        const char *next = name + strlen(name) + 1;

        printf("tcp%" PRIu32 "   %-*s  %-*s  ", row->connection.family, local, name, remote, next);
        printf(row->owners > 0 && with_owners ? "%-12s" : "%s", tcp_state_name(row->state));
        if (with_owners) {
            print_owners(table, row);
        }
        putchar('\n');
        name = next + strlen(next) + 1;
    }
    free(texts);
}

/* ---- lines ---- */

void output_commands(const struct output_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct connection *connection = &rows[i].row->connection;
        struct names names = {.local = ""};

        endpoint_write_address(connection->family, &connection->local, names.local);
        endpoint_write_address(connection->family, &connection->remote, names.remote);
        printf("tcpdrop %s %u %s %u\n", names.local, endpoint_port(&connection->local),
               names.remote, endpoint_port(&connection->remote));
    }
}

void output_line(const struct output_row *row)
{
    const uint32_t family = row->row->connection.family;
    const struct names names = names_of(&row->row->connection);

    printf("%s %s: ", names.local, names.remote);
    if (!is_failure(row->result)) {
        puts(row->result == RESULT_GONE ? "gone already" : result_names[row->result]);
    } else {
        const struct closer_outcome *outcome = &row->outcome;
        const struct meaning meaning = closer_meaning(family, outcome);

        printf("%s: %" PRIu32 ", LastError %" PRIu32 ": %s%s%s\n", result_names[row->result],
               outcome->code, outcome->last_error, meaning.reason, *meaning.remedy ? "; " : "",
               meaning.remedy);
    }
}

void output_summary(enum output_action action, const struct output_count *count)
{
    if (action == OUTPUT_DRY_RUN) {
        printf("%zu would be closed, %zu would not\n", count->of[RESULT_WOULD_BE_CLOSED],
               count->of[RESULT_WOULD_NOT_BE_CLOSED]);
    } else {
        printf("%zu closed, %zu gone already, %zu not closed\n", count->of[RESULT_CLOSED],
               count->of[RESULT_GONE], count->of[RESULT_NOT_CLOSED]);
    }
}

/* ---- JSON ---- */

static void print_json_end(const char *what, uint32_t family, const struct connection_end *end)
{
    struct connection_end address = *end;
    char text[ENDPOINT_CHARS];

    address.scope_id = 0;
    printf("\"%s\": {\"address\": \"%s\", \"port\": %u", what,
           endpoint_write_address(family, &address, text), endpoint_port(end));
    if (end->scope_id != 0) {
        printf(", \"scope\": %" PRIu32, end->scope_id);
    }
    putchar('}');
}

static void print_json_owners(const struct table *table, const struct table_row *row)
{
    printf(", \"processes\": [");
    for (size_t i = 0; i < row->owners; i++) {
        const struct table_owner *owner = &table->owners[row->first_owner + i];

        printf("%s{\"id\": %" PRIu32 ", \"name\": ", i == 0 ? "" : ", ", owner->process);
        text_print_json(owner->name);
        putchar('}');
    }
    putchar(']');
}

static void print_json_outcome(uint32_t family, const struct closer_outcome *outcome)
{
    const struct meaning meaning = closer_meaning(family, outcome);

    printf(", \"code\": %" PRIu32 ", \"last_error\": %" PRIu32 ", \"reason\": ", outcome->code,
           outcome->last_error);
    text_print_json(meaning.reason);
    printf(", \"remedy\": ");
    text_print_json(meaning.remedy);
}

static void print_json_row(const struct table *table, const struct output_row *row,
                           bool with_owners)
{
    const struct connection *connection = &row->row->connection;

    printf("{\"family\": \"ipv%" PRIu32 "\", ", connection->family);
    print_json_end("local", connection->family, &connection->local);
    printf(", ");
    print_json_end("remote", connection->family, &connection->remote);
    if (row->row->state != 0) {
        printf(", \"state\": \"%s\"", tcp_state_name(row->row->state));
    }
    if (with_owners) {
        print_json_owners(table, row->row);
    }
    if (row->result != RESULT_NONE) {
        printf(", \"result\": \"%s\"", result_names[row->result]);
    }
    if (is_failure(row->result)) {
        print_json_outcome(connection->family, &row->outcome);
    }
    putchar('}');
}

static void print_json_summary(enum output_action action, const struct output_row *rows,
                               size_t count)
{
    const struct output_count counted = output_count_of(rows, count);

    printf("\"summary\": {\"matched\": %zu", count);
    if (action == OUTPUT_CLOSE) {
        printf(", \"closed\": %zu, \"gone\": %zu, \"not_closed\": %zu", counted.of[RESULT_CLOSED],
               counted.of[RESULT_GONE], counted.of[RESULT_NOT_CLOSED]);
    }
    putchar('}');
}

void output_json(enum output_action action, const struct table *table,
                 const struct output_row *rows, size_t count, bool with_owners, bool on_one_line)
{
    const char *const line = on_one_line ? "" : "\n";

    printf("{\"tcpdrop\": \"%s\", \"action\": \"%s\", \"connections\": [", SETTCPENTRY_VERSION_TEXT,
           action_names[action]);
    for (size_t i = 0; i < count; i++) {
        printf("%s%s%s", i == 0 ? "" : ",", line, on_one_line ? "" : "  ");
        print_json_row(table, &rows[i], with_owners);
    }
    printf("%s], ", line);
    print_json_summary(action, rows, count);
    puts("}");
}
