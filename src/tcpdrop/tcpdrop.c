/* SPDX-License-Identifier: MIT */
/* tcpdrop: closes one TCP connection, and says what came of it.  See docs/tcpdrop.1. */
#include "settcpentry.h"

#include "../common/mib_row.h"
#include "connection_name.h"
#include "doctor.h"
#include "meaning.h"
#include "probe.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: tcpdrop LADDR LPORT FADDR FPORT\n"
    "       tcpdrop LADDR:LPORT FADDR:FPORT\n"
    "       tcpdrop doctor [--json] [PROGRAM.EXE]\n"
    "\n"
    "Closes one TCP connection at once, by its local and its foreign address and port, as\n"
    "netstat -n prints them. IPv6 addresses stand in brackets before a port, [fe80::1%2]:80.\n"
    "\n"
    "tcpdrop doctor says whether a drop works here, and if not, why; with PROGRAM.EXE also\n"
    "whether that program gets our iphlpapi.dll.\n"
    "\n"
    "  --json     have doctor print JSON\n"
    "  --help     this\n"
    "  --version  the version of tcpdrop, and of the DLL that it uses\n"
    "\n"
    "Exit status: 0 closed, 1 not closed, 2 usage, 3 no rights, 4 no such connection.\n";

static DWORD close_connection(const struct connection *connection)
{
    MIB_TCPROW row;
    MIB_TCP6ROW row6;

    if (connection->family == CONNECTION_IPV4) {
        row = row_of_connection(connection);
        return SetTcpEntry(&row);
    }
    row6 = row6_of_connection(connection);
    return SetTcp6Entry(&row6);
}

/* The connection as it was typed, in one line with what came of it. */
static int drop(const struct connection *connection, int count, char *const arguments[])
{
    const DWORD code = close_connection(connection);
    const DWORD last_error = code == NO_ERROR ? NO_ERROR : GetLastError();
    const struct meaning meaning = meaning_of(connection->family, code, last_error);

    for (int i = 0; i < count; i++) {
        printf("%s%s", i == 0 ? "" : " ", arguments[i]);
    }
    if (code == NO_ERROR) {
        printf(": closed\n");
    } else {
        printf(": not closed: %lu, LastError %lu: %s%s%s\n", code, last_error, meaning.reason,
               *meaning.remedy ? "; " : "", meaning.remedy);
    }
    return (int)meaning.status;
}

static int complain_of_arguments(const char *wrong, const char *argument)
{
    if (argument) {
        fprintf(stderr, "tcpdrop: '%s' %s\n", argument, wrong);
    } else {
        fprintf(stderr, "tcpdrop: it %s; see tcpdrop --help\n", wrong);
    }
    return STATUS_USAGE;
}

/* None is a letter. */
enum option_name
{
    OPTION_JSON = 0x100,
    OPTION_HELP,
    OPTION_VERSION,
};

/* getopt's own message begins with __argv[0], and that is not there in a program with wmain. */
static int complain_of_option(char *argv[])
{
    const char letter[] = {'-', (char)optopt, 0};
    const char *name = argv[optind - 1];

    /* The first byte of a letter that has more: getopt is not done with the argument. */
    if (optopt < 0) {
        name = argv[optind];
    } else if (optopt > 0 && optopt < OPTION_JSON) {
        name = letter;
    }
    return complain_of_arguments("is no option; see tcpdrop --help", name);
}

static int print_version(void)
{
    const DWORD version = SetTcpEntryVersion();

    printf("tcpdrop %d.%d.%d, iphlp.dll %lu.%lu.%lu\n", SETTCPENTRY_VERSION_MAJOR,
           SETTCPENTRY_VERSION_MINOR, SETTCPENTRY_VERSION_PATCH, version >> 16, version >> 8 & 0xFF,
           version & 0xFF);
    return STATUS_DONE;
}

static int run(int argc, char *argv[])
{
    static const struct option options[] = {
        {"json", no_argument, NULL, OPTION_JSON},
        {"help", no_argument, NULL, OPTION_HELP},
        {"version", no_argument, NULL, OPTION_VERSION},
        {0},
    };
    bool as_json = false;
    struct connection connection;
    const char *wrong;
    int option;
    int bad;

    opterr = 0;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case OPTION_JSON:
            as_json = true;
            break;
        case OPTION_HELP:
            fputs(usage, stdout);
            return STATUS_DONE;
        case OPTION_VERSION:
            return print_version();
        default:
            return complain_of_option(argv);
        }
    }
    if (optind < argc && strcmp(argv[optind], "doctor") == 0 && argc - optind <= 2) {
        return doctor(argv[optind + 1], as_json);
    }
    if (as_json) {
        return complain_of_arguments("is for doctor only", "--json");
    }
    wrong = connection_name_read(argc - optind, argv + optind, &connection, &bad);
    if (wrong) {
        return complain_of_arguments(wrong, bad < argc - optind ? argv[optind + bad] : NULL);
    }
    return drop(&connection, argc - optind, argv + optind);
}

/* getopt_long and what we print are UTF-8. */
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
static char **all_to_utf8(int count, wchar_t *wide[])
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

int wmain(int argc, wchar_t *wide[]);

int wmain(int argc, wchar_t *wide[])
{
    char **argv;
    int status = STATUS_NOT_DONE;

    if (argc == 3 && wcscmp(wide[1], PROBE_OPTION) == 0) {
        return probe_run(wide[2]);
    }
    argv = all_to_utf8(argc, wide);
    SetConsoleOutputCP(CP_UTF8);
    if (argv) {
        status = run(argc, argv);
    } else {
        fputs("tcpdrop: out of memory\n", stderr);
    }
    free_all(argv);
    return status;
}
