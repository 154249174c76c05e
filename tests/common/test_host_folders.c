/* SPDX-License-Identifier: MIT */
#include "host_folders.h"

#include "host_places.h"

#include "testing.h"

#include <string.h>
#include <winerror.h>

enum
{
    VARIABLES = 4,
};

/* What the program's environment has, and what the files of one folder. */
static struct
{
    const WCHAR *name;
    const WCHAR *value;
} environment[VARIABLES];
static const char *serving;
static const char *boot_id;

static bool is_same(const WCHAR *a, const WCHAR *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

static bool variable(const WCHAR *name, WCHAR *value_out, DWORD chars)
{
    for (int i = 0; i < VARIABLES; i++) {
        if (environment[i].name && is_same(environment[i].name, name)) {
            DWORD length = 0;

            do {
                assert_true(length < chars);
                value_out[length] = environment[i].value[length];
            } while (environment[i].value[length++]);
            return true;
        }
    }
    return false;
}

static DWORD read_file(const WCHAR *path, char *text_out, DWORD room, DWORD *length_out)
{
    const char *text = NULL;

    if (is_same(path, L"\\\\?\\unix\\folder\\serving")) {
        text = serving;
    } else if (is_same(path, L"\\\\?\\unix\\proc\\sys\\kernel\\random\\boot_id")) {
        text = boot_id;
    }
    if (!text) {
        return ERROR_FILE_NOT_FOUND;
    }
    *length_out = (DWORD)strlen(text);
    assert_true(*length_out < room);
    memcpy(text_out, text, *length_out);
    return NO_ERROR;
}

static int begin(void **state)
{
    (void)state;
    memset(environment, 0, sizeof(environment));
    return 0;
}

static void set(int i, const WCHAR *name, const WCHAR *value)
{
    environment[i].name = name;
    environment[i].value = value;
}

static void expect_next(unsigned *next, const WCHAR *path)
{
    struct host_folder folder;

    assert_true(host_folders_next(next, variable, &folder));
    for (DWORD i = 0; i <= folder.path.length; i++) {
        assert_int_equal(folder.path.text[i], path[i]);
    }
}

static void expect_end(unsigned next)
{
    struct host_folder folder;

    assert_false(host_folders_next(&next, variable, &folder));
}

static void all_that_the_environment_tells_are_looked_at_in_turn(void **state)
{
    unsigned next = 0;

    (void)state;
    set(0, L"XDG_RUNTIME_DIR", L"/run/user/1000");
    set(1, L"FLATPAK_ID", L"org.example.Game");
    set(2, L"WINEHOMEDIR", L"\\??\\unix\\home\\user");
    expect_next(&next, L"\\\\?\\unix\\run\\user\\1000\\settcpentry");
    expect_next(&next, L"\\\\?\\unix\\run\\user\\1000\\app\\org.example.Game\\settcpentry");
    expect_next(&next, L"\\\\?\\unix\\home\\user\\.local\\share\\settcpentry");
    expect_end(next);
}

static void a_home_on_a_drive_is_looked_for_there(void **state)
{
    unsigned next = 0;

    (void)state;
    set(0, L"WINEHOMEDIR", L"\\??\\Z:\\home\\user");
    expect_next(&next, L"\\\\?\\Z:\\home\\user\\.local\\share\\settcpentry");
    expect_end(next);
}

static void what_is_not_set_or_no_absolute_path_is_left_out(void **state)
{
    (void)state;
    expect_end(0);
    set(0, L"XDG_RUNTIME_DIR", L"");
    set(1, L"WINEHOMEDIR", L"home");
    set(2, L"FLATPAK_ID", L"org.example.Game");
    expect_end(0);
}

static void one_that_is_named_is_the_only_one(void **state)
{
    unsigned next = 0;

    (void)state;
    set(0, L"XDG_RUNTIME_DIR", L"/run/user/1000");
    set(1, L"SETTCPENTRY_DIR", L"/mine");
    expect_next(&next, L"\\\\?\\unix\\mine");
    expect_end(next);
    set(1, L"SETTCPENTRY_DIR", L"mine");
    expect_end(0);
}

static bool is_served(bool is_named)
{
    struct host_folder folder = {.is_named = is_named};

    assert_true(linux_path_begin(&folder.path, L"/folder"));
    return host_folders_is_served(&folder, read_file);
}

static void a_folder_is_served_if_it_holds_this_boots_id(void **state)
{
    static const char now[] = "01234567-89ab-cdef-0123-456789abcdef\n";

    (void)state;
    boot_id = now;
    serving = now;
    assert_true(is_served(false));
    serving = "01234567-89ab-cdef-0123-456789abcde0\n"; /* of another boot, or machine */
    assert_false(is_served(false));
    serving = "";
    assert_false(is_served(false));
    serving = NULL;
    assert_false(is_served(false));
    boot_id = NULL;
    assert_false(is_served(false));
}

static void nothing_is_as_good_as_no_id(void **state)
{
    (void)state;
    boot_id = "";
    serving = "";
    assert_false(is_served(false));
    assert_false(is_served(true));
}

static void one_that_is_named_may_be_seen_from_a_container_with_another_id_or_none(void **state)
{
    (void)state;
    serving = "01234567-89ab-cdef-0123-456789abcdef\n";
    boot_id = NULL;
    assert_true(is_served(true));
    boot_id = "89abcdef-0123-4567-89ab-cdef01234567\n";
    assert_true(is_served(true));
    assert_false(is_served(false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(all_that_the_environment_tells_are_looked_at_in_turn, begin),
        cmocka_unit_test_setup(a_home_on_a_drive_is_looked_for_there, begin),
        cmocka_unit_test_setup(what_is_not_set_or_no_absolute_path_is_left_out, begin),
        cmocka_unit_test_setup(one_that_is_named_is_the_only_one, begin),
        cmocka_unit_test(a_folder_is_served_if_it_holds_this_boots_id),
        cmocka_unit_test(nothing_is_as_good_as_no_id),
        cmocka_unit_test(one_that_is_named_may_be_seen_from_a_container_with_another_id_or_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
