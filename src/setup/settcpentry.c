/* SPDX-License-Identifier: MIT */
/* settcpentry: which programs here have our DLL, and does it work?  See docs/settcpentry.1. */
#include "check_program.h"
#include "checklist.h"
#include "doctor.h"
#include "enable.h"
#include "probe.h"
#include "system_folders.h"

#include "../common/command_line.h"
#include "../common/wine.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum status
{
    STATUS_DONE,
    STATUS_NOT_DONE,
    STATUS_USAGE,
};

static const char usage[] =
    "usage: settcpentry doctor  [--json] [PROGRAM.EXE]\n"
    "       settcpentry status  [--json] [PROGRAM.EXE | --all]\n"
    "       settcpentry enable  PROGRAM.EXE | --all\n"
    "       settcpentry disable PROGRAM.EXE | --all\n"
    "\n"
    "doctor   says whether closing a connection works here, and if not, why; of a program also\n"
    "         whether it gets our iphlpapi.dll\n"
    "status   says whether that program gets it, or all do; by itself, those that were enabled\n"
    "enable   puts iphlpapi.dll beside the program, and has Wine prefer it for this program; with\n"
    "         --all, under Wine, into the system's folders, for all programs of the prefix\n"
    "disable  undoes exactly that\n"
    "\n"
    "  --json     have doctor and status print JSON\n"
    "  --help     this\n"
    "  --version  the version of settcpentry, and of the DLL that it uses\n"
    "\n"
    "Exit status: 0 all is well, or was done; 1 it is not; 2 usage.\n";

enum option_name
{
    OPTION_ALL = COMMAND_LINE_OPTIONS,
    OPTION_JSON,
    OPTION_HELP,
    OPTION_VERSION,
};

struct arguments
{
    wchar_t program[PATH_CHARS]; /* EVERYBODY with --all, and empty for none */
    bool as_json;
};

static int complain(const char *argument, const char *wrong)
{
    fprintf(stderr, "settcpentry: '%s' %s; see settcpentry --help\n", argument, wrong);
    return STATUS_USAGE;
}

/* ---- commands ---- */

static int run_doctor(const struct arguments *arguments)
{
    return doctor(*arguments->program ? arguments->program : NULL, arguments->as_json)
               ? STATUS_DONE
               : STATUS_NOT_DONE;
}

static void check(const wchar_t *program)
{
    if (wcscmp(program, EVERYBODY) == 0) {
        check_all_programs();
    } else {
        check_program(program, false);
    }
}

static void check_enabled(void *taker, const struct enabled *enabled)
{
    bool *is_any = taker;

    *is_any = true;
    check(enabled->program);
}

static int run_status(const struct arguments *arguments)
{
    bool is_any = *arguments->program != 0;

    checklist_begin(arguments->as_json);
    if (is_any) {
        check(arguments->program);
    } else {
        const LONG error = enabled_each(check_enabled, &is_any);

        if (error != ERROR_SUCCESS) {
            checklist_add("programs", "look at HKEY_CURRENT_USER\\Software\\settcpentry",
                          "those that were enabled cannot be read: error %ld", error);
        }
    }
    return checklist_end(is_any ? "All is in force." : "Nothing was enabled here.",
                         "Not all is in force.")
               ? STATUS_DONE
               : STATUS_NOT_DONE;
}

static int run_enable(const struct arguments *arguments)
{
    return enable(arguments->program) ? run_status(arguments) : STATUS_NOT_DONE;
}

static int run_disable(const struct arguments *arguments)
{
    if (!disable(arguments->program)) {
        return STATUS_NOT_DONE;
    }
    puts("Disabled.");
    return STATUS_DONE;
}

static const struct command
{
    const char *name;
    int (*run)(const struct arguments *arguments);
    bool has_json;
    bool takes_all;
    bool wants_one; /* a program, or all */
} commands[] = {
    {"doctor", run_doctor, true, false, false},
    {"status", run_status, true, true, false},
    {"enable", run_enable, false, true, true},
    {"disable", run_disable, false, true, true},
};

/* ---- the command line ---- */

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

static int run_command(const struct command *command, const char *program,
                       struct arguments *arguments)
{
    const bool has_all = *arguments->program != 0;

    if (arguments->as_json && !command->has_json) {
        return complain("--json", "is for doctor and status");
    }
    if (has_all && (program || !command->takes_all)) {
        return complain("--all", program ? "takes the place of a program" : "is not for doctor");
    }
    if (has_all && !wine_is_here()) {
        return complain("--all", "is for Wine only: a real Windows guards its system's files");
    }
    if (has_all && !system_folders_are_seen()) {
        return complain("--all", "is for the settcpentry.exe of 64 bits here");
    }
    if (!has_all && !program && command->wants_one) {
        return complain(command->name, "wants a program, or --all");
    }
    if (program && !path_read(program, arguments->program)) {
        return complain(program, "is no path, or too long");
    }
    return command->run(arguments);
}

static int run_arguments(int count, char *argv[], struct arguments *arguments)
{
    const struct command *command = count > 0 ? find_command(argv[0]) : NULL;

    if (count == 0) {
        fputs(usage, stderr);
        return STATUS_USAGE;
    }
    if (!command) {
        return complain(argv[0], "is no command");
    }
    if (count > 2) {
        return complain(argv[2], "is one argument too many");
    }
    return run_command(command, argv[1], arguments);
}

static int run(int argc, char *argv[])
{
    static const struct option options[] = {
        {"all", no_argument, NULL, OPTION_ALL},
        {"json", no_argument, NULL, OPTION_JSON},
        {"help", no_argument, NULL, OPTION_HELP},
        {"version", no_argument, NULL, OPTION_VERSION},
        {0},
    };
    static struct arguments arguments;
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (option) {
        case OPTION_ALL:
            wcscpy(arguments.program, EVERYBODY);
            break;
        case OPTION_JSON:
            arguments.as_json = true;
            break;
        case OPTION_HELP:
            fputs(usage, stdout);
            return STATUS_DONE;
        case OPTION_VERSION:
            command_line_print_version("settcpentry");
            return STATUS_DONE;
        default:
            return complain(command_line_bad_option(argv), "is no option");
        }
    }
    return run_arguments(argc - optind, argv + optind, &arguments);
}

int wmain(int argc, wchar_t *wide[]);

int wmain(int argc, wchar_t *wide[])
{
    if (argc >= 3 && wcscmp(wide[1], PROBE_OPTION) == 0) {
        return probe_run(wide[2], argc > 3);
    }
    return command_line_main("settcpentry", argc, wide, run);
}
