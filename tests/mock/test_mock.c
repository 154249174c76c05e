/* SPDX-License-Identifier: MIT */
/* test_mock IPHLP.DLL IPHLPAPI.DLL: the mock as it ships, loaded anew with a script for each test. */
#include "settcpentry.h"

#include "../dll/passthrough/drop_in.h"
#include "testing.h"
#include "tokens.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
    EARLIER_ERROR = 4711, /* what the thread's last error was before the call */
    THREADS = 8,
    CALLS = 250, /* of each */
};

static const char *iphlp_path;
static const char *iphlpapi_path;
static char script_path[MAX_PATH];
static char log_path[MAX_PATH];
static HMODULE iphlp;
static HMODULE iphlpapi;

static SETTCPENTRY_FUNC set_tcp_entry;
static SETTCP6ENTRY_FUNC set_tcp6_entry;

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    fclose(file);
}

/* To be freed. */
static char *read_log(void)
{
    FILE *file = fopen(log_path, "rb");
    char *text = calloc(1 << 20, 1);

    assert_non_null(file);
    assert_non_null(text);
    fread(text, 1, (1 << 20) - 1, file);
    fclose(file);
    return text;
}

static FARPROC find(HMODULE module, const char *name)
{
    return GetProcAddress(module, name);
}

static void load(const char *script)
{
    write_file(script_path, script);
    DeleteFileA(log_path);
    SetEnvironmentVariableA("SETTCPENTRY_MOCK", script_path);
    SetEnvironmentVariableA("SETTCPENTRY_MOCK_LOG", log_path);
    iphlp = LoadLibraryA(iphlp_path);
    assert_non_null(iphlp);
    set_tcp_entry = (SETTCPENTRY_FUNC)(void *)find(iphlp, "SetTcpEntry");
    set_tcp6_entry = (SETTCP6ENTRY_FUNC)(void *)find(iphlp, "SetTcp6Entry");
}

static void load_both(const char *script)
{
    load(script);
    iphlpapi = LoadLibraryA(iphlpapi_path);
    assert_non_null(iphlpapi);
    assert_non_null(find(iphlpapi, "SetTcpEntryVersion"));
}

static int unload(void **state)
{
    (void)state;
    FreeLibrary(iphlp);
    if (iphlpapi) {
        FreeLibrary(iphlpapi);
        iphlpapi = NULL;
    }
    return 0;
}

static DWORD close_ipv4(BYTE last, WORD port)
{
    MIB_TCPROW row = {
        .dwState = MIB_TCP_STATE_DELETE_TCB,
        .dwLocalAddr = inet_addr("127.0.0.1"),
        .dwLocalPort = htons(50000),
        .dwRemoteAddr = htonl(0x0A000000u | last),
        .dwRemotePort = htons(port),
    };

    SetLastError(EARLIER_ERROR);
    return set_tcp_entry(&row);
}

static DWORD close_ipv6(WORD port)
{
    MIB_TCP6ROW row = {.State = MIB_TCP_STATE_DELETE_TCB, .dwLocalPort = 1};

    row.dwRemotePort = htons(port);
    SetLastError(EARLIER_ERROR);
    return set_tcp6_entry(&row);
}

#define ASSERT_CODES(call, code, last_error)                                                       \
    do {                                                                                           \
        const DWORD got = (call);                                                                  \
        const DWORD got_last_error = GetLastError();                                               \
        assert_int_equal(got, code);                                                               \
        assert_int_equal(got_last_error, last_error);                                              \
    } while (0)

/* ---- the functions ---- */

static void the_row_is_checked_as_in_the_real_dll(void **state)
{
    MIB_TCPROW row = {.dwState = MIB_TCP_STATE_ESTAB};

    (void)state;
    load("default CLOSED");
    ASSERT_CODES(set_tcp_entry(NULL), ERROR_INVALID_PARAMETER, ERROR_INVALID_PARAMETER);
    ASSERT_CODES(set_tcp_entry(&row), ERROR_INVALID_PARAMETER, ERROR_INVALID_PARAMETER);
    ASSERT_CODES(set_tcp6_entry(NULL), ERROR_INVALID_PARAMETER, ERROR_INVALID_PARAMETER);
}

static void the_caller_is_an_elevated_administrator(void **state)
{
    (void)state;
    load("default CLOSED");
    ASSERT_CODES(close_ipv4(1, 80), NO_ERROR, EARLIER_ERROR);
    ASSERT_CODES(close_ipv6(80), NO_ERROR, EARLIER_ERROR);
}

static void the_caller_is_who_the_script_says_after_the_row_and_before_the_rest(void **state)
{
    MIB_TCPROW row = {.dwState = MIB_TCP_STATE_ESTAB};

    (void)state;
    load("caller filtered\nipv4 absent\ndefault CLOSED");
    ASSERT_CODES(set_tcp_entry(&row), ERROR_INVALID_PARAMETER, ERROR_INVALID_PARAMETER);
    ASSERT_CODES(close_ipv4(1, 80), ERROR_MR_MID_NOT_FOUND, ERROR_ELEVATION_REQUIRED);
    ASSERT_CODES(close_ipv6(80), ERROR_MR_MID_NOT_FOUND, ERROR_ELEVATION_REQUIRED);
    unload(NULL);
    load("caller user\ndefault CLOSED");
    ASSERT_CODES(close_ipv4(1, 80), ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED);
}

static void a_thread_that_impersonates_counts_for_a_real_caller_only(void **state)
{
    const HANDLE token = token_make(TOKEN_NO_ADMIN);

    (void)state;
    assert_true(ImpersonateLoggedOnUser(token));
    load("default CLOSED");
    ASSERT_CODES(close_ipv4(1, 80), NO_ERROR, EARLIER_ERROR);
    unload(NULL);
    load("caller real\ndefault CLOSED");
    ASSERT_CODES(close_ipv4(1, 80), ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED);
    RevertToSelf();
    assert_int_not_equal(close_ipv4(1, 80), ERROR_ACCESS_DENIED);
    CloseHandle(token);
}

static void successive_calls_get_successive_answers_in_their_time(void **state)
{
    DWORD begin;

    (void)state;
    load("answer * 10.0.0.1 NO_ANSWER after 300ms, 0");
    begin = GetTickCount();
    ASSERT_CODES(close_ipv4(1, 80), ERROR_TIMEOUT, ERROR_TIMEOUT);
    assert_true(GetTickCount() - begin >= 280); /* the clock ticks every 16 ms */
    ASSERT_CODES(close_ipv4(1, 80), NO_ERROR, EARLIER_ERROR);
    ASSERT_CODES(close_ipv4(2, 80), ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND);
}

static void without_a_script_there_is_no_connection(void **state)
{
    (void)state;
    load("");
    FreeLibrary(iphlp);
    SetEnvironmentVariableA("SETTCPENTRY_MOCK", NULL);
    iphlp = LoadLibraryA(iphlp_path);
    set_tcp_entry = (SETTCPENTRY_FUNC)(void *)find(iphlp, "SetTcpEntry");
    ASSERT_CODES(close_ipv4(1, 80), ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND);
}

static void a_broken_script_is_answered_by_one_code_whatever_is_called(void **state)
{
    typedef ULONG(WINAPI * get_func)(void *, ULONG *, BOOL);
    ULONG bytes = 0;
    char *log;

    (void)state;
    load_both("# fine\ncaller nobody\n");
    ASSERT_CODES(close_ipv4(1, 80), ERROR_BAD_CONFIGURATION, ERROR_BAD_CONFIGURATION);
    ASSERT_CODES(set_tcp_entry(NULL), ERROR_BAD_CONFIGURATION, ERROR_BAD_CONFIGURATION);
    ASSERT_CODES(close_ipv6(80), ERROR_BAD_CONFIGURATION, ERROR_BAD_CONFIGURATION);
    SetLastError(EARLIER_ERROR);
    assert_int_equal(((get_func)(void *)find(iphlpapi, "GetTcpTable"))(NULL, &bytes, FALSE),
                     ERROR_BAD_CONFIGURATION);
    log = read_log();
    assert_non_null(strstr(log, "\"function\":\"SetTcpEntry\",\"row\":null,\"code\":1610,"
                                "\"lastError\":1610,\"script\":{\"line\":2,\"column\":8,"
                                "\"expected\":\"administrator, filtered, user or real\"}}\n"));
    assert_non_null(strstr(log, "\"function\":\"GetTcpTable\",\"row\":null,\"code\":1610,"
                                "\"lastError\":1610,\"script\":{\"line\":2,"));
    free(log);
}

static void a_script_that_is_not_there_is_a_broken_one(void **state)
{
    char *log;

    (void)state;
    load("");
    FreeLibrary(iphlp);
    SetEnvironmentVariableA("SETTCPENTRY_MOCK", "C:\\there is no such file");
    iphlp = LoadLibraryA(iphlp_path);
    set_tcp_entry = (SETTCPENTRY_FUNC)(void *)find(iphlp, "SetTcpEntry");
    ASSERT_CODES(close_ipv4(1, 80), ERROR_BAD_CONFIGURATION, ERROR_BAD_CONFIGURATION);
    log = read_log();
    assert_non_null(strstr(log, "\"script\":{\"line\":0,\"column\":0,\"expected\":\"a file "));
    free(log);
}

/* ---- what it says of itself ---- */

static void it_says_that_it_is_a_mock(void **state)
{
    static const WCHAR mock[] = L"Mock";
    SETTCPENTRYVERSION_FUNC version;
    DWORD unused;
    DWORD bytes;
    UINT length;
    WCHAR *description;
    void *block;

    (void)state;
    load("");
    version = (SETTCPENTRYVERSION_FUNC)(void *)find(iphlp, "SetTcpEntryVersion");
    assert_true(version() == (SETTCPENTRY_VERSION | SETTCPENTRY_VERSION_MOCK));
    bytes = GetFileVersionInfoSizeA(iphlp_path, &unused);
    block = malloc(bytes + 1);
    assert_non_null(block);
    assert_true(GetFileVersionInfoA(iphlp_path, 0, bytes, block));
    assert_true(VerQueryValueW(block, L"\\StringFileInfo\\040904B0\\FileDescription",
                               (void **)&description, &length));
    assert_memory_equal(description, mock, sizeof(mock) - sizeof(mock[0]));
    free(block);
}

static void absent_exports_are_not_found_and_all_others_are(void **state)
{
    (void)state;
    load_both("absent SetTcp6Entry\nabsent GetTcpTable\nabsent GetAdaptersInfo\n"
              "absent PfDeleteLog");
    for (int i = 0; i < 2; i++) {
        const HMODULE module = i == 0 ? iphlp : iphlpapi;

        assert_null(find(module, "SetTcp6Entry"));
        assert_non_null(find(module, "SetTcpEntry"));
        assert_non_null(find(module, "SetTcpEntryVersion"));
    }
    assert_null(find(iphlpapi, "GetTcpTable"));
    assert_null(find(iphlpapi, "GetAdaptersInfo"));
    assert_null(find(iphlpapi, "PfDeleteLog"));
    assert_null(find(iphlpapi, "_PfDeleteLog@0"));
    assert_true(find(iphlpapi, "PfUnBindInterface") || find(iphlpapi, "_PfUnBindInterface@4"));
    assert_non_null(find(iphlpapi, "GetTcp6Table"));
    assert_non_null(find(iphlpapi, "GetAdaptersAddresses"));
    assert_non_null(find(iphlpapi, "GetUdpTable"));
}

/* ---- listings ---- */

typedef DWORD(WINAPI *extended_func)(void *, DWORD *, BOOL, ULONG, int, ULONG);

static MIB_TCPTABLE_OWNER_PID *list(void)
{
    static BYTE room[4096];
    const extended_func get = (extended_func)(void *)find(iphlpapi, "GetExtendedTcpTable");
    DWORD bytes = sizeof(room);

    assert_int_equal(get(room, &bytes, TRUE, AF_INET, TCP_TABLE_OWNER_PID_ALL, 0), NO_ERROR);
    return (MIB_TCPTABLE_OWNER_PID *)(void *)room;
}

static const char rows[] =
    "row 127.0.0.1:50000 10.0.0.1:80 ESTABLISHED pid 12 module C:\\a\\b.exe\n"
    "row 127.0.0.1:50000 10.0.0.2:80 ESTABLISHED pid 13\n"
    "row 0.0.0.0:80 * LISTEN\n"
    "row [::1]:1 [::1]:2 ESTABLISHED\n";

static void a_row_closed_by_either_dll_is_gone_from_the_listing(void **state)
{
    MIB_TCPTABLE_OWNER_PID *table;
    MIB_TCPROW row;

    (void)state;
    load_both(rows);
    table = list();
    assert_int_equal(table->dwNumEntries, 3);
    assert_int_equal(table->table[0].dwState, MIB_TCP_STATE_LISTEN);
    assert_int_equal(table->table[1].dwOwningPid, 12);
    ASSERT_CODES(close_ipv4(1, 80), NO_ERROR, EARLIER_ERROR);
    table = list();
    assert_int_equal(table->dwNumEntries, 2);
    memcpy(&row, &table->table[1], sizeof(row));
    row.dwState = MIB_TCP_STATE_DELETE_TCB;
    assert_int_equal(((SETTCPENTRY_FUNC)(void *)find(iphlpapi, "SetTcpEntry"))(&row), NO_ERROR);
    assert_int_equal(list()->dwNumEntries, 1);
    ASSERT_CODES(close_ipv4(2, 80), ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND);
}

static void each_function_that_lists_gives_the_scripts_rows(void **state)
{
    typedef ULONG(WINAPI * get_func)(void *, ULONG *, BOOL);
    static const struct
    {
        const char *name;
        DWORD bytes;
    } functions[] = {
        {"GetTcpTable", 4 + 3 * sizeof(MIB_TCPROW)},
        {"GetTcpTable2", 4 + 3 * sizeof(MIB_TCPROW2)},
        {"GetTcp6Table", 4 + sizeof(MIB_TCP6ROW)},
        {"GetTcp6Table2", 4 + sizeof(MIB_TCP6ROW2)},
    };

    (void)state;
    load_both(rows);
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        const get_func get = (get_func)(void *)find(iphlpapi, functions[i].name);
        BYTE room[4096];
        ULONG bytes = 0;

        assert_int_equal(get(NULL, &bytes, FALSE), ERROR_INSUFFICIENT_BUFFER);
        assert_int_equal(bytes, functions[i].bytes);
        assert_int_equal(get(room, &bytes, FALSE), NO_ERROR);
    }
}

static void an_extended_table_of_no_family_or_class_is_refused(void **state)
{
    extended_func get;
    DWORD bytes = 0;

    (void)state;
    load_both(rows);
    get = (extended_func)(void *)find(iphlpapi, "GetExtendedTcpTable");
    assert_int_equal(get(NULL, &bytes, TRUE, 77, TCP_TABLE_BASIC_ALL, 0), ERROR_INVALID_PARAMETER);
    assert_int_equal(get(NULL, &bytes, TRUE, AF_INET, 77, 0), ERROR_INVALID_PARAMETER);
    assert_int_equal(get(NULL, &bytes, TRUE, AF_INET6, TCP_TABLE_OWNER_MODULE_ALL, 0),
                     ERROR_INSUFFICIENT_BUFFER);
    assert_int_equal(bytes, 8 + sizeof(MIB_TCP6ROW_OWNER_MODULE));
}

static void a_rows_module_is_the_scripts(void **state)
{
    typedef DWORD(WINAPI * module_func)(void *, int, void *, DWORD *);
    static const WCHAR path[] = L"C:\\a\\b.exe";
    module_func get; /* which Wine 8 has not, and so hides */
    MIB_TCPROW_OWNER_MODULE row = {.dwOwningPid = 0};
    TCPIP_OWNER_MODULE_BASIC_INFO *info;
    BYTE room[512];
    DWORD bytes = 0;

    (void)state;
    load_both(rows);
    get = (module_func)(void *)drop_in_find(iphlpapi, "GetOwnerModuleFromTcpEntry");
    memcpy(&row, &list()->table[1], sizeof(MIB_TCPROW_OWNER_PID));
    assert_int_equal(get(&row, 0, NULL, &bytes), ERROR_INSUFFICIENT_BUFFER);
    assert_true(bytes <= sizeof(room));
    assert_int_equal(get(&row, 0, room, &bytes), NO_ERROR);
    info = (TCPIP_OWNER_MODULE_BASIC_INFO *)(void *)room;
    assert_memory_equal(info->pModulePath, path, sizeof(path));
    assert_memory_equal(info->pModuleName, path + 5, sizeof(path) - 5 * sizeof(path[0]));
    row.dwOwningPid++;
    assert_int_equal(get(&row, 0, room, &bytes), ERROR_NOT_FOUND);
}

static void a_family_that_is_absent_is_not_listed(void **state)
{
    typedef ULONG(WINAPI * get_func)(void *, ULONG *, BOOL);
    BYTE room[64];
    ULONG bytes = sizeof(room);

    (void)state;
    load_both("ipv6 absent");
    assert_int_equal(((get_func)(void *)find(iphlpapi, "GetTcp6Table"))(room, &bytes, FALSE),
                     ERROR_NOT_SUPPORTED);
    assert_int_equal(((get_func)(void *)find(iphlpapi, "GetTcpTable"))(room, &bytes, FALSE),
                     NO_ERROR);
    ASSERT_CODES(close_ipv6(80), ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED);
}

static SOCKET listening(struct sockaddr_in *end_out)
{
    const SOCKET made = socket(AF_INET, SOCK_STREAM, 0);
    int bytes = sizeof(*end_out);

    memset(end_out, 0, sizeof(*end_out));
    end_out->sin_family = AF_INET;
    end_out->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(made, (struct sockaddr *)end_out, sizeof(*end_out)), 0);
    assert_int_equal(listen(made, 1), 0);
    assert_int_equal(getsockname(made, (struct sockaddr *)end_out, &bytes), 0);
    return made;
}

static void without_rows_the_listing_is_the_systems(void **state)
{
    struct sockaddr_in end;
    const SOCKET listener = listening(&end);
    MIB_TCPTABLE_OWNER_PID *table;
    bool found = false;

    (void)state;
    load_both("default 5");
    table = list();
    for (DWORD i = 0; i < table->dwNumEntries; i++) {
        found |= table->table[i].dwLocalPort == end.sin_port;
    }
    closesocket(listener);
    assert_true(found);
}

/* ---- the log ---- */

static void each_call_is_a_line_of_the_log(void **state)
{
    static const char row[] =
        "\"function\":\"SetTcpEntry\",\"row\":{\"local\":\"127.0.0.1:50000\",\"remote\":"
        "\"10.0.0.1:80\",\"state\":12},\"code\":5,\"lastError\":1314}\n{\"time\":\"";
    char ids[64];
    char *log;

    (void)state;
    load_both("row [::1]:1 [::1]:2 ESTABLISHED\ndefault 5/1314");
    close_ipv4(1, 80);
    set_tcp6_entry(NULL);
    list();
    log = read_log();
    snprintf(ids, sizeof(ids), "\"process\":%lu,\"thread\":%lu,", GetCurrentProcessId(),
             GetCurrentThreadId());
    assert_memory_equal(log, "{\"time\":\"20", 11);
    assert_non_null(strstr(log, ids));
    assert_non_null(strstr(log, row));
    assert_non_null(
        strstr(log, "\"function\":\"SetTcp6Entry\",\"row\":null,\"code\":87,\"lastError\":87}\n"));
    assert_non_null(strstr(log, "\"function\":\"GetExtendedTcpTable\",\"row\":null,\"code\":0,"));
    free(log);
}

static DWORD WINAPI close_many(void *port)
{
    for (int i = 0; i < CALLS; i++) {
        close_ipv4(1, (WORD)(ULONG_PTR)port);
    }
    return 0;
}

static void lines_of_many_threads_stay_whole(void **state)
{
    HANDLE threads[THREADS];
    char *log;
    int lines = 0;

    (void)state;
    load("default 1460");
    for (size_t i = 0; i < THREADS; i++) {
        threads[i] = CreateThread(NULL, 0, close_many, (void *)(ULONG_PTR)(i + 1), 0, NULL);
        assert_non_null(threads[i]);
    }
    WaitForMultipleObjects(THREADS, threads, TRUE, INFINITE);
    log = read_log();
    for (const char *line = log; *line; line = strchr(line, '\n') + 1) {
        const char *end = strchr(line, '\n');
        static const char last[] = "\"code\":1460,\"lastError\":1460}";

        assert_non_null(end);
        assert_memory_equal(line, "{\"time\":\"20", 11);
        assert_memory_equal(end - (sizeof(last) - 1), last, sizeof(last) - 1);
        assert_true(end - line < 256);
        lines++;
    }
    free(log);
    assert_int_equal(lines, THREADS * CALLS);
    for (size_t i = 0; i < THREADS; i++) {
        CloseHandle(threads[i]);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_teardown(name, unload)
        TEST(the_row_is_checked_as_in_the_real_dll),
        TEST(the_caller_is_an_elevated_administrator),
        TEST(the_caller_is_who_the_script_says_after_the_row_and_before_the_rest),
        TEST(a_thread_that_impersonates_counts_for_a_real_caller_only),
        TEST(successive_calls_get_successive_answers_in_their_time),
        TEST(without_a_script_there_is_no_connection),
        TEST(a_broken_script_is_answered_by_one_code_whatever_is_called),
        TEST(a_script_that_is_not_there_is_a_broken_one),
        TEST(it_says_that_it_is_a_mock),
        TEST(absent_exports_are_not_found_and_all_others_are),
        TEST(a_row_closed_by_either_dll_is_gone_from_the_listing),
        TEST(each_function_that_lists_gives_the_scripts_rows),
        TEST(an_extended_table_of_no_family_or_class_is_refused),
        TEST(a_rows_module_is_the_scripts),
        TEST(a_family_that_is_absent_is_not_listed),
        TEST(without_rows_the_listing_is_the_systems),
        TEST(each_call_is_a_line_of_the_log),
        TEST(lines_of_many_threads_stay_whole),
    };
    char folder[MAX_PATH];
    WSADATA data;
    int failed;

    if (argc != 3) {
        fprintf(stderr, "usage: test_mock IPHLP.DLL IPHLPAPI.DLL\n");
        return 2;
    }
    iphlp_path = argv[1];
    iphlpapi_path = argv[2];
    WSAStartup(MAKEWORD(2, 2), &data);
    GetTempPathA(MAX_PATH, folder);
    GetTempFileNameA(folder, "stm", 0, script_path);
    GetTempFileNameA(folder, "stl", 0, log_path);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    DeleteFileA(script_path);
    DeleteFileA(log_path);
    return failed;
}
