/* SPDX-License-Identifier: MIT */
/* Each thing by which Wine is recognised, by itself: the others are hidden. */
#include "wine.h"

#include <winsock2.h>

#include <windows.h>

#include "testing.h"

/* What takes the place of ntdll.dll, and whether Linux files can be reached. */
static HMODULE module;
static DWORD linux_attributes;

static HMODULE WINAPI load(LPCWSTR name, HANDLE file, DWORD flags)
{
    (void)file;
    (void)flags;
    assert_memory_equal(name, L"ntdll.dll", sizeof(L"ntdll.dll"));
    return module;
}

static DWORD WINAPI attributes_of(LPCWSTR path)
{
    assert_memory_equal(path, L"\\\\?\\unix\\", sizeof(L"\\\\?\\unix\\") - sizeof(WCHAR));
    return linux_attributes;
}

/* In the place of what the import library has. */
#ifdef __i386__
#define IMPORT(name, bytes) __asm__("__imp__" name "@" bytes)
#else
#define IMPORT(name, bytes) __asm__("__imp_" name)
#endif
HMODULE(WINAPI *const imported_load)
(LPCWSTR, HANDLE, DWORD) IMPORT("LoadLibraryExW", "12") = load;
DWORD(WINAPI *const imported_attributes)
(LPCWSTR) IMPORT("GetFileAttributesW", "4") = attributes_of;

static void given(const char *name, DWORD attributes)
{
    module = GetModuleHandleA(name);
    assert_non_null(module);
    linux_attributes = attributes;
}

static void wines_own_export_is_enough(void **state)
{
    (void)state;
    given("ntdll.dll", INVALID_FILE_ATTRIBUTES);
    assert_non_null(GetProcAddress(module, "wine_get_version"));
    assert_true(wine_is_here());
}

/* Another of Wine's DLLs, which has no such export. */
static void the_mark_in_wines_dlls_is_enough(void **state)
{
    (void)state;
    given("kernel32.dll", INVALID_FILE_ATTRIBUTES);
    assert_null(GetProcAddress(module, "wine_get_version"));
    assert_true(wine_is_here());
}

/* This program is none of Wine's. */
static void linux_files_are_enough(void **state)
{
    (void)state;
    given(NULL, FILE_ATTRIBUTE_DIRECTORY);
    assert_true(wine_is_here());
}

static void what_has_nothing_of_it_is_windows(void **state)
{
    (void)state;
    given(NULL, INVALID_FILE_ATTRIBUTES);
    assert_false(wine_is_here());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wines_own_export_is_enough),
        cmocka_unit_test(the_mark_in_wines_dlls_is_enough),
        cmocka_unit_test(linux_files_are_enough),
        cmocka_unit_test(what_has_nothing_of_it_is_windows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
