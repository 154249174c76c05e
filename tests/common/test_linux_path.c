/* SPDX-License-Identifier: MIT */
#include "linux_path.h"

#include "testing.h"

static void expect_text(const struct linux_path *path, const WCHAR *text)
{
    DWORD i = 0;

    do {
        assert_int_equal(path->text[i], text[i]);
    } while (text[i++]);
    assert_int_equal(path->length, i - 1);
}

static void an_absolute_path_is_shown_under_unix(void **state)
{
    struct linux_path path;

    (void)state;
    assert_true(linux_path_begin(&path, L"/usr/libexec/settcpentry-host"));
    expect_text(&path, L"\\\\?\\unix\\usr\\libexec\\settcpentry-host");
    assert_true(linux_path_add(&path, L"/x"));
    expect_text(&path, L"\\\\?\\unix\\usr\\libexec\\settcpentry-host\\x");
}

static void numbers_are_added_in_their_base(void **state)
{
    struct linux_path path;

    (void)state;
    linux_path_begin(&path, L"/proc/");
    assert_true(linux_path_add_number(&path, 0xFFFFFFFF, 10));
    expect_text(&path, L"\\\\?\\unix\\proc\\4294967295");
    linux_path_begin(&path, L"/x-");
    assert_true(linux_path_add_number(&path, 0xBEEF, 16));
    expect_text(&path, L"\\\\?\\unix\\x-beef");
    linux_path_begin(&path, L"/x-");
    assert_true(linux_path_add_number(&path, 0, 10));
    expect_text(&path, L"\\\\?\\unix\\x-0");
}

static void for_linux_it_is_as_it_was_given(void **state)
{
    static const WCHAR given[] = L"/dev/shm/settcpentry-1f";
    WCHAR text[LINUX_PATH_CHARS];
    struct linux_path path;

    (void)state;
    assert_true(linux_path_begin(&path, given));
    linux_path_for_linux(&path, text);
    assert_memory_equal(text, given, sizeof(given));
}

static void a_relative_or_empty_path_is_refused(void **state)
{
    struct linux_path path;

    (void)state;
    assert_false(linux_path_begin(&path, L"usr/bin/x"));
    assert_false(linux_path_begin(&path, L""));
    assert_false(linux_path_begin(&path, L"C:\\x"));
    expect_text(&path, L"");
    assert_false(linux_path_add(&path, L"x"));
}

static void a_path_that_does_not_fit_is_refused(void **state)
{
    static WCHAR longest[LINUX_PATH_CHARS + 1];
    struct linux_path path;
    const DWORD room = LINUX_PATH_CHARS - 8 /* prefix */ - 1 /* end */;

    (void)state;
    for (DWORD i = 0; i < room; i++) {
        longest[i] = '/';
    }
    assert_true(linux_path_begin(&path, longest));
    assert_false(linux_path_add_number(&path, 7, 10));
    expect_text(&path, L"");
    assert_false(linux_path_add_number(&path, 7, 10));
    longest[room] = '/';
    assert_false(linux_path_begin(&path, longest));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_absolute_path_is_shown_under_unix),
        cmocka_unit_test(numbers_are_added_in_their_base),
        cmocka_unit_test(for_linux_it_is_as_it_was_given),
        cmocka_unit_test(a_relative_or_empty_path_is_refused),
        cmocka_unit_test(a_path_that_does_not_fit_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
