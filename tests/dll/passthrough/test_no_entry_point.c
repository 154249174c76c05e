/* SPDX-License-Identifier: MIT */
/* What a call of a function raises that the system's DLL does not have, on either system. */
#include "os.h"

#include "probe.h"

#include "testing.h"

#include <string.h>

static bool is_wine;
static EXCEPTION_RECORD raised;

bool os_is_wine(void)
{
    return is_wine;
}

DWORD os_system_path(const WCHAR *file, WCHAR path_out[OS_SYSTEM_PATH_CHARS])
{
    (void)file;
    (void)path_out;
    return ERROR_PATH_NOT_FOUND;
}

static LONG CALLBACK watch(EXCEPTION_POINTERS *pointers)
{
    if (pointers->ExceptionRecord->ExceptionCode != DBG_PRINTEXCEPTION_C) {
        raised = *pointers->ExceptionRecord;
    }
    return EXCEPTION_CONTINUE_SEARCH;
}

static void raise_not_found(void)
{
    os_raise_no_entry_point("Missing", ERROR_PROC_NOT_FOUND);
}

static void raise_not_loaded(void)
{
    os_raise_no_entry_point("Missing", ERROR_BAD_EXE_FORMAT);
}

static const char *word(DWORD i)
{
    return (const char *)raised.ExceptionInformation[i];
}

static DWORD code_of(void (*function)(void))
{
    void *watcher = AddVectoredExceptionHandler(1, watch);
    DWORD code;

    memset(&raised, 0, sizeof(raised));
    code = probe_guarded((FARPROC)(void *)function);
    RemoveVectoredExceptionHandler(watcher);
    assert_true(raised.ExceptionFlags & EXCEPTION_NONCONTINUABLE);
    return code;
}

static void on_windows_it_is_entry_point_not_found_with_the_name(void **state)
{
    (void)state;
    is_wine = false;
    assert_int_equal(code_of(raise_not_found), STATUS_ENTRYPOINT_NOT_FOUND);
    assert_int_equal(raised.NumberParameters, 1);
    assert_string_equal(word(0), "Missing");
    assert_int_equal(GetLastError(), ERROR_PROC_NOT_FOUND);
}

static void on_windows_it_is_the_same_where_the_dll_cannot_be_loaded(void **state)
{
    (void)state;
    is_wine = false;
    assert_int_equal(code_of(raise_not_loaded), STATUS_ENTRYPOINT_NOT_FOUND);
    assert_int_equal(GetLastError(), ERROR_BAD_EXE_FORMAT);
}

static void under_wine_it_is_what_wines_own_stubs_raise(void **state)
{
    (void)state;
    is_wine = true;
    assert_int_equal(code_of(raise_not_found), 0x80000100);
    assert_int_equal(raised.NumberParameters, 2);
    assert_string_equal(word(0), "IPHLPAPI.DLL");
    assert_string_equal(word(1), "Missing");
    assert_int_equal(GetLastError(), ERROR_PROC_NOT_FOUND);
}

static void under_wine_it_says_that_the_dll_cannot_be_loaded(void **state)
{
    (void)state;
    is_wine = true;
    assert_int_equal(code_of(raise_not_loaded), 0x80000100);
    assert_non_null(strstr(word(0), "cannot be loaded"));
    assert_string_equal(word(1), "Missing");
    assert_int_equal(GetLastError(), ERROR_BAD_EXE_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_windows_it_is_entry_point_not_found_with_the_name),
        cmocka_unit_test(on_windows_it_is_the_same_where_the_dll_cannot_be_loaded),
        cmocka_unit_test(under_wine_it_is_what_wines_own_stubs_raise),
        cmocka_unit_test(under_wine_it_says_that_the_dll_cannot_be_loaded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
