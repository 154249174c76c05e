/* SPDX-License-Identifier: MIT */
/*
 * Calls of functions that the system's DLL does not have, or where it cannot be loaded.  The
 * environment's DROP_IN_MISSING says which code a call leaves in LastError; where that is not
 * ERROR_PROC_NOT_FOUND because of a DLL without names, nothing may be hidden.
 *   test_passthrough_missing              runs the tests
 *   test_passthrough_missing unhandled    makes such a call, and nobody handles what it raises
 */
#include "drop_in.h"
#include "probe.h"
#include "settcpentry.h"

#include "testing.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MISSING "CloseCompartment" /* neither Wine nor any stand-in but the full one has it */

#define WINE_STUB 0x80000100 /* what Wine's own stubs raise */

/* What a debugger was told, and what was raised. */
static char said[256];
static char raised_module[256];
static char raised_function[256];

static LONG CALLBACK overhear(EXCEPTION_POINTERS *pointers)
{
    const EXCEPTION_RECORD *record = pointers->ExceptionRecord;

    if (record->ExceptionCode == DBG_PRINTEXCEPTION_C) {
        snprintf(said, sizeof(said), "%s", (const char *)record->ExceptionInformation[1]);
    }
    if (record->ExceptionCode == WINE_STUB && record->NumberParameters == 2) {
        snprintf(raised_module, sizeof(raised_module), "%s",
                 (const char *)record->ExceptionInformation[0]);
        snprintf(raised_function, sizeof(raised_function), "%s",
                 (const char *)record->ExceptionInformation[1]);
    }
    return EXCEPTION_CONTINUE_SEARCH;
}

static FARPROC find_missing(void)
{
    const FARPROC found = drop_in_find(drop_in_load(), MISSING);

    assert_non_null(found);
    return found;
}

static DWORD call_missing(void)
{
    return probe_guarded(find_missing());
}

static void call_missing_and_overhear(void)
{
    void *listener = AddVectoredExceptionHandler(1, overhear);

    said[0] = raised_module[0] = raised_function[0] = 0;
    call_missing();
    RemoveVectoredExceptionHandler(listener);
}

/* Not on arm64: its Wine's own frames have none. There it has to do that the exception is unwound. */
#ifdef __x86_64__
static bool walked_home;

/* Unwinds frame by frame, as a debugger does, to the function that made the call. */
static LONG CALLBACK walk(EXCEPTION_POINTERS *pointers)
{
    CONTEXT context = *pointers->ContextRecord;
    DWORD64 home;
    DWORD64 base;

    if (pointers->ExceptionRecord->ExceptionCode != WINE_STUB) {
        return EXCEPTION_CONTINUE_SEARCH;
    }
    home = (DWORD64)RtlLookupFunctionEntry((DWORD64)probe_guarded, &base, NULL);
    for (int i = 0; i < 64 && !walked_home; i++) {
        PRUNTIME_FUNCTION function = RtlLookupFunctionEntry(context.Rip, &base, NULL);
        DWORD64 frame;
        void *data;

        if (!function) {
            break;
        }
        walked_home = (DWORD64)function == home;
        RtlVirtualUnwind(UNW_FLAG_NHANDLER, base, context.Rip, function, &context, &data, &frame,
                         NULL);
    }
    return EXCEPTION_CONTINUE_SEARCH;
}

static void every_frame_on_the_way_has_unwind_data(void **state)
{
    void *walker = AddVectoredExceptionHandler(1, walk);

    (void)state;
    call_missing();
    RemoveVectoredExceptionHandler(walker);
    assert_true(walked_home);
}
#endif

static void a_call_raises_what_wines_own_stubs_raise(void **state)
{
    (void)state;
    assert_int_equal(call_missing(), WINE_STUB);
}

static void a_second_call_raises_it_too(void **state)
{
    (void)state;
    call_missing();
    assert_int_equal(call_missing(), WINE_STUB);
}

static void it_says_which_function_of_which_dll(void **state)
{
    (void)state;
    call_missing_and_overhear();
    assert_string_equal(raised_function, MISSING);
    assert_string_equal(raised_module, getenv("DROP_IN_MISSING")
                                           ? "IPHLPAPI.DLL (the system's, which cannot be loaded)"
                                           : "IPHLPAPI.DLL");
}

static void the_debugger_is_told_which_function(void **state)
{
    (void)state;
    call_missing_and_overhear();
    assert_non_null(strstr(said, MISSING));
}

static void last_error_is_the_reason(void **state)
{
    const char *reason = getenv("DROP_IN_MISSING");

    (void)state;
    call_missing();
    assert_int_equal(GetLastError(), reason ? strtoul(reason, NULL, 10) : ERROR_PROC_NOT_FOUND);
}

/* One that every system has. */
static void a_call_of_any_function_raises_where_the_systems_cannot_be_loaded(void **state)
{
    const FARPROC found = GetProcAddress(drop_in_load(), "GetIfTable");

    (void)state;
    if (!getenv("DROP_IN_MISSING")) {
        print_message("skipped: here the system's DLL can be loaded\n");
        skip();
    }
    assert_non_null(found);
    assert_int_equal(probe_guarded(found), WINE_STUB);
}

static void SetTcpEntry_answers_with_a_code(void **state)
{
    const SETTCPENTRY_FUNC set =
        (SETTCPENTRY_FUNC)(void *)GetProcAddress(drop_in_load(), "SetTcpEntry");
    MIB_TCPROW row = {.dwState = MIB_TCP_STATE_DELETE_TCB, .dwLocalPort = 1, .dwRemotePort = 1};

    (void)state;
    assert_int_not_equal(set(&row), NO_ERROR);
}

static void bare_names_are_ours_after_it(void **state)
{
    const HMODULE ours = drop_in_load();

    (void)state;
    call_missing();
    assert_ptr_equal(GetModuleHandleA("iphlpapi.dll"), ours);
    assert_ptr_equal(LoadLibraryA("iphlpapi"), ours);
}

static void nothing_is_hidden_where_names_cannot_be_read(void **state)
{
    const HMODULE ours = drop_in_load();

    (void)state;
    if (!getenv("DROP_IN_NAMELESS")) {
        print_message("skipped: here the system's DLL has names that can be read\n");
        skip();
    }
    for (unsigned i = 0; i < drop_in_name_count; i++) {
        assert_non_null(GetProcAddress(ours, drop_in_names[i]));
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_raises_what_wines_own_stubs_raise),
        cmocka_unit_test(a_second_call_raises_it_too),
        cmocka_unit_test(it_says_which_function_of_which_dll),
        cmocka_unit_test(the_debugger_is_told_which_function),
#ifdef __x86_64__
        cmocka_unit_test(every_frame_on_the_way_has_unwind_data),
#endif
        cmocka_unit_test(last_error_is_the_reason),
        cmocka_unit_test(a_call_of_any_function_raises_where_the_systems_cannot_be_loaded),
        cmocka_unit_test(SetTcpEntry_answers_with_a_code),
        cmocka_unit_test(bare_names_are_ours_after_it),
        cmocka_unit_test(nothing_is_hidden_where_names_cannot_be_read),
    };

    if (argc == 2 && strcmp(argv[1], "unhandled") == 0) {
        find_missing()();
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
