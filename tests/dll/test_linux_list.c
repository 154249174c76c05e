/* SPDX-License-Identifier: MIT */
/* How Linux's lists are read: in parts, twice, and never taken for what they are not. */
#include "linux_list.h"

#include "fake_proc.h"
#include "testing.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_same(const void *wanted, const char *line, DWORD length)
{
    return length == strlen(wanted) && memcmp(line, wanted, length) == 0;
}

static enum linux_listed look(const char *wanted)
{
    return linux_list_look(L"/proc/net/list", is_same, wanted);
}

static void given(const char *text)
{
    fake_proc = (struct fake_proc){
        .files[0] = {.path = L"\\\\?\\unix\\proc\\net\\list", .text = text},
        .part_chars = 2048,
    };
}

static void a_line_is_found_wherever_the_parts_end(void **state)
{
    static const char text[] = "columns\none\ntwo\n";

    (void)state;
    given(text);
    for (DWORD chars = 1; chars <= sizeof(text); chars++) {
        fake_proc.part_chars = chars;
        assert_int_equal(look("one"), LINUX_LISTED);
        assert_int_equal(look("two"), LINUX_LISTED);
        assert_int_equal(look("on"), LINUX_NOT_LISTED);
        assert_int_equal(look("onetwo"), LINUX_NOT_LISTED);
        assert_int_equal(look("wo"), LINUX_NOT_LISTED);
    }
}

static void a_list_may_have_any_number_of_lines(void **state)
{
    enum
    {
        LINES = 30000,
    };
    static const char line[] = "somebody else's\n";
    char *text = malloc(LINES * (sizeof(line) - 1) + sizeof("wanted\n"));

    (void)state;
    assert_non_null(text);
    for (int i = 0; i < LINES; i++) {
        memcpy(text + (size_t)i * (sizeof(line) - 1), line, sizeof(line));
    }
    given(text);
    assert_int_equal(look("wanted"), LINUX_NOT_LISTED);
    memcpy(text + LINES * (sizeof(line) - 1), "wanted\n", sizeof("wanted\n"));
    assert_int_equal(look("wanted"), LINUX_LISTED);
    free(text);
}

static void what_the_first_reading_missed_the_second_finds(void **state)
{
    (void)state;
    given("columns\none\n");
    fake_proc.then = "columns\ntwo\n";
    assert_int_equal(look("two"), LINUX_LISTED);
    assert_int_equal(fake_proc.readings, 2);
}

static void what_is_found_is_looked_for_once(void **state)
{
    (void)state;
    given("columns\none\n");
    assert_int_equal(look("one"), LINUX_LISTED);
    assert_int_equal(fake_proc.readings, 1);
}

static void a_list_that_is_not_there_is_told_from_one_that_cannot_be_read(void **state)
{
    (void)state;
    given("");
    fake_proc.files[0].path = NULL;
    assert_int_equal(look("one"), LINUX_NO_LIST);
    given("");
    fake_proc.files[0].error = ERROR_ACCESS_DENIED;
    assert_int_equal(look("one"), LINUX_LIST_UNKNOWN);
}

static void a_list_that_breaks_off_is_not_one_that_lacks_the_line(void **state)
{
    (void)state;
    given("columns\none\n");
    fake_proc.files[0].error = ERROR_READ_FAULT;
    assert_int_equal(look("two"), LINUX_LIST_UNKNOWN);
    given("columns\none");
    assert_int_equal(look("one"), LINUX_LIST_UNKNOWN);
    given("");
    assert_int_equal(look("one"), LINUX_LIST_UNKNOWN);
}

static void what_was_found_before_it_broke_off_counts(void **state)
{
    (void)state;
    given("columns\none\ntw");
    fake_proc.files[0].error = ERROR_READ_FAULT;
    assert_int_equal(look("one"), LINUX_LISTED);
}

static void a_line_longer_than_linuxs_is_none_of_linuxs(void **state)
{
    char text[LINUX_LINE_CHARS + 3];
    char wanted[LINUX_LINE_CHARS + 1] = "";

    (void)state;
    memset(wanted, 'x', LINUX_LINE_CHARS);
    snprintf(text, sizeof(text), "%s\n", wanted);
    given(text);
    assert_int_equal(look(wanted), LINUX_LISTED);
    snprintf(text, sizeof(text), "%sx\n", wanted);
    assert_int_equal(look(wanted), LINUX_LIST_UNKNOWN);
}

static void a_path_that_is_not_absolute_is_not_read(void **state)
{
    (void)state;
    given("columns\none\n");
    assert_int_equal(linux_list_look(L"proc/net/list", is_same, "one"), LINUX_LIST_UNKNOWN);
    assert_int_equal(fake_proc.readings, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_found_wherever_the_parts_end),
        cmocka_unit_test(a_list_may_have_any_number_of_lines),
        cmocka_unit_test(what_the_first_reading_missed_the_second_finds),
        cmocka_unit_test(what_is_found_is_looked_for_once),
        cmocka_unit_test(a_list_that_is_not_there_is_told_from_one_that_cannot_be_read),
        cmocka_unit_test(a_list_that_breaks_off_is_not_one_that_lacks_the_line),
        cmocka_unit_test(what_was_found_before_it_broke_off_counts),
        cmocka_unit_test(a_line_longer_than_linuxs_is_none_of_linuxs),
        cmocka_unit_test(a_path_that_is_not_absolute_is_not_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
