/* SPDX-License-Identifier: MIT */
#include "text.h"

#include "testing.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#define pipe(ends) _pipe(ends, TEXT_BYTES, _O_BINARY)
#endif

enum
{
    TEXT_BYTES = 256,
};

static const char *cleaned(const char *text)
{
    static char clean[TEXT_BYTES];

    snprintf(clean, sizeof(clean), "%s", text);
    text_clean(clean);
    return clean;
}

static void expect_unchanged(const char *text)
{
    assert_string_equal(cleaned(text), text);
}

static void characters_of_every_length_stay(void **state)
{
    (void)state;
    expect_unchanged("");
    expect_unchanged(" !\"\\~");
    expect_unchanged("\xC2\xA0\xC3\xA9\xDF\xBF");             /* U+00A0, e acute, U+07FF */
    expect_unchanged("\xE0\xA0\x80\xE4\xB8\xAD\xEF\xBF\xBF"); /* U+0800, U+4E2D, U+FFFF */
    expect_unchanged("\xF0\x90\x80\x80\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF"); /* U+10000, U+10FFFF */
    expect_unchanged("\xED\x9F\xBF\xEE\x80\x80"); /* on both sides of surrogates */
}

static void each_byte_that_is_no_part_of_a_character_is_a_question_mark(void **state)
{
    static const char *const cases[][2] = {
        {"a\x80z", "a?z"},
        {"a\xC3", "a?"},
        {"a\xE4\xB8", "a??"},
        {"a\xF0\x9F\x98", "a???"},
        {"\xC3z", "?z"},
        {"\xE4\xB8z", "??z"},
        {"\xC3\xC3\xA9", "?\xC3\xA9"},
        {"\xC0\xAF", "??"}, /* a slash in two bytes */
        {"\xC1\xBF", "??"},
        {"\xE0\x9F\xBF", "???"},      /* U+07FF in three */
        {"\xF0\x8F\xBF\xBF", "????"}, /* U+FFFF in four */
        {"\xED\xA0\x80", "???"},      /* a surrogate */
        {"\xED\xBF\xBF", "???"},
        {"\xF4\x90\x80\x80", "????"}, /* more than U+10FFFF */
        {"\xF7\xBF\xBF\xBF", "????"},
        {"\xF8\x88\x80\x80\x80", "?????"},
        {"\xFE\xFF", "??"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(cleaned(cases[i][0]), cases[i][1]);
    }
}

static void control_characters_are_question_marks(void **state)
{
    char control[] = "a?z";

    (void)state;
    for (int c = 1; c < ' '; c++) {
        control[1] = (char)c;
        assert_string_equal(cleaned(control), "a?z");
    }
    assert_string_equal(cleaned("\x1B[2J\x7F"), "?[2J?");
    assert_string_equal(cleaned("\xC2\x80\xC2\x9B\xC2\x9F"), "???"); /* C1 */
}

/* In bytes, as a string of them would turn the directions here. */
static void what_ends_a_line_or_turns_directions_is_a_question_mark(void **state)
{
    static const char turning[][4] = {
        {'\xE2', '\x80', '\xA8'}, /* U+2028 */
        {'\xE2', '\x80', '\xA9'}, /* U+2029 */
        {'\xD8', '\x9C'},         /* U+061C */
        {'\xE2', '\x80', '\x8E'}, /* U+200E */
        {'\xE2', '\x80', '\x8F'}, /* U+200F */
        {'\xE2', '\x80', '\xAA'}, /* U+202A */
        {'\xE2', '\x80', '\xAE'}, /* U+202E */
        {'\xE2', '\x81', '\xA6'}, /* U+2066 */
        {'\xE2', '\x81', '\xA9'}, /* U+2069 */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(turning) / sizeof(turning[0]); i++) {
        assert_string_equal(cleaned(turning[i]), "?");
    }
}

static void what_is_beside_those_stays(void **state)
{
    (void)state;
    expect_unchanged("\xD8\x9B\xD8\x9D");                     /* U+061B, U+061D */
    expect_unchanged("\xE2\x80\x8D\xE2\x80\x90\xE2\x80\xA7"); /* U+200D, U+2010, U+2027 */
    expect_unchanged("\xE2\x80\xAF\xE2\x81\xA5\xE2\x81\xAA"); /* U+202F, U+2065, U+206A */
}

/* What is printed goes into a pipe meanwhile, and not to whoever reads what cmocka says. */
static const char *as_json(const char *text)
{
    static char printed[TEXT_BYTES];
    int ends[2];
    int standard_output;
    long bytes;

    fflush(stdout);
    assert_int_equal(pipe(ends), 0);
    standard_output = dup(STDOUT_FILENO);
    dup2(ends[1], STDOUT_FILENO);
    text_print_json(text);
    fflush(stdout);
    dup2(standard_output, STDOUT_FILENO);
    bytes = (long)read(ends[0], printed, sizeof(printed) - 1);
    close(standard_output);
    close(ends[0]);
    close(ends[1]);
    assert_true(bytes > 0);
    printed[bytes] = 0;
    return printed;
}

static void json_has_quotes_and_escapes_of_what_would_end_or_spoil_it(void **state)
{
    (void)state;
    assert_string_equal(as_json(""), "\"\"");
    assert_string_equal(as_json("\xC3\xA9 game.exe"), "\"\xC3\xA9 game.exe\"");
    assert_string_equal(as_json("C:\\\"x\""), "\"C:\\\\\\\"x\\\"\"");
    assert_string_equal(as_json("a\x01\n\x1Fz"), "\"a\\u0001\\u000A\\u001Fz\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_of_every_length_stay),
        cmocka_unit_test(each_byte_that_is_no_part_of_a_character_is_a_question_mark),
        cmocka_unit_test(control_characters_are_question_marks),
        cmocka_unit_test(what_ends_a_line_or_turns_directions_is_a_question_mark),
        cmocka_unit_test(what_is_beside_those_stays),
        cmocka_unit_test(json_has_quotes_and_escapes_of_what_would_end_or_spoil_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
