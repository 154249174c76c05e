/* SPDX-License-Identifier: MIT */
/* The scripts that others copy: the example's has all answers that there are, and the document's can be read. */
#include "script.h"

#include "testing.h"

#include <stdio.h>
#include <string.h>

enum
{
    SCRIPT_BYTES = 1 << 16,
};

static char text[SCRIPT_BYTES];

static size_t read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t length;

    assert_non_null(file);
    length = fread(text, 1, SCRIPT_BYTES - 1, file);
    fclose(file);
    assert_true(length < SCRIPT_BYTES - 1);
    text[length] = 0;
    return length;
}

static void every_answer_of_the_table_is_in_the_example(void **state)
{
    bool seen[ANSWERS] = {
        [ANSWER_NONE] = true, [ANSWER_NO_ROW] = true, [ANSWER_WRONG_STATE] = true};
    struct script script;
    struct script_error error;
    const size_t length = read_file(EVERY_ANSWER);

    (void)state;
    assert_true(script_read(text, length, &script, &error));
    for (size_t i = 0; i < script.rule_count; i++) {
        const struct script_rule *rule = &script.rules[i];

        for (size_t j = 0; j < rule->reply_count; j++) {
            seen[rule->replies[j].answer.kind] = true;
        }
    }
    script_free(&script);
    for (int kind = 0; kind < ANSWERS; kind++) {
        if (!seen[kind]) {
            fail_msg("no connection is answered: %s", answer_rows[kind].reason);
        }
    }
}

/* The lines behind this mark that are indented, or empty, one after the other without that; they take its place. */
static char *take_block(char *mark, size_t *length_out)
{
    char *from = strchr(mark, '\n') + 1;
    char *to = mark;

    while (*from == '\n' || strncmp(from, "    ", 4) == 0) {
        char *end = strchr(from, '\n');

        assert_non_null(end);
        from += *from == '\n' ? 0 : 4;
        memmove(to, from, (size_t)(end + 1 - from));
        to += end + 1 - from;
        from = end + 1;
    }
    *length_out = (size_t)(to - mark);
    *to = 0;
    return from;
}

static void the_documents_scripts_can_be_read(void **state)
{
    static const char marked[] = "<!-- not run: test_example reads";
    char *next = text;
    size_t statements = 0;

    (void)state;
    read_file(DOCUMENT);
    for (char *mark; (mark = strstr(next, marked));) {
        struct script script;
        struct script_error error;
        size_t length;

        next = take_block(mark, &length);
        if (!script_read(mark, length, &script, &error)) {
            fail_msg("line %u, column %u: expected %s", error.line, error.column, error.expected);
        }
        statements += script.row_count + script.rule_count;
        script_free(&script);
    }
    assert_true(statements > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_answer_of_the_table_is_in_the_example),
        cmocka_unit_test(the_documents_scripts_can_be_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
