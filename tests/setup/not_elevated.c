/* SPDX-License-Identifier: MIT */
/*
 * not_elevated [--filtered] PROGRAM [ARGUMENT]: runs it with a token that is not elevated, as a program
 * that was not started as administrator; --filtered: and with Administrators for refusals only, as
 * Windows runs it then.  Its exit status.
 */
#include "tokens.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    char command_line[1024];
    DWORD status = 99;
    enum token_kind kind = TOKEN_NOT_ELEVATED;

    if (argc > 1 && strcmp(argv[1], "--filtered") == 0) {
        kind = TOKEN_UAC_FILTERED;
        argv++;
        argc--;
    }
    if (argc < 2) {
        fprintf(stderr, "usage: not_elevated [--filtered] PROGRAM [ARGUMENT]\n");
        return 2;
    }
    snprintf(command_line, sizeof(command_line), "\"%s\" %s", argv[1], argc > 2 ? argv[2] : "");
    if (!CreateProcessAsUserA(token_make(kind), NULL, command_line, NULL, NULL, TRUE, 0, NULL, NULL,
                              &startup, &process)) {
        fprintf(stderr, "cannot start %s: error %lu\n", argv[1], GetLastError());
        return 99;
    }
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &status);
    return (int)status;
}
