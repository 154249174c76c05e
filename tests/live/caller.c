/* SPDX-License-Identifier: MIT */
/*
 * Closes a connection as examples/close_connection does, but the answer goes to a file, for it may have
 * nowhere to print.
 *   caller LOCAL REMOTE --now ANSWER_FILE             like examples/close_connection_window
 *   caller LOCAL REMOTE --service ANSWER_FILE HELPER  as a service, with no environment of the caller's
 * Exit status: 0 closed, 1 not, 2 usage.
 */
#include "settcpentry.h"

#include "text.h"

#include <stdio.h>

static char name[] = "settcpentry-caller"; /* any, of a service that has its process to itself */
static char **words;

/* A Linux file by its path alone: where there is no z: drive, not every Wine reaches it. */
static const char *linux_files(void)
{
    return GetFileAttributesA("\\\\?\\unix\\proc\\version") != INVALID_FILE_ATTRIBUTES
               ? "reached"
               : "out of reach";
}

static int close_connection(void)
{
    MIB_TCPROW row = {.dwState = MIB_TCP_STATE_DELETE_TCB};
    FILE *answer;
    DWORD code;
    DWORD last_error;

    if (!parse(words[1], &row.dwLocalAddr, &row.dwLocalPort) ||
        !parse(words[2], &row.dwRemoteAddr, &row.dwRemotePort)) {
        return 2;
    }
    answer = fopen(words[4], "w");
    if (!answer) {
        return 2;
    }
    SetLastError(NO_ERROR);
    code = SetTcpEntry(&row);
    last_error = GetLastError();
    fprintf(answer, "SetTcpEntry returned %lu, LastError %lu: %s. Linux files: %s\n", code,
            last_error, sentence(code, last_error), linux_files());
    fclose(answer);
    return code == NO_ERROR ? 0 : 1;
}

static DWORD WINAPI ignore(DWORD control, DWORD type, void *data, void *context)
{
    (void)control;
    (void)type;
    (void)data;
    (void)context;
    return NO_ERROR;
}

static void WINAPI serve(DWORD argc, char **argv)
{
    const SERVICE_STATUS_HANDLE service = RegisterServiceCtrlHandlerExA(name, ignore, NULL);
    SERVICE_STATUS status = {.dwServiceType = SERVICE_WIN32_OWN_PROCESS,
                             .dwCurrentState = SERVICE_RUNNING};

    (void)argc;
    (void)argv;
    SetServiceStatus(service, &status);
    status.dwWin32ExitCode = (DWORD)close_connection();
    status.dwCurrentState = SERVICE_STOPPED;
    SetServiceStatus(service, &status);
}

int main(int argc, char **argv)
{
    const SERVICE_TABLE_ENTRYA services[] = {{name, serve}, {NULL, NULL}};

    words = argv;
    if (argc == 5 && strcmp(argv[3], "--now") == 0) {
        return close_connection();
    }
    if (argc == 6 && strcmp(argv[3], "--service") == 0) {
        SetEnvironmentVariableA("SETTCPENTRY_HOST", argv[5]);
        return StartServiceCtrlDispatcherA(services) ? 0 : 2;
    }
    return 2;
}
