/* SPDX-License-Identifier: MIT */
/* Which names are found; with any DLL in the system's place. */
#include "drop_in.h"

#include "testing.h"

#include <stdbool.h>
#include <string.h>

static HMODULE ours;
static HMODULE system_dll;

static bool is_ours(const char *name)
{
    return strcmp(name, "SetTcpEntry") == 0 || strcmp(name, "SetTcp6Entry") == 0 ||
           strcmp(name, "SetTcpEntryVersion") == 0;
}

static void a_name_is_found_exactly_where_the_system_has_it(void **state)
{
    unsigned wrong = 0;

    (void)state;
    for (unsigned i = 0; i < drop_in_thunks; i++) {
        const bool found = GetProcAddress(ours, drop_in_names[i]) != NULL;
        const bool has = GetProcAddress(system_dll, drop_in_names[i]) != NULL;

        if (found != has) {
            print_error("%s: %s\n", drop_in_names[i], found ? "should be hidden" : "is missing");
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void our_own_names_are_always_found(void **state)
{
    (void)state;
    for (unsigned i = drop_in_thunks; i < drop_in_name_count; i++) {
        assert_non_null(GetProcAddress(ours, drop_in_names[i]));
    }
}

static const IMAGE_EXPORT_DIRECTORY *exports_of(const BYTE *module)
{
    const IMAGE_DOS_HEADER *dos = (const void *)module;
    const IMAGE_NT_HEADERS *headers = (const void *)(module + dos->e_lfanew);

    return (const void *)(module +
                          headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT]
                              .VirtualAddress);
}

static void the_names_in_memory_are_the_systems_and_ours_in_order(void **state)
{
    const BYTE *base = (const BYTE *)ours;
    const IMAGE_EXPORT_DIRECTORY *exports = exports_of(base);
    const DWORD *names = (const void *)(base + exports->AddressOfNames);

    (void)state;
    for (DWORD i = 0; i < exports->NumberOfNames; i++) {
        const char *name = (const char *)base + names[i];

        assert_true(is_ours(name) || GetProcAddress(system_dll, name));
        if (i > 0) {
            assert_true(strcmp((const char *)base + names[i - 1], name) < 0);
        }
    }
}

static void every_line_of_the_table_is_exported_and_nothing_else(void **state)
{
    const IMAGE_EXPORT_DIRECTORY *exports = exports_of((const BYTE *)ours);

    (void)state;
    /* lld 14 counts them from 0, and gives that number to none. */
    assert_int_equal(exports->NumberOfFunctions - (exports->Base == 0), drop_in_name_count);
    /* 364 of the system's, one of them ours, with the second spelling of 16 outside x86 */
#ifdef __i386__
    assert_int_equal(drop_in_thunks, 363);
#else
    assert_int_equal(drop_in_thunks, 363 + 16);
#endif
    for (unsigned i = 0; i < drop_in_name_count; i++) {
        assert_non_null(drop_in_find(ours, drop_in_names[i]));
    }
}

static void a_found_name_leads_to_its_own_function(void **state)
{
    (void)state;
    for (unsigned i = 0; i < drop_in_name_count; i++) {
        const FARPROC found = GetProcAddress(ours, drop_in_names[i]);

        if (found) {
            assert_ptr_equal((void *)found, (void *)drop_in_find(ours, drop_in_names[i]));
        }
    }
}

static int load_both(void **state)
{
    (void)state;
    ours = drop_in_load();
    system_dll = drop_in_system();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_found_exactly_where_the_system_has_it),
        cmocka_unit_test(our_own_names_are_always_found),
        cmocka_unit_test(the_names_in_memory_are_the_systems_and_ours_in_order),
        cmocka_unit_test(every_line_of_the_table_is_exported_and_nothing_else),
        cmocka_unit_test(a_found_name_leads_to_its_own_function),
    };

    return cmocka_run_group_tests(tests, load_both, NULL);
}
