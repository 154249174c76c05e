/* SPDX-License-Identifier: MIT */
#include "overrides.h"

#include "testing.h"

#include <string.h>

enum
{
    STRING = 1,
    EXPANDED = 2,
    BINARY = 3,
    NUMBER = 4,
};

static struct overrides overrides;

static int begin(void **state)
{
    (void)state;
    memset(&overrides, 0, sizeof(overrides));
    return 0;
}

/* A value in the registry, without the NUL that strings should have. */
static const char *says(uint32_t type, const uint16_t *value, size_t bytes)
{
    begin(NULL);
    overrides_add_value(&overrides, "here", type, value, bytes);
    return overrides.words;
}

static bool is_ours(const char *name)
{
    uint16_t wide[64];
    size_t units = 0;

    for (; name[units]; units++) {
        wide[units] = (unsigned char)name[units];
    }
    return overrides_is_ours(wide, units);
}

static void a_name_is_ours_however_it_is_spelt(void **state)
{
    (void)state;
    assert_true(is_ours("iphlpapi"));
    assert_true(is_ours("*IPHlpApi.dll"));
    assert_true(is_ours("c:\\iphiiphlpapi.dll"));
    assert_false(is_ours("iphlpap"));
    assert_false(is_ours("ws2_32"));
    assert_false(is_ours(""));
}

static void what_was_told_where_is_listed(void **state)
{
    static const uint16_t native[] = {'n', ',', 'b'};

    (void)state;
    overrides_add(&overrides, "here", native, 3);
    overrides_add_value(&overrides, "there", EXPANDED, native, 2);
    assert_string_equal(overrides.words, "here \"n,b\", there \"n\"");
}

static void a_string_goes_up_to_its_nul_or_its_last_whole_character(void **state)
{
    static const uint16_t value[] = {'n', 'b', 0, 'x'};

    (void)state;
    assert_string_equal(says(STRING, value, 8), "here \"nb\"");
    assert_string_equal(says(STRING, value, 4), "here \"nb\"");
    assert_string_equal(says(STRING, value, 3), "here \"n\"");
    assert_string_equal(says(STRING, value, 0), "here \"\"");
}

static void what_is_no_string_or_too_long_is_said_to_be_a_value(void **state)
{
    static const uint16_t value[] = {'n', 'b'};

    (void)state;
    assert_string_equal(says(NUMBER, value, 4), "here a value of type 4, 4 bytes long");
    assert_string_equal(says(BINARY, value, 3), "here a value of type 3, 3 bytes long");
    assert_string_equal(says(STRING, NULL, 70000), "here a value of type 1, 70000 bytes long");
}

static void all_of_unicode_is_utf_8_and_halves_of_surrogate_pairs_are_replaced(void **state)
{
    static const uint16_t value[] = {0xE9, 0x20AC, 0xD83D, 0xDE00, 0xDE00, 0xD83D, 'x', 0xD83D};

    (void)state;
    assert_string_equal(says(STRING, value, sizeof(value)),
                        "here \"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xEF\xBF\xBD\xEF\xBF\xBDx"
                        "\xEF\xBF\xBD\"");
}

static void control_characters_do_not_begin_lines_of_their_own(void **state)
{
    static const uint16_t value[] = {'\n', 0x1B, 0x7F, 0x9B, ' '};

    (void)state;
    assert_string_equal(says(STRING, value, sizeof(value)), "here \"???? \"");
}

static void what_does_not_fit_is_left_out_in_whole_characters(void **state)
{
    uint16_t value[OVERRIDES_BYTES];

    (void)state;
    for (size_t i = 0; i < OVERRIDES_BYTES; i++) {
        value[i] = 0x20AC;
    }
    says(STRING, value, sizeof(value));
    overrides_add(&overrides, "there", value, 1);
    assert_int_equal(strlen(overrides.words), overrides.length);
    assert_int_equal((overrides.length - strlen("here \"")) % 3, 0);
    assert_in_range(overrides.length, OVERRIDES_BYTES - 4, OVERRIDES_BYTES - 1);
}

#define OF_NONE(test) cmocka_unit_test_setup(test, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OF_NONE(a_name_is_ours_however_it_is_spelt),
        OF_NONE(what_was_told_where_is_listed),
        OF_NONE(a_string_goes_up_to_its_nul_or_its_last_whole_character),
        OF_NONE(what_is_no_string_or_too_long_is_said_to_be_a_value),
        OF_NONE(all_of_unicode_is_utf_8_and_halves_of_surrogate_pairs_are_replaced),
        OF_NONE(control_characters_do_not_begin_lines_of_their_own),
        OF_NONE(what_does_not_fit_is_left_out_in_whole_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
