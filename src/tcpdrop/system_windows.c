/* SPDX-License-Identifier: MIT */
#include "system.h"

#include <winsock2.h>

#include <windows.h>
#include <ws2tcpip.h>

#include <stdio.h>
#include <string.h>

enum
{
    HOST_CHARS = 256,
    CLOSE_MS = 5000, /* Windows gives a program no more when its console is closed */
};

/* A handle of a device that is no console, such as NUL, is none. */
bool system_is_terminal(int descriptor)
{
    static const DWORD handles[] = {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
    DWORD mode;

    return GetConsoleMode(GetStdHandle(handles[descriptor]), &mode) != 0;
}

uint32_t system_milliseconds(void)
{
    return GetTickCount();
}

/* ---- being told to end ---- */

static HANDLE stopped;

/* In a thread of its own.  Of a console that is closed the program ends as soon as this returns. */
static BOOL WINAPI stop(DWORD why)
{
    SetEvent(stopped);
    if (why != CTRL_C_EVENT && why != CTRL_BREAK_EVENT) {
        Sleep(CLOSE_MS);
    }
    return TRUE;
}

void system_catch_stop(void)
{
    stopped = CreateEventW(NULL, TRUE, FALSE, NULL);
    SetConsoleCtrlHandler(stop, TRUE);
}

bool system_wait(uint32_t milliseconds)
{
    return WaitForSingleObject(stopped, milliseconds) == WAIT_TIMEOUT;
}

/* ---- names ---- */

static void give(const ADDRINFOW *found, filter_take_func *take, void *taker)
{
    struct connection_end end = {.port = 0};

    if (found->ai_family == AF_INET) {
        memcpy(end.address, &((const struct sockaddr_in *)(const void *)found->ai_addr)->sin_addr,
               4);
        take(taker, CONNECTION_IPV4, &end);
    } else if (found->ai_family == AF_INET6) {
        memcpy(end.address, &((const struct sockaddr_in6 *)(const void *)found->ai_addr)->sin6_addr,
               16);
        take(taker, CONNECTION_IPV6, &end);
    }
}

const char *system_resolve(const char *host, filter_take_func *take, void *taker)
{
    static char wrong[64];
    const ADDRINFOW wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    wchar_t name[HOST_CHARS];
    ADDRINFOW *found = NULL;
    WSADATA data;
    int error = WSAStartup(MAKEWORD(2, 2), &data);

    if (error == 0 && MultiByteToWideChar(CP_UTF8, 0, host, -1, name, HOST_CHARS) == 0) {
        error = WSAHOST_NOT_FOUND;
    }
    if (error == 0) {
        error = GetAddrInfoW(name, NULL, &wanted, &found);
    }
    if (error != 0) {
        snprintf(wrong, sizeof(wrong), "is the name of no host that is known here (%d)", error);
        return wrong;
    }
    for (const ADDRINFOW *at = found; at; at = at->ai_next) {
        give(at, take, taker);
    }
    FreeAddrInfoW(found);
    return NULL;
}
