/* SPDX-License-Identifier: MIT */
#include "../common/host_places.h"
#include "check.h"
#include "folders.h"
#include "privileges.h"
#include "server.h"
#include "stream.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: settcpentry-host --page FILE | --stdio | --serve [FOLDER...] |\n"
    "                        --check[=FILE] | --help | --version\n"
    "\n"
    "Closes TCP connections for Windows programs that run under Wine and call SetTcpEntry,\n"
    "and for tcpdrop.\n"
    "\n"
    "  --page FILE         serve the program that shares this page of memory, until it ends:\n"
    "                      so settcpentry's DLL starts it on the first call\n"
    "  --stdio             serve the program that has started it, by standard input and output:\n"
    "                      so tcpdrop starts it\n"
    "  --check[=FILE]      say whether it has what it needs, in FILE, which has to be there, if\n"
    "                      that is given; exit status 0 if so\n"
    "  --serve [FOLDER...] stay, and serve all programs that look for a helper in these folders,\n"
    "                      for those in containers that void the capability of what they start;\n"
    "                      they look in $" HOST_FOLDER_VARIABLE
    ", or else, as --serve alone does, in\n"
#define LINE(pattern) "                        " pattern "\n"
    HOST_FOLDERS(LINE)
#undef LINE
        "\n"
        "It needs CAP_NET_ADMIN:  setcap cap_net_admin+ep /path/to/settcpentry-host\n"
        "An ordinary user can have their own connections closed, root any.\n";

static int complain(void)
{
    fputs(usage, stderr);
    return 2;
}

static int fail(const char *what)
{
    fprintf(stderr, "settcpentry-host: %s: %s\n", what, strerror(errno));
    return 1;
}

/* As if set-user-id or set-group-id: who could be served, and whose files are at stake, would be two. */
static bool has_borrowed_rights(void)
{
    if (geteuid() == getuid() && getegid() == getgid()) {
        return false;
    }
    fputs("settcpentry-host: not to be run set-user-id or set-group-id: give it the capability\n",
          stderr);
    return true;
}

/* Started by Wine, in the caller's session and folder. */
static int serve_page(const char *path)
{
    if (!privileges_drop()) {
        return fail("cannot give up rights");
    }
    setsid();
    if (chdir("/") != 0) {
        return fail("/");
    }
    return server_serve_page(path);
}

/* Started by a program in a terminal: Ctrl-C there is that program's own affair. */
static int serve_stream(void)
{
    if (!privileges_drop()) {
        return fail("cannot give up rights");
    }
    setsid();
    return stream_serve();
}

static int serve_folders(char *const folders[])
{
    folders_read_environment();
    return privileges_drop() ? server_serve_folders(folders) : fail("cannot give up rights");
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"page", required_argument, NULL, 'p'},
        {"stdio", no_argument, NULL, 'i'},
        {"serve", no_argument, NULL, 's'},
        {"check", optional_argument, NULL, 'c'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},
        {0},
    };
    const int option = getopt_long(argc, argv, "", options, NULL);

    if (optind < argc && option != 's') {
        return complain();
    }
    switch (option) {
    case 'p':
        return has_borrowed_rights() ? 1 : serve_page(optarg);
    case 'i':
        return has_borrowed_rights() ? 1 : serve_stream();
    case 's':
        if (getopt_long(argc, argv, "", options, NULL) != -1) {
            return complain();
        }
        return has_borrowed_rights() ? 1 : serve_folders(argv + optind);
    case 'c':
        /* Where Wine has no console for us, nobody sees our standard output. */
        return optarg && !freopen(optarg, "r+", stdout) ? fail(optarg) : check_report();
    case 'h':
        fputs(usage, stdout);
        return 0;
    case 'v':
        puts("settcpentry-host " SETTCPENTRY_VERSION_TEXT);
        return 0;
    default:
        return complain();
    }
}
