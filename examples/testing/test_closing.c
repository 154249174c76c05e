/* SPDX-License-Identifier: MIT */
/*
 * test_closing SCRIPT: does closing.c do the right thing, whatever is answered?  With the mock's iphlp.dll beside it,
 * and SETTCPENTRY_MOCK set to SCRIPT.
 */
#include "closing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct expected
{
    WORD port; /* the remote one, by which the script knows the case */
    DWORD code;
    DWORD last_error;
    int tries;
    const char *message; /* begins so */
};

static int failures;

static void check(const char *what, WORD port, const struct closing *got,
                  const struct expected *expected)
{
    const char *message = closing_message(got);

    if (got->code != expected->code || got->last_error != expected->last_error ||
        got->tries != expected->tries ||
        strncmp(message, expected->message, strlen(expected->message)) != 0) {
        printf("%s, port %u: %lu, LastError %lu, after %d: %s\n", what, port, got->code,
               got->last_error, got->tries, message);
        failures++;
    }
}

static struct closing close_ipv4(WORD port)
{
    MIB_TCPROW row = {.dwState = MIB_TCP_STATE_DELETE_TCB};

    row.dwLocalAddr = inet_addr("127.0.0.1");
    row.dwLocalPort = htons(50000);
    row.dwRemoteAddr = inet_addr("10.0.0.1");
    row.dwRemotePort = htons(port);
    return close_with_retry(&row);
}

static struct closing close_ipv6(WORD port)
{
    MIB_TCP6ROW row;

    memset(&row, 0, sizeof(row));
    row.State = MIB_TCP_STATE_DELETE_TCB;
    row.LocalAddr.s6_addr[15] = row.RemoteAddr.s6_addr[15] = 1;
    row.dwLocalPort = htons(50000);
    row.dwRemotePort = htons(port);
    return close_with_retry6(&row);
}

/* Of both functions: SetTcp6Entry has another code for a connection that is not there. */
static void check_both(const struct expected *expected)
{
    struct expected ipv6 = *expected;
    struct closing closing = close_ipv4(expected->port);

    check("IPv4", expected->port, &closing, expected);
    if (expected->last_error == ERROR_NOT_FOUND) {
        ipv6.code = ERROR_NOT_FOUND;
    }
    closing = close_ipv6(expected->port);
    check("IPv6", expected->port, &closing, &ipv6);
}

static void every_answer(void)
{
    static const struct expected cases[] = {
        {1, NO_ERROR, NO_ERROR, 1, "The connection is closed."},
        {2, ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND, 1, "There is no such"},
        {3, ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED, 1, "You may not"},
        {4, ERROR_ACCESS_DENIED, ERROR_PRIVILEGE_NOT_HELD, 1, "Please give"},
        {5, ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED, 1, "Nothing here"},
        {6, ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED, 1, "Nothing here"},
        {7, ERROR_INVALID_DATA, ERROR_INVALID_DATA, 1, "Please install"},
        {8, ERROR_GEN_FAILURE, ERROR_GEN_FAILURE, 1, "The system refuses"},
        {9, ERROR_MR_MID_NOT_FOUND, ERROR_ELEVATION_REQUIRED, 1, "Please run this as"},
        {10, ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED, 1, "You may not"},
        {11, ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED, 1, "You may not"},
        {12, ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED, 1, "Nothing here"},
        {13, NO_ERROR, NO_ERROR, 1, "The connection is closed."},
        {14, ERROR_BAD_EXE_FORMAT, ERROR_BAD_EXE_FORMAT, 1, "Please install"},
        {15, ERROR_PATH_NOT_FOUND, ERROR_PATH_NOT_FOUND, 1, "The system refuses"},
        {16, ERROR_CANNOT_MAKE, ERROR_CANNOT_MAKE, 1, "Please see to it"},
        {17, ERROR_BUSY, ERROR_BUSY, CLOSING_TRIES, "Too many"},
        {18, ERROR_NO_SYSTEM_RESOURCES, ERROR_NO_SYSTEM_RESOURCES, CLOSING_TRIES, "The system has"},
        {19, ERROR_NETWORK_UNREACHABLE, ERROR_NETWORK_UNREACHABLE, 1, "It is in another"},
        {20, ERROR_REVISION_MISMATCH, ERROR_REVISION_MISMATCH, 1, "Please install"},
        {21, ERROR_INVALID_DATA, ERROR_INVALID_DATA, 1, "Please install"},
        {22, ERROR_BROKEN_PIPE, ERROR_BROKEN_PIPE, 1, "Please look"},
        {23, ERROR_TIMEOUT, ERROR_TIMEOUT, CLOSING_TRIES, "Nobody answers"},
        {24, ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED, 1, "Nothing here"},
        {25, ERROR_NOT_SUPPORTED, ERROR_NOT_SUPPORTED, 1, "Nothing here"},
        {26, ERROR_NETWORK_ACCESS_DENIED, ERROR_NETWORK_ACCESS_DENIED, 1, "The system refuses"},
    };
    static const struct expected passing[] = {
        {100, NO_ERROR, NO_ERROR, 3, "The connection is closed."},
        {101, ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND, 2, "There is no such"},
    };
    static const struct expected mistake = {0, ERROR_INVALID_PARAMETER, ERROR_INVALID_PARAMETER, 1,
                                            "This is a mistake"};
    MIB_TCPROW row = {.dwState = MIB_TCP_STATE_ESTAB};
    struct closing closing;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        check_both(&cases[i]);
    }
    for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++) {
        closing = close_ipv4(passing[i].port);
        check("IPv4", passing[i].port, &closing, &passing[i]);
    }
    closing = close_with_retry(&row); /* the row is looked at before anything else */
    check("wrong state", 0, &closing, &mistake);
    closing = close_with_retry(NULL);
    check("no row", 0, &closing, &mistake);
}

static void filtered(void)
{
    static const struct expected expected = {1, ERROR_MR_MID_NOT_FOUND, ERROR_ELEVATION_REQUIRED, 1,
                                             "Please run this as"};

    check_both(&expected);
}

static void user(void)
{
    static const struct expected expected = {1, ERROR_ACCESS_DENIED, ERROR_ACCESS_DENIED, 1,
                                             "You may not"};

    check_both(&expected);
}

static void rows(void)
{
    static const struct expected closed = {80, NO_ERROR, NO_ERROR, 1, "The connection is closed."};
    static const struct expected gone = {80, ERROR_MR_MID_NOT_FOUND, ERROR_NOT_FOUND, 1,
                                         "There is no such"};

    check_both(&closed);
    check_both(&gone);
}

int main(int argc, char **argv)
{
    static const struct
    {
        const char *script;
        void (*test)(void);
    } tests[] = {
        {"every_answer.script", every_answer},
        {"filtered.script", filtered},
        {"user.script", user},
        {"rows.script", rows},
    };

    if (!(SetTcpEntryVersion() & SETTCPENTRY_VERSION_MOCK)) {
        printf("This is not the mock: its iphlp.dll has to be beside this program.\n");
        return 2;
    }
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        if (argc == 2 && strcmp(argv[1], tests[i].script) == 0) {
            tests[i].test();
            printf("%s: %d failures\n", argv[1], failures);
            return failures == 0 ? 0 : 1;
        }
    }
    printf("usage: test_closing SCRIPT\n");
    return 2;
}
