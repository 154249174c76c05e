/* SPDX-License-Identifier: MIT */
/* A program that is linked with the drop-in's import library, and imports what the system lacks. */
#include "probe.h"
#include "settcpentry.h"

#include "testing.h"

#define WINE_STUB 0x80000100

/* Headers have neither; Wine's DLL has neither CloseCompartment nor, on amd64, PfDeleteLog. */
DWORD WINAPI CloseCompartment(HANDLE compartment);
DWORD WINAPI PfDeleteLog(void);

static void our_own_functions_are_linked(void **state)
{
    (void)state;
    assert_int_equal(SetTcpEntryVersion(), SETTCPENTRY_VERSION);
    assert_int_equal(SetTcpEntry(NULL), ERROR_INVALID_PARAMETER);
}

static void the_systems_functions_are_linked(void **state)
{
    ULONG mask = 0;

    (void)state;
    assert_int_equal(ConvertLengthToIpv4Mask(8, &mask), NO_ERROR);
    assert_int_equal(mask, 0x000000FF);
}

static void an_import_that_the_system_lacks_raises_when_called(void **state)
{
    (void)state;
    assert_int_equal(probe_guarded((FARPROC)(void *)CloseCompartment), WINE_STUB);
}

static void a_packet_filter_is_imported_as_the_architecture_spells_it(void **state)
{
    (void)state;
    /* On x86 Wine's own stub raises it, elsewhere ours. */
    assert_int_equal(probe_guarded((FARPROC)(void *)PfDeleteLog), WINE_STUB);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_own_functions_are_linked),
        cmocka_unit_test(the_systems_functions_are_linked),
        cmocka_unit_test(an_import_that_the_system_lacks_raises_when_called),
        cmocka_unit_test(a_packet_filter_is_imported_as_the_architecture_spells_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
