/* SPDX-License-Identifier: MIT */
/*
 * The native backend's way to close an IPv6 connection, with a stand-in for nsi.dll.
 *   test_nsi STAND_IN EMPTY    two DLLs; the second one lacks the function
 */
#include "backend.h"
#include "system_dll.h"

#include "standin_nsi.h"
#include "testing.h"

#include <ntsecapi.h>
#include <stdio.h>
#include <string.h>

static HMODULE dll;
static HMODULE empty;
static HMODULE system_nsi; /* what the backend takes for the system's */
static struct standin_nsi *standin;

DWORD system_dll_function(const WCHAR *dll_name, const char *name, FARPROC *function_out)
{
    assert_int_equal(lstrcmpW(dll_name, L"nsi.dll"), 0);
    if (!system_nsi) {
        return ERROR_MOD_NOT_FOUND;
    }
    *function_out = GetProcAddress(system_nsi, name);
    return *function_out ? NO_ERROR : GetLastError();
}

DWORD os_code_of_status(DWORD status)
{
    return LsaNtStatusToWinError((NTSTATUS)status);
}

static const struct connection ipv6 = {
    .local = {.address = {0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xAB,
                          0xAC, 0xAD, 0xAE, 0xAF},
              .scope_id = 0x11223344,
              .port = 0x901F},
    .remote = {.address = {0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB,
                           0xCC, 0xCD, 0xCE, 0xCF},
               .scope_id = 0x55667788,
               .port = 0x50C3},
    .family = CONNECTION_IPV6,
};

static int with_the_stand_in(void **state)
{
    (void)state;
    system_nsi = dll;
    memset(standin, 0, sizeof(*standin));
    return 0;
}

/* What SetTcp6Entry returns then, and LastError is. */
static void expect(DWORD code)
{
    const struct answer answer = backend_native_close(&ipv6);

    assert_int_equal(answer_code(answer, CONNECTION_IPV6), code);
    assert_int_equal(answer_last_error(answer), code);
}

static void every_argument_is_as_documented(void **state)
{
    static const BYTE module[24] = {
        0x18, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x03, 0x4A, 0x00, 0xEB,
        0x1A, 0x9B, 0xD4, 0x11, 0x91, 0x23, 0x00, 0x50, 0x04, 0x77, 0x59, 0xBC,
    };

    (void)state;
    assert_int_equal(backend_native_close(&ipv6).kind, ANSWER_CLOSED);
    assert_int_equal(standin->calls, 1);
    assert_int_equal(standin->store, 1);
    assert_int_equal(standin->action, 2);
    assert_memory_equal(standin->module, module, sizeof(module));
    assert_int_equal(standin->object, 16);
    assert_int_equal(standin->key_bytes, 56);
    assert_null(standin->value);
    assert_int_equal(standin->value_bytes, 0);
}

static void the_key_is_two_sockaddr_inet(void **state)
{
    static const BYTE key[56] = {
        23,   0,    0x1F, 0x90, 0,    0,    0,    0,    0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5,
        0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF, 0x44, 0x33, 0x22, 0x11,
        23,   0,    0xC3, 0x50, 0,    0,    0,    0,    0xC0, 0xC1, 0xC2, 0xC3, 0xC4, 0xC5,
        0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB, 0xCC, 0xCD, 0xCE, 0xCF, 0x88, 0x77, 0x66, 0x55,
    };

    (void)state;
    backend_native_close(&ipv6);
    assert_memory_equal(standin->key, key, sizeof(key));
}

static void codes_come_back_unchanged(void **state)
{
    static const DWORD codes[] = {NO_ERROR, ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER,
                                  ERROR_NOT_FOUND};

    (void)state;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        standin->code = codes[i];
        expect(codes[i]);
    }
}

static void an_ntstatus_comes_back_as_its_win32_code(void **state)
{
    static const struct
    {
        DWORD status;
        DWORD code;
    } cases[] = {
        {0xC0000022, ERROR_ACCESS_DENIED}, /* STATUS_ACCESS_DENIED */
        {0xC0000225, ERROR_NOT_FOUND},     /* STATUS_NOT_FOUND */
        {0xC000000D, ERROR_INVALID_PARAMETER},
        {0xCFFFFFFF, ERROR_GEN_FAILURE}, /* there is none of that number */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        standin->code = cases[i].status;
        expect(cases[i].code);
    }
}

static void without_the_function_or_the_dll_it_is_50(void **state)
{
    (void)state;
    system_nsi = empty;
    assert_int_equal(backend_native_close(&ipv6).kind, ANSWER_NO_IPV6);
    system_nsi = NULL;
    assert_int_equal(backend_native_close(&ipv6).kind, ANSWER_NO_IPV6);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_argument_is_as_documented, with_the_stand_in),
        cmocka_unit_test_setup(the_key_is_two_sockaddr_inet, with_the_stand_in),
        cmocka_unit_test_setup(codes_come_back_unchanged, with_the_stand_in),
        cmocka_unit_test_setup(an_ntstatus_comes_back_as_its_win32_code, with_the_stand_in),
        cmocka_unit_test_setup(without_the_function_or_the_dll_it_is_50, with_the_stand_in),
    };

    dll = argc == 3 ? LoadLibraryA(argv[1]) : NULL;
    empty = argc == 3 ? LoadLibraryA(argv[2]) : NULL;
    if (!dll || !empty) {
        fprintf(stderr, "usage: test_nsi STAND_IN EMPTY\n");
        return 2;
    }
    standin = (struct standin_nsi *)(void *)GetProcAddress(dll, "standin_nsi");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
