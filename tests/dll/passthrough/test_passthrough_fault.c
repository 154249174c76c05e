/* SPDX-License-Identifier: MIT */
/* SetTcpEntry with a pointer that cannot be read: the program is told as by the system's function,
 * and can go on. */
#include "drop_in.h"
#include "probe.h"
#include "settcpentry.h"

#include "testing.h"

#include <stdio.h>

static SETTCPENTRY_FUNC set_tcp_entry;
static PMIB_TCPROW bad_row;
static DWORD code_seen;
static ULONG_PTR address_seen;

static int find_ours(void **state)
{
    (void)state;
    set_tcp_entry = (SETTCPENTRY_FUNC)(void *)GetProcAddress(drop_in_load(), "SetTcpEntry");
    return set_tcp_entry ? 0 : -1;
}

/* Without arguments, as probe_guarded wants it; the exception passes through this frame, too. */
static void call_with_bad_row(void)
{
    set_tcp_entry(bad_row);
}

static DWORD call_guarded(void *row)
{
    bad_row = row;
    return probe_guarded((FARPROC)(void *)call_with_bad_row);
}

static LONG CALLBACK watch(EXCEPTION_POINTERS *pointers)
{
    code_seen = pointers->ExceptionRecord->ExceptionCode;
    address_seen = pointers->ExceptionRecord->ExceptionInformation[1];
    return EXCEPTION_CONTINUE_SEARCH;
}

static void it_answers(void)
{
    MIB_TCPROW row = {.dwState = MIB_TCP_STATE_DELETE_TCB, .dwLocalPort = 1, .dwRemotePort = 1};

    assert_int_equal(set_tcp_entry(NULL), ERROR_INVALID_PARAMETER);
    assert_int_not_equal(set_tcp_entry(&row), NO_ERROR);
    assert_int_not_equal(set_tcp_entry(&row), ERROR_INVALID_PARAMETER);
}

static void the_callers_handler_gets_the_access_violation(void **state)
{
    (void)state;
    assert_int_equal(call_guarded((void *)0x10), EXCEPTION_ACCESS_VIOLATION);
    it_answers();
}

static void a_vectored_handler_sees_it_with_the_address(void **state)
{
    void *watcher = AddVectoredExceptionHandler(1, watch);

    (void)state;
    call_guarded((void *)0x10);
    RemoveVectoredExceptionHandler(watcher);
    assert_int_equal(code_seen, EXCEPTION_ACCESS_VIOLATION);
    assert_in_range(address_seen, 0x10, 0x10 + sizeof(MIB_TCPROW) - 1);
}

static void a_row_that_is_cut_short_by_the_end_of_a_page_faults(void **state)
{
    const SIZE_T page = 0x1000;
    BYTE *pages = VirtualAlloc(NULL, 2 * page, MEM_RESERVE, PAGE_NOACCESS);

    (void)state;
    assert_non_null(VirtualAlloc(pages, page, MEM_COMMIT, PAGE_READWRITE));
    assert_int_equal(call_guarded(pages + page - sizeof(MIB_TCPROW) + 1),
                     EXCEPTION_ACCESS_VIOLATION);
    VirtualFree(pages, 0, MEM_RELEASE);
    it_answers();
}

static void a_thousand_faults_leave_it_working(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(call_guarded((void *)0x10), EXCEPTION_ACCESS_VIOLATION);
    }
    it_answers();
}

static void read_nothing(void)
{
    static const volatile int *volatile nothing = (const int *)0x10;

    (void)*nothing;
}

int main(void)
{
    const DWORD own = probe_guarded((FARPROC)(void *)read_nothing);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_callers_handler_gets_the_access_violation),
        cmocka_unit_test(a_vectored_handler_sees_it_with_the_address),
        cmocka_unit_test(a_row_that_is_cut_short_by_the_end_of_a_page_faults),
        cmocka_unit_test(a_thousand_faults_leave_it_working),
    };

    if (own != EXCEPTION_ACCESS_VIOLATION) { /* qemu-i386 does not tell why */
        printf("skipped: an access violation of the program's own is 0x%08lx here\n", own);
        return 77;
    }
    return cmocka_run_group_tests(tests, find_ours, NULL);
}
