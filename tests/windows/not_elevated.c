/* SPDX-License-Identifier: MIT */
/*
 * not_elevated PROGRAM [ARGUMENT]: runs it with the linked token, as a program that was not started as
 * administrator; its exit status.
 */
#include "tokens.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    char command_line[1024];
    DWORD status = 99;

    if (argc < 2) {
        fprintf(stderr, "usage: not_elevated PROGRAM [ARGUMENT]\n");
        return 2;
    }
    snprintf(command_line, sizeof(command_line), "\"%s\" %s", argv[1], argc > 2 ? argv[2] : "");
    if (!CreateProcessAsUserA(token_make(TOKEN_NOT_ELEVATED), NULL, command_line, NULL, NULL, TRUE,
                              0, NULL, NULL, &startup, &process)) {
        fprintf(stderr, "cannot start %s: error %lu\n", argv[1], GetLastError());
        return 99;
    }
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &status);
    return (int)status;
}
