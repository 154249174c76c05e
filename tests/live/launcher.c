/* SPDX-License-Identifier: MIT */
/*
 * launcher WAY PROGRAM [ARGUMENT...]: starts a program in one of the ways below, and waits for it; its
 * exit status, or 99 if it cannot be started.  As SERVICE, the program has to be one.
 */
#include <windows.h>

#include <stdio.h>
#include <string.h>

enum
{
    CANNOT = 99,
};

enum handles
{
    AS_THEY_ARE,
    CLOSED,
    REDIRECTED, /* to pipes, by which many a program reads what another one prints */
};

static const struct way
{
    const char *name;
    DWORD flags;
    enum handles handles;
} ways[] = {
    {"PLAIN", 0, AS_THEY_ARE},
    {"DETACHED_PROCESS", DETACHED_PROCESS, AS_THEY_ARE},
    {"CREATE_NO_WINDOW", CREATE_NO_WINDOW, AS_THEY_ARE},
    {"CREATE_NEW_CONSOLE", CREATE_NEW_CONSOLE, AS_THEY_ARE},
    {"CREATE_NEW_PROCESS_GROUP", CREATE_NEW_PROCESS_GROUP, AS_THEY_ARE},
    {"CLOSED_HANDLES", 0, CLOSED},
    {"REDIRECTED_HANDLES", 0, REDIRECTED},
};

static const struct way *find_way(const char *name)
{
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        if (strcmp(ways[i].name, name) == 0) {
            return &ways[i];
        }
    }
    return NULL;
}

static void choose_handles(STARTUPINFOA *startup, enum handles handles)
{
    SECURITY_ATTRIBUTES inherited = {.nLength = sizeof(inherited), .bInheritHandle = TRUE};
    HANDLE other_end;

    if (handles == AS_THEY_ARE) {
        return;
    }
    startup->dwFlags = STARTF_USESTDHANDLES;
    if (handles == REDIRECTED) {
        CreatePipe(&startup->hStdInput, &other_end, &inherited, 0);
        CreatePipe(&other_end, &startup->hStdOutput, &inherited, 0);
        startup->hStdError = startup->hStdOutput;
    }
}

static int run(const struct way *way, char *command_line)
{
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    DWORD status = CANNOT;

    choose_handles(&startup, way->handles);
    if (!CreateProcessA(NULL, command_line, NULL, NULL, TRUE, way->flags, NULL, NULL, &startup,
                        &process)) {
        return CANNOT;
    }
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &status);
    return (int)status;
}

/* Services tell of their state to those only who ask for it. */
static int wait_until_stopped(SC_HANDLE service)
{
    SERVICE_STATUS status;

    do {
        Sleep(10);
        if (!QueryServiceStatus(service, &status)) {
            return CANNOT;
        }
    } while (status.dwCurrentState != SERVICE_STOPPED);
    return (int)status.dwWin32ExitCode;
}

static int run_service(const char *command_line)
{
    const SC_HANDLE manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_ALL_ACCESS);
    const SC_HANDLE service = CreateServiceA(
        manager, "settcpentry-caller", NULL, SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS,
        SERVICE_DEMAND_START, SERVICE_ERROR_IGNORE, command_line, NULL, NULL, NULL, NULL, NULL);
    const int status = StartServiceA(service, 0, NULL) ? wait_until_stopped(service) : CANNOT;

    DeleteService(service);
    CloseServiceHandle(service);
    return status;
}

int main(int argc, char **argv)
{
    const struct way *way = argc > 2 ? find_way(argv[1]) : NULL;
    char program[MAX_PATH];
    char command_line[1024] = "";
    size_t length = 0;

    /* Services are started in another folder. */
    if (argc > 2 && GetFullPathNameA(argv[2], sizeof(program), program, NULL)) {
        argv[2] = program;
    }
    for (int i = 2; i < argc && length < sizeof(command_line); i++) {
        length += (size_t)snprintf(command_line + length, sizeof(command_line) - length, "\"%s\" ",
                                   argv[i]);
    }
    if (argc > 2 && strcmp(argv[1], "SERVICE") == 0) {
        return run_service(command_line);
    }
    if (!way) {
        fprintf(stderr, "usage: launcher WAY PROGRAM [ARGUMENT...]\n");
        return CANNOT;
    }
    return run(way, command_line);
}
