/* SPDX-License-Identifier: MIT */
/* Any bytes may be the mock's script. */
#include "fuzz.h"

#include "mock/script.h"

static size_t lines_of(const char *text, size_t size)
{
    size_t lines = 1;

    for (size_t i = 0; i < size; i++) {
        lines += text[i] == '\n';
    }
    return lines;
}

/* On the heap and no longer, with some text behind it; to be freed. */
static char *copy(const uint8_t *data, size_t size, const char *behind)
{
    const size_t more = strlen(behind);
    char *text = malloc(size + more + 1);

    promise(text != NULL);
    if (size > 0) {
        memcpy(text, data, size);
    }
    memcpy(text + size, behind, more + 1);
    return text;
}

static void promise_reply(const struct script_reply *reply)
{
    promise(reply->answer.kind > ANSWER_NONE && reply->answer.kind < ANSWERS);
    promise(reply->answer.kind != ANSWER_NO_ROW && reply->answer.kind != ANSWER_WRONG_STATE);
    promise(answer_code(reply->answer, CONNECTION_IPV4) != SYSTEM_CODE);
    promise(answer_code(reply->answer, CONNECTION_IPV6) != SYSTEM_CODE);
    promise(reply->delay <= 600000);
}

static void promise_rule(const struct script_rule *rule)
{
    for (size_t i = 0; i < rule->reply_count; i++) {
        promise_reply(&rule->replies[i]);
    }
}

/* Each row is a connection that a program can name, or a listener. */
static void promise_row(const struct script *script, const struct script_row *row)
{
    const struct connection *connection = &row->connection;
    const struct connection mapped = connection_mapped(connection);

    promise(connection->family == CONNECTION_IPV4 || connection->family == CONNECTION_IPV6);
    promise(row->state >= STATE_CLOSED && row->state < STATES);
    promise(connection->local.port != 0);
    promise((connection->remote.port == 0) == (row->state == STATE_LISTEN));
    if (connection->family == CONNECTION_IPV4) {
        promise(script_rule_for(script, connection) == script_rule_for(script, &mapped));
    }
}

static void promise_script(const struct script *script)
{
    promise(script->caller <= CALLER_REAL);
    for (size_t i = 0; i < script->rule_count; i++) {
        promise(script->rules[i].reply_count > 0);
        promise(script->rules[i].ends.local.count > 0 && script->rules[i].ends.remote.count > 0);
        promise_rule(&script->rules[i]);
    }
    promise_rule(&script->otherwise);
    for (size_t i = 0; i < script->row_count; i++) {
        promise_row(script, &script->rows[i]);
    }
    for (size_t i = 0; i < script->absent_count; i++) {
        promise(strlen(script->absent[i]) > 3);
    }
}

static void promise_error(const struct script_error *error, const uint8_t *data, size_t size)
{
    promise(error->line >= 1 && error->line <= lines_of((const char *)data, size));
    promise(error->column >= 1 && error->column <= size + 1);
    promise(error->expected && !strpbrk(error->expected, "\"\\\n"));
}

/* What stands behind the end of a line changes nothing before it. */
static void promise_same(bool is_good, const struct script_error *error, const uint8_t *data,
                         size_t size)
{
    char *text = copy(data, size, "\n# a comment\n");
    struct script again;
    struct script_error same = {.line = 0};

    promise(script_read(text, size + strlen("\n# a comment\n"), &again, &same) == is_good);
    if (is_good) {
        script_free(&again);
    } else {
        promise(same.line == error->line && same.column == error->column &&
                same.expected == error->expected);
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = copy(data, size, "");
    struct script script;
    struct script_error error = {.line = 0};
    const bool is_good = script_read(text, size, &script, &error);

    if (is_good) {
        promise_script(&script);
        script_free(&script);
    } else {
        promise_error(&error, data, size);
    }
    promise_same(is_good, &error, data, size);
    free(text);
    return 0;
}
