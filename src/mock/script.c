/* SPDX-License-Identifier: MIT */
#include "script.h"

#include "../tcpdrop/endpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
    DELAY_MOST = 600000, /* ten minutes */
};

/* Reads one line; a word is ended by a NUL when it is taken. */
struct reader
{
    char *line;
    char *at;
    char *comma; /* it ended the word before, and is not taken yet */
    unsigned number;
    unsigned once; /* bits of the statements that may stand there once, and do */
    struct script *script;
    struct script_error *error;
};

/* text is "" where the line has no more. */
struct word
{
    char *text;
    unsigned column;
};

typedef bool read_func(struct reader *reader);

static bool fail(const struct reader *reader, const struct word *word, const char *expected)
{
    *reader->error = (struct script_error){reader->number, word->column, expected};
    return false;
}

/* Room for one more behind these. */
static void *grow(void *all, size_t count, size_t bytes)
{
    void *more = realloc(all, (count + 1) * bytes);

    if (!more) {
        fprintf(stderr, "settcpentry's mock: out of memory\n");
        exit(EXIT_FAILURE);
    }
    return more;
}

/* ---- words ---- */

static unsigned column_of(const struct reader *reader, const char *at)
{
    return (unsigned)(at - reader->line) + 1;
}

/* The line's end is where a comment begins. */
static void skip_blanks(struct reader *reader)
{
    reader->at += strspn(reader->at, " \t\r");
    if (*reader->at == '#') {
        *reader->at = 0;
    }
}

static struct word take(struct reader *reader)
{
    static char comma[] = ",";
    struct word word;
    char *end;

    if (reader->comma) {
        word = (struct word){comma, column_of(reader, reader->comma)};
        reader->comma = NULL;
        return word;
    }
    skip_blanks(reader);
    word = (struct word){reader->at, column_of(reader, reader->at)};
    end = reader->at + strcspn(reader->at, " \t\r,");
    reader->at = end + (*end != 0);
    reader->comma = *end == ',' ? end : NULL;
    *end = 0;
    return word;
}

/* A path may have blanks in it where it stands in quotes. */
static struct word take_path(struct reader *reader)
{
    struct word path;
    char *end;

    skip_blanks(reader);
    end = *reader->at == '"' ? strchr(reader->at + 1, '"') : NULL;
    if (!end) {
        return take(reader);
    }
    path = (struct word){reader->at + 1, column_of(reader, reader->at)};
    *end = 0;
    reader->at = end + 1;
    return path;
}

static bool skip_comma(struct reader *reader)
{
    if (!reader->comma) {
        skip_blanks(reader);
        reader->comma = *reader->at == ',' ? reader->at++ : NULL;
    }
    if (!reader->comma) {
        return false;
    }
    reader->comma = NULL;
    return true;
}

static bool skip_word(struct reader *reader, const char *text)
{
    const size_t length = strlen(text);
    bool is_it;

    if (reader->comma) {
        return false;
    }
    skip_blanks(reader);
    is_it = strncmp(reader->at, text, length) == 0 &&
            (reader->at[length] == 0 || strchr(" \t\r,", reader->at[length]));
    if (is_it) {
        take(reader);
    }
    return is_it;
}

static bool at_end(struct reader *reader, const char *expected)
{
    struct word rest = {reader->comma, 0};

    if (!rest.text) {
        skip_blanks(reader);
        rest.text = reader->at;
    }
    rest.column = column_of(reader, rest.text);
    return rest.text == reader->at && *rest.text == 0 ? true : fail(reader, &rest, expected);
}

/* The place of a word among these, or `count`. */
static size_t find(const char *word, const char *const *words, size_t count)
{
    size_t i = 0;

    while (i < count && strcmp(word, words[i]) != 0) {
        i++;
    }
    return i;
}

#define FIND(word, words) find(word, words, COUNT(words))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- caller, ipv4, ipv6, absent ---- */

static bool read_caller(struct reader *reader)
{
    static const char *const names[] = {
        [CALLER_ADMINISTRATOR] = "administrator",
        [CALLER_FILTERED] = "filtered",
        [CALLER_USER] = "user",
        [CALLER_REAL] = "real",
    };
    const struct word word = take(reader);
    const size_t caller = FIND(word.text, names);

    if (caller == COUNT(names)) {
        return fail(reader, &word, "administrator, filtered, user or real");
    }
    reader->script->caller = (enum script_caller)caller;
    return true;
}

static bool read_presence(struct reader *reader, bool *lacks_out)
{
    static const char *const names[] = {"present", "absent"};
    const struct word word = take(reader);
    const size_t presence = FIND(word.text, names);

    *lacks_out = presence == 1;
    return presence < COUNT(names) ? true : fail(reader, &word, "present or absent");
}

static bool read_ipv4(struct reader *reader)
{
    return read_presence(reader, &reader->script->lacks_ipv4);
}

static bool read_ipv6(struct reader *reader)
{
    return read_presence(reader, &reader->script->lacks_ipv6);
}

static bool read_absent(struct reader *reader)
{
    static const char *const exports[] = {
#define OURS(name, bytes) #name,
#define SYSTEM(name, bytes) #name,
#define SYSTEM_UNKNOWN(name) #name,
#define PACKET_FILTER(name, bytes) #name,
#include "../../def/exports.inc"
    };
    struct script *script = reader->script;
    const struct word word = take(reader);

    if (FIND(word.text, exports) == COUNT(exports)) {
        return fail(reader, &word, "the name of an export of iphlpapi.dll or iphlp.dll");
    }
    script->absent = grow(script->absent, script->absent_count, sizeof(*script->absent));
    script->absent[script->absent_count++] = word.text;
    return true;
}

/* ---- row ---- */

static bool is_end(const char *text, uint32_t *family_out, struct connection_end *end_out)
{
    const char *colon = strrchr(text, ':');
    uint16_t port;

    if (!colon || endpoint_read_port(colon + 1, &port) ||
        endpoint_read_address(text, (size_t)(colon - text), family_out, end_out) ||
        (*text != '[' && memchr(text, ':', (size_t)(colon - text)))) {
        return false;
    }
    end_out->port = port;
    return true;
}

static bool read_end(struct reader *reader, uint32_t *family_out, struct connection_end *end_out)
{
    const struct word word = take(reader);

    return is_end(word.text, family_out, end_out)
               ? true
               : fail(reader, &word, "an address with a port, as 10.0.0.1:80 or [::1]:80");
}

static bool read_remote(struct reader *reader, struct script_row *row)
{
    uint32_t family;
    struct word word;

    if (skip_word(reader, "*")) {
        return true;
    }
    skip_blanks(reader);
    word = (struct word){reader->at, column_of(reader, reader->at)};
    if (!read_end(reader, &family, &row->connection.remote)) {
        return false;
    }
    return family == row->connection.family
               ? true
               : fail(reader, &word, "an address of the same family as the local one");
}

/* A listener has no remote end, and everything else has one. */
static bool read_state(struct reader *reader, struct script_row *row)
{
    const struct word word = take(reader);
    const uint32_t states = tcp_state_read(word.text);
    const bool has_remote = row->connection.remote.port != 0;

    row->state = states != 0 ? (enum tcp_state)__builtin_ctz(states) : STATES;
    if (row->state == STATES || states != STATE_BIT(row->state)) {
        return fail(reader, &word, "a state, as ESTABLISHED or TIME-WAIT");
    }
    if (has_remote == (row->state == STATE_LISTEN)) {
        return fail(reader, &word,
                    has_remote ? "another state than LISTEN, or * for the remote end"
                               : "LISTEN, or an address for the remote end");
    }
    return true;
}

static bool read_process(struct reader *reader, struct script_row *row)
{
    struct word word;

    if (!skip_word(reader, "pid")) {
        return true;
    }
    word = take(reader);
    return endpoint_read_number(word.text, UINT32_MAX, &row->process)
               ? true
               : fail(reader, &word, "the number of a process");
}

static bool read_module(struct reader *reader, struct script_row *row)
{
    struct word word;

    if (!skip_word(reader, "module")) {
        return true;
    }
    word = take_path(reader);
    row->module = word.text;
    return *word.text && *word.text != '"'
               ? true
               : fail(reader, &word, "a path, in quotes where it has blanks");
}

static bool read_row(struct reader *reader)
{
    struct script *script = reader->script;
    struct script_row row = {.process = 0};

    if (!read_end(reader, &row.connection.family, &row.connection.local) ||
        !read_remote(reader, &row) || !read_state(reader, &row) || !read_process(reader, &row) ||
        !read_module(reader, &row)) {
        return false;
    }
    script->rows = grow(script->rows, script->row_count, sizeof(row));
    script->rows[script->row_count++] = row;
    return true;
}

/* ---- answers ---- */

static const char *const answer_names[ANSWERS] = {
    [ANSWER_NONE] = "",
#define ANSWER(name, ...) [ANSWER_##name] = #name,
#include "../../def/answers.inc"
};

/* These the functions find out by themselves, of the row that they are given. */
static bool is_given(enum answer_kind kind)
{
    return kind != ANSWER_NONE && kind != ANSWER_NO_ROW && kind != ANSWER_WRONG_STATE;
}

/* ANSWER_NONE: of no name. */
static enum answer_kind kind_of_name(const char *name)
{
    const size_t kind = FIND(name, answer_names);

    return kind < ANSWERS && is_given((enum answer_kind)kind) ? (enum answer_kind)kind
                                                              : ANSWER_NONE;
}

/* The first in the table with these; last_error: 0, with any. */
static enum answer_kind kind_of_codes(uint32_t code, uint32_t last_error)
{
    for (enum answer_kind kind = 0; kind < ANSWERS; kind++) {
        if (is_given(kind) && answer_rows[kind].codes.ipv4 == code &&
            (last_error == 0 || answer_rows[kind].codes.last_error == last_error)) {
            return kind;
        }
    }
    return ANSWER_NONE;
}

/* CODE or CODE/LASTERROR */
static bool read_codes(char *text, struct answer *answer_out)
{
    char *slash = strchr(text, '/');
    uint32_t code;
    uint32_t last_error = 0;

    if (slash) {
        *slash = 0;
    }
    if (!endpoint_read_number(text, SYSTEM_CODE - 1, &code) ||
        (slash &&
         (!endpoint_read_number(slash + 1, SYSTEM_CODE - 1, &last_error) || last_error == 0))) {
        return false;
    }
    *answer_out = answer_of(kind_of_codes(code, last_error));
    if (answer_out->kind == ANSWER_NONE) {
        *answer_out = (struct answer){ANSWER_SYSTEMS_OWN, code};
    }
    return answer_out->kind != ANSWER_SYSTEMS_OWN || !slash || code == last_error;
}

/* Of these the table does not tell all. */
static bool wants_number(enum answer_kind kind)
{
    return answer_rows[kind].codes.ipv4 == SYSTEM_CODE || kind == ANSWER_SYSTEM_CALL_FAILED;
}

/* NAME or NAME(NUMBER) */
static bool read_name(char *text, struct answer *answer_out)
{
    char *bracket = strchr(text, '(');
    const size_t length = strlen(text);

    if (bracket && text[length - 1] != ')') {
        return false;
    }
    *answer_out = answer_of(ANSWER_NONE);
    if (bracket) {
        text[length - 1] = 0;
        *bracket = 0;
        if (!endpoint_read_number(bracket + 1, SYSTEM_CODE - 1, &answer_out->detail)) {
            return false;
        }
    }
    answer_out->kind = kind_of_name(text);
    return answer_out->kind != ANSWER_NONE &&
           wants_number(answer_out->kind) == (answer_out->detail != 0);
}

static bool read_delay(struct reader *reader, uint32_t *delay_out)
{
    struct word word;
    size_t digits;

    if (!skip_word(reader, "after")) {
        return true;
    }
    word = take(reader);
    digits = strspn(word.text, "0123456789");
    if (strcmp(word.text + digits, "ms") == 0) {
        word.text[digits] = 0;
        if (endpoint_read_number(word.text, DELAY_MOST, delay_out)) {
            return true;
        }
    }
    return fail(reader, &word, "milliseconds, as 200ms; 600000ms at most");
}

static bool read_reply(struct reader *reader, struct script_reply *reply_out)
{
    const struct word word = take(reader);

    *reply_out = (struct script_reply){.delay = 0};
    if (!(*word.text >= '0' && *word.text <= '9' ? read_codes : read_name)(word.text,
                                                                           &reply_out->answer)) {
        return fail(reader, &word,
                    "an answer: its name, a code, or a code and LastError that belong together, as "
                    "NOT_FOUND, 1460 or 317/740");
    }
    return read_delay(reader, &reply_out->delay);
}

static bool read_replies(struct reader *reader, struct script_rule *rule)
{
    do {
        rule->replies = grow(rule->replies, rule->reply_count, sizeof(*rule->replies));
        if (!read_reply(reader, &rule->replies[rule->reply_count])) {
            return false;
        }
        rule->reply_count++;
    } while (skip_comma(reader));
    return true;
}

static bool read_ends(struct reader *reader, struct filter_ends *ends)
{
    const struct word word = take(reader);

    return *word.text && !filter_add_end(ends, word.text, NULL)
               ? true
               : fail(reader, &word, "an end or many, as 10.0.0.1:80, 10.0.0.0/8, :80-90 or *");
}

static bool read_answer(struct reader *reader)
{
    struct script *script = reader->script;
    struct script_rule *rule;

    script->rules = grow(script->rules, script->rule_count, sizeof(*script->rules));
    rule = &script->rules[script->rule_count++]; /* to be freed, whatever comes */
    *rule = (struct script_rule){.ends = {.states = STATES_ALL}};
    return read_ends(reader, &rule->ends.local) && read_ends(reader, &rule->ends.remote) &&
           read_replies(reader, rule);
}

static bool read_default(struct reader *reader)
{
    return read_replies(reader, &reader->script->otherwise);
}

/* ---- the whole ---- */

static const struct statement
{
    const char *name;
    read_func *read;
    bool once;
    const char *after; /* what is expected behind all that it can have */
} statements[] = {
    {"caller", read_caller, true, "the end of the line"},
    {"ipv4", read_ipv4, true, "the end of the line"},
    {"ipv6", read_ipv6, true, "the end of the line"},
    {"absent", read_absent, false, "the end of the line"},
    {"row", read_row, false, "pid N, module PATH, in this order, or the end of the line"},
    {"answer", read_answer, false,
     "after N ms, a comma and one more answer, or the end of the line"},
    {"default", read_default, true,
     "after N ms, a comma and one more answer, or the end of the line"},
};

static const struct statement *find_statement(const char *name)
{
    for (size_t i = 0; i < COUNT(statements); i++) {
        if (strcmp(statements[i].name, name) == 0) {
            return &statements[i];
        }
    }
    return NULL;
}

static bool read_line(struct reader *reader)
{
    const struct word word = take(reader);
    const struct statement *statement = find_statement(word.text);
    unsigned bit;

    if (*word.text == 0 && !reader->comma) {
        return true; /* nothing, or a comment */
    }
    if (!statement || reader->comma) {
        return fail(reader, &word, "caller, ipv4, ipv6, absent, row, answer or default");
    }
    bit = 1u << (statement - statements);
    if (statement->once && reader->once & bit) {
        return fail(reader, &word, "this statement only once");
    }
    reader->once |= bit;
    return statement->read(reader) && at_end(reader, statement->after);
}

static bool read_lines(struct reader *reader, char *text, char *end)
{
    while (text < end) {
        char *const line_end = memchr(text, '\n', (size_t)(end - text));

        reader->line = reader->at = text;
        reader->number++;
        text = line_end ? line_end + 1 : end;
        if (line_end) {
            *line_end = 0;
        }
        if (memchr(reader->line, 0,
                   (size_t)(line_end ? line_end - reader->line : end - reader->line))) {
            const struct word nul = {.column = (unsigned)strlen(reader->line) + 1};

            return fail(reader, &nul, "text, not a NUL");
        }
        if (!read_line(reader)) {
            return false;
        }
    }
    return true;
}

bool script_read(char *text, size_t length, struct script *script_out,
                 struct script_error *error_out)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* that editors of Windows put before UTF-8 */
    struct reader reader = {.script = script_out, .error = error_out};
    char *const end = text + length;

    *script_out = (struct script){.otherwise = {.ends = {.states = STATES_ALL}}};
    if (strncmp(text, mark, sizeof(mark) - 1) == 0) {
        text += sizeof(mark) - 1;
    }
    if (!read_lines(&reader, text, end)) {
        script_free(script_out);
        return false;
    }
    return true;
}

static void free_rule(struct script_rule *rule)
{
    filter_free(&rule->ends);
    free(rule->replies);
}

void script_free(struct script *script)
{
    for (size_t i = 0; i < script->rule_count; i++) {
        free_rule(&script->rules[i]);
    }
    free_rule(&script->otherwise);
    free(script->rules);
    free(script->rows);
    free(script->absent);
    *script = (struct script){.caller = CALLER_ADMINISTRATOR};
}

bool script_has_tables(const struct script *script)
{
    return script->row_count > 0 || script->lacks_ipv4 || script->lacks_ipv6;
}

const struct script_rule *script_rule_for(const struct script *script,
                                          const struct connection *connection)
{
    const struct table none = {.count = 0};
    const struct table_row row = {.connection = connection_unmapped(connection),
                                  .state = STATE_ESTABLISHED};

    for (size_t i = 0; i < script->rule_count; i++) {
        if (filter_matches(&script->rules[i].ends, &none, &row)) {
            return &script->rules[i];
        }
    }
    return script->otherwise.reply_count > 0 ? &script->otherwise : NULL;
}
