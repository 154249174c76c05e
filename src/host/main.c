/* SPDX-License-Identifier: MIT */
#include "session.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
    "usage: settcpentry-host [--help] [--version]\n"
    "\n"
    "Closes TCP connections for Windows programs that run under Wine and call SetTcpEntry.\n"
    "settcpentry's DLL starts it on the first call, with a page of shared memory as its\n"
    "standard input, and it ends with the program.  It is of no use when started by hand.\n"
    "\n"
    "It needs CAP_NET_ADMIN:  setcap cap_net_admin+ep /path/to/settcpentry-host\n"
    "An ordinary user can have their own connections closed, root any.\n";

/* Wine starts us in the caller's session, with some of its descriptors. */
static void leave_callers_surroundings(void)
{
    setsid();
    closefrom(STDERR_FILENO + 1);
    if (chdir("/") != 0) {
        return; /* a folder that cannot be unmounted meanwhile does no harm */
    }
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},
        {0},
    };
    struct stat input;

    switch (getopt_long(argc, argv, "", options, NULL)) {
    case 'h':
        fputs(usage, stdout);
        return 0;
    case 'v':
        puts("settcpentry-host " SETTCPENTRY_VERSION_TEXT);
        return 0;
    case -1:
        break;
    default:
        fputs(usage, stderr);
        return 2;
    }
    if (optind < argc || fstat(STDIN_FILENO, &input) != 0 || !S_ISREG(input.st_mode)) {
        fputs(usage, stderr);
        return 2;
    }
    leave_callers_surroundings();
    return session_serve(STDIN_FILENO);
}
