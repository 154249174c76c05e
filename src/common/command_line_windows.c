/* SPDX-License-Identifier: MIT */
#include "command_line.h"

#include "wine.h"

#include "settcpentry.h"

#include <fcntl.h>
#include <getopt.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>

static char *to_utf8(const wchar_t *text)
{
    const int bytes = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *utf8 = bytes > 0 ? malloc((size_t)bytes) : NULL;

    if (utf8) {
        WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, bytes, NULL, NULL);
    }
    return utf8;
}

static void free_all(char **texts)
{
    for (char **text = texts; text && *text; text++) {
        free(*text);
    }
    free(texts);
}

/* Ends with NULL; NULL if there is not enough memory. */
static char **all_to_utf8(int count, wchar_t *const wide[])
{
    char **texts = calloc((size_t)count + 1, sizeof(*texts));

    for (int i = 0; texts && i < count; i++) {
        texts[i] = to_utf8(wide[i]);
        if (!texts[i]) {
            free_all(texts);
            return NULL;
        }
    }
    return texts;
}

int command_line_main(const char *program, int argc, wchar_t *const wide[],
                      int (*run)(int argc, char *argv[]))
{
    char **argv = all_to_utf8(argc, wide);
    const UINT page = GetConsoleOutputCP();
    int status = 1;

    SetConsoleOutputCP(CP_UTF8);
    if (wine_is_here()) { /* where lines do not end with a carriage return */
        _setmode(_fileno(stdout), _O_BINARY);
        _setmode(_fileno(stderr), _O_BINARY);
    }
    if (argv) {
        opterr =
            0; /* its messages begin with __argv[0], and that is not there in a program with wmain */
        status = run(argc, argv);
    } else {
        fprintf(stderr, "%s: out of memory\n", program);
    }
    free_all(argv);
    fflush(stdout);
    SetConsoleOutputCP(page); /* it is the console's, and stays when we have gone */
    return status;
}

void command_line_print_version(const char *program)
{
    const DWORD version = SetTcpEntryVersion();

    printf("%s %d.%d.%d, iphlp.dll %lu.%lu.%lu\n", program, SETTCPENTRY_VERSION_MAJOR,
           SETTCPENTRY_VERSION_MINOR, SETTCPENTRY_VERSION_PATCH, version >> 16, version >> 8 & 0xFF,
           version & 0xFF);
}
