/* SPDX-License-Identifier: MIT */
/* Which DLL is taken for the system's, over a folder that the test has in its own hands. */
#include "system_dll.h"

#include "testing.h"

#include <string.h>

/* A DLL in the system's folder; NULL: there is none. */
struct dll
{
    bool is_ours;
    int references;
};

static struct dll system_dll;
static struct dll aside;
static struct dll ours = {.is_ours = true};
static struct dll *in_place;
static struct dll *put_aside;
static HMODULE asked_last;

static void function(void)
{
}

static struct dll *find(const WCHAR *name)
{
    return name[8] == L'.' ? in_place : put_aside; /* iphlpapi.dll, iphlpapi-system.dll */
}

DWORD os_load_system_dll(const WCHAR *dll, HMODULE *module_out)
{
    struct dll *found = find(dll);

    if (!found) {
        return ERROR_MOD_NOT_FOUND;
    }
    found->references++;
    *module_out = (HMODULE)found;
    return NO_ERROR;
}

void os_unload_dll(HMODULE module)
{
    ((struct dll *)(void *)module)->references--;
}

FARPROC os_dll_function(HMODULE module, const char *name)
{
    const struct dll *dll = (const struct dll *)(const void *)module;
    const bool has_it =
        strcmp(name, "GetIfTable") == 0 || (dll->is_ours && strcmp(name, OUR_EXPORT) == 0);

    asked_last = module;
    return has_it ? (FARPROC)(void *)function : NULL;
}

HMODULE os_this_dll(void)
{
    return (HMODULE)&ours;
}

DWORD os_last_error(void)
{
    return ERROR_PROC_NOT_FOUND;
}

static int begin(void **state)
{
    (void)state;
    system_dll_release();
    system_dll = (struct dll){0};
    aside = (struct dll){0};
    ours.references = 1;
    in_place = &system_dll;
    put_aside = NULL;
    return 0;
}

static void the_one_in_the_systems_place_is_the_systems(void **state)
{
    FARPROC found = NULL;

    (void)state;
    assert_int_equal(system_dll_function(SYSTEM_DLL, "GetIfTable", &found), NO_ERROR);
    assert_non_null(found);
    assert_int_equal(system_dll.references, 1);
}

static void where_ours_is_in_its_place_it_is_the_one_put_aside(void **state)
{
    FARPROC found;

    (void)state;
    in_place = &ours;
    put_aside = &aside;
    assert_int_equal(system_dll_function(SYSTEM_DLL, "GetIfTable", &found), NO_ERROR);
    assert_int_equal(aside.references, 1);
    assert_int_equal(ours.references, 1);
}

static void where_both_are_ours_there_is_none(void **state)
{
    struct dll another = {.is_ours = true};
    FARPROC found;

    (void)state;
    in_place = &ours;
    put_aside = &another;
    assert_int_equal(system_dll_function(SYSTEM_DLL, "GetIfTable", &found), ERROR_MOD_NOT_FOUND);
    assert_int_equal(another.references, 0);
}

static void a_function_that_it_lacks_is_none(void **state)
{
    FARPROC found;

    (void)state;
    assert_int_equal(system_dll_function(SYSTEM_DLL, "None", &found), ERROR_PROC_NOT_FOUND);
}

static void it_is_held_once_and_given_back(void **state)
{
    FARPROC found;

    (void)state;
    for (int i = 0; i < 3; i++) {
        system_dll_function(SYSTEM_DLL, "GetIfTable", &found);
    }
    assert_int_equal(system_dll.references, 1);
    system_dll_release();
    assert_int_equal(system_dll.references, 0);
}

/* Or the program's next LoadLibrary by its bare name would give it the system's. */
static void we_are_asked_last(void **state)
{
    FARPROC found;

    (void)state;
    system_dll_function(SYSTEM_DLL, "GetIfTable", &found);
    assert_ptr_equal(asked_last, &ours);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_one_in_the_systems_place_is_the_systems, begin),
        cmocka_unit_test_setup(where_ours_is_in_its_place_it_is_the_one_put_aside, begin),
        cmocka_unit_test_setup(where_both_are_ours_there_is_none, begin),
        cmocka_unit_test_setup(a_function_that_it_lacks_is_none, begin),
        cmocka_unit_test_setup(it_is_held_once_and_given_back, begin),
        cmocka_unit_test_setup(we_are_asked_last, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
