/* SPDX-License-Identifier: MIT */
/* Who is iphlpapi.dll in this process?  With the system's own DLL behind ours. */
#include "drop_in.h"
#include "settcpentry.h"

#include "testing.h"

#include <stdlib.h>
#include <winternl.h>

/* The heap grows by this. */
#define ONE_STEP 0x10000

typedef DWORD(WINAPI *convert_func)(ULONG length, ULONG *mask);

static void assert_bare_names_are(HMODULE ours)
{
    assert_ptr_equal(GetModuleHandleA("iphlpapi.dll"), ours);
    assert_ptr_equal(GetModuleHandleA("iphlpapi"), ours);
    assert_ptr_equal(GetModuleHandleA("IPHLPAPI.DLL"), ours);
    assert_ptr_equal(LoadLibraryA("iphlpapi.dll"), ours);
    assert_ptr_equal(LoadLibraryA("iphlpapi"), ours);
}

/* One that needs nothing of the system but the DLL. */
static void call_through(HMODULE ours)
{
    const convert_func convert =
        (convert_func)(void *)GetProcAddress(ours, "ConvertLengthToIpv4Mask");
    ULONG mask = 0;

    assert_non_null(convert);
    assert_int_equal(convert(8, &mask), NO_ERROR);
    assert_int_equal(mask, 0x000000FF);
}

static void bare_names_are_ours_after_loading(void **state)
{
    (void)state;
    assert_bare_names_are(drop_in_load());
}

static void bare_names_are_ours_after_a_call_through(void **state)
{
    const HMODULE ours = drop_in_load();

    (void)state;
    call_through(ours);
    assert_bare_names_are(ours);
}

static void bare_names_are_ours_after_SetTcpEntry(void **state)
{
    const HMODULE ours = drop_in_load();
    const SETTCPENTRY_FUNC set = (SETTCPENTRY_FUNC)(void *)GetProcAddress(ours, "SetTcpEntry");
    MIB_TCPROW row = {.dwState = MIB_TCP_STATE_DELETE_TCB, .dwLocalPort = 1, .dwRemotePort = 1};

    (void)state;
    assert_int_not_equal(set(&row), NO_ERROR);
    assert_bare_names_are(ours);
}

static void it_can_be_unloaded_and_loaded_again(void **state)
{
    HMODULE ours = drop_in_load();

    (void)state;
    for (int i = 0; i < 3; i++) {
        call_through(ours);
        drop_in_unload_all();
        ours = drop_in_load();
    }
    call_through(ours);
    assert_bare_names_are(ours);
}

static void one_free_unloads_it(void **state)
{
    HMODULE ours;

    (void)state;
    drop_in_unload_all();
    ours = drop_in_load();
    call_through(ours);
    FreeLibrary(ours);
    assert_null(GetModuleHandleA("iphlpapi.dll"));
}

static void it_loads_and_works_inside_another_dllmain(void **state)
{
    (void)state;
    drop_in_unload_all();
    assert_non_null(LoadLibraryA("loads_in_dllmain.dll"));
    assert_bare_names_are(GetModuleHandleA("iphlpapi.dll"));
}

/* ---- loading and unloading ---- */

/* What a process has, or what it has more than before. */
struct belongings
{
    SIZE_T memory;
    SIZE_T handles;
    SIZE_T files; /* of wineserver, which opens them for all; mapped ones without a handle, too */
};

/* What is merely reserved does not count: Wine's own Linux side does that now and then. */
static SIZE_T memory_in_use(void)
{
    MEMORY_BASIC_INFORMATION block;
    SIZE_T used = 0;

    for (BYTE *at = NULL; VirtualQuery(at, &block, sizeof(block));
         at = (BYTE *)block.BaseAddress + block.RegionSize) {
        used += block.State == MEM_COMMIT ? block.RegionSize : 0;
    }
    return used;
}

/* GetProcessHandleCount would do, but Wine 8.0's says 0. */
static SIZE_T handles_in_use(void)
{
    static union
    {
        BYTE bytes[0x100000];
        SYSTEM_HANDLE_INFORMATION all;
    } buffer;
    ULONG bytes;
    SIZE_T handles = 0;

    assert_int_equal(
        NtQuerySystemInformation(SystemHandleInformation, &buffer, sizeof(buffer), &bytes), 0);
    for (ULONG i = 0; i < buffer.all.Count; i++) {
        handles += buffer.all.Handle[i].OwnerPid == GetCurrentProcessId();
    }
    assert_int_not_equal(handles, 0);
    return handles;
}

static SIZE_T files_in_use(void)
{
    WIN32_FIND_DATAW file;
    const HANDLE all = FindFirstFileW(L"\\\\?\\unix\\proc\\self\\fd\\*", &file);
    SIZE_T files = 0;

    assert_ptr_not_equal(all, INVALID_HANDLE_VALUE);
    do {
        files++;
    } while (FindNextFileW(all, &file));
    FindClose(all);
    return files;
}

static struct belongings belongings(void)
{
    return (struct belongings){memory_in_use(), handles_in_use(), files_in_use()};
}

static void load_call_and_unload(HMODULE (*load)(void), unsigned times)
{
    for (unsigned i = 0; i < times; i++) {
        const HMODULE module = load();

        call_through(module);
        assert_true(FreeLibrary(module));
    }
}

static struct belongings left_behind(const char *who, HMODULE (*load)(void), unsigned times)
{
    struct belongings before;
    struct belongings after;

    load_call_and_unload(load, 30);
    before = belongings();
    load_call_and_unload(load, times);
    after = belongings();
    after.memory -= before.memory;
    after.handles -= before.handles;
    after.files -= before.files;
    print_message("%s, %u times: %ld bytes, %ld handles, %ld files\n", who, times,
                  (long)after.memory, (long)after.handles, (long)after.files);
    return after;
}

/* The environment's DROP_IN_LOADS says how many times. */
static void loading_and_unloading_leaves_behind_what_the_systems_does(void **state)
{
    const char *text = getenv("DROP_IN_LOADS");
    const unsigned times = text ? (unsigned)strtoul(text, NULL, 10) : 2000;
    struct belongings system;
    struct belongings ours;

    (void)state;
    /* Nearly every program keeps this one loaded.  Wine loses some 250 bytes each time that the last
     * one to use it goes, whoever that is. */
    assert_non_null(LoadLibraryA("advapi32.dll"));
    drop_in_unload_all();
    system = left_behind("the system's", drop_in_system, times);
    assert_null(GetModuleHandleA("iphlpapi.dll"));
    ours = left_behind("ours", drop_in_load, times);
    assert_true((SSIZE_T)ours.memory <= (SSIZE_T)system.memory + ONE_STEP);
    assert_int_equal(ours.handles, 0);
    /* Other programs' files come and go. */
    assert_true((SSIZE_T)ours.files < (SSIZE_T)times / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bare_names_are_ours_after_loading),
        cmocka_unit_test(bare_names_are_ours_after_a_call_through),
        cmocka_unit_test(bare_names_are_ours_after_SetTcpEntry),
        cmocka_unit_test(it_can_be_unloaded_and_loaded_again),
        cmocka_unit_test(one_free_unloads_it),
        cmocka_unit_test(loading_and_unloading_leaves_behind_what_the_systems_does),
        cmocka_unit_test(it_loads_and_works_inside_another_dllmain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
