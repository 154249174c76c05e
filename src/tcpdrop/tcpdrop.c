/* SPDX-License-Identifier: MIT */
/* tcpdrop: closes one TCP connection, and says what came of it.  See docs/tcpdrop.1. */
#include "settcpentry.h"

#include "../common/command_line.h"
#include "../common/meaning.h"
#include "../common/mib_row.h"
#include "connection_name.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "usage: tcpdrop LADDR LPORT FADDR FPORT\n"
    "       tcpdrop LADDR:LPORT FADDR:FPORT\n"
    "\n"
    "Closes one TCP connection at once, by its local and its foreign address and port, as\n"
    "netstat -n prints them. IPv6 addresses stand in brackets before a port, [fe80::1%2]:80.\n"
    "\n"
    "settcpentry doctor says whether that works here, and if not, why.\n"
    "\n"
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

enum option_name
{
    OPTION_HELP = COMMAND_LINE_OPTIONS,
    OPTION_VERSION,
};

static int run(int argc, char *argv[])
{
    static const struct option options[] = {
        {"help", no_argument, NULL, OPTION_HELP},
        {"version", no_argument, NULL, OPTION_VERSION},
        {0},
    };
    struct connection connection;
    const char *wrong;
    int option;
    int bad;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case OPTION_HELP:
            fputs(usage, stdout);
            return STATUS_DONE;
        case OPTION_VERSION:
            command_line_print_version("tcpdrop");
            return STATUS_DONE;
        default:
            return complain_of_arguments("is no option; see tcpdrop --help",
                                         command_line_bad_option(argv));
        }
    }
    wrong = connection_name_read(argc - optind, argv + optind, &connection, &bad);
    if (wrong) {
        return complain_of_arguments(wrong, bad < argc - optind ? argv[optind + bad] : NULL);
    }
    return drop(&connection, argc - optind, argv + optind);
}

int wmain(int argc, wchar_t *wide[]);

int wmain(int argc, wchar_t *wide[])
{
    return command_line_main("tcpdrop", argc, wide, run);
}
