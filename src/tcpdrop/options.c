/* SPDX-License-Identifier: MIT */
#include "options.h"

#include "../common/command_line.h"
#include "connection_name.h"
#include "system.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char options_usage[] =
    "usage: tcpdrop LADDR LPORT FADDR FPORT\n"
    "       tcpdrop LADDR:LPORT FADDR:FPORT\n"
    "       tcpdrop 'LADDR:LPORT -> FADDR:FPORT'\n"
    "       tcpdrop 'a whole line of netstat'\n"
    "       tcpdrop --list [--long] [--json | --commands] [FILTER...]\n"
    "       tcpdrop --close [--yes | --dry-run] [--long] [--json] FILTER... | --all\n"
    "       tcpdrop --close --watch[=SECONDS] --yes [--long] [--json] FILTER... | --all\n"
    "\n"
    "Closes TCP connections at once: one, by its local and its foreign address and port, or all\n"
    "that match. Listeners are left alone.\n"
    "\n"
    "  --list              show connections\n"
    "  --close             close connections; asks first\n"
    "  --yes               without asking\n"
    "  --dry-run           only show what would be closed\n"
    "  --watch[=SECONDS]   look again each second, or after so many, until stopped\n"
    "  --all               every connection\n"
    "\n"
    "Filters of one kind are alternatives; those of different kinds have to hold all:\n"
    "  --local END         ADDRESS, ADDRESS/BITS, :PORT, ADDRESS:PORT, :LOW-HIGH, *, localhost;\n"
    "  --remote END        IPv6 addresses stand in brackets before a port: [fe80::1%2]:80\n"
    "  --resolve           an END may be a host's name, too, which is looked up\n"
    "  --state STATE       established, time-wait, listen, ... or all;\n"
    "                      else all but listen and time-wait\n"
    "  --pid N             of the process with this id\n"
    "  --process PATTERN   of processes with such a name, * and ? being wildcards, in any case\n"
    "  -4, -6              IPv4, IPv6\n"
    "\n"
    "  --long              with process ids and names\n"
    "  --json              as JSON\n"
    "  --commands          each as the command that closes it\n"
    "  --help, --version\n"
    "\n"
    "Exit status: 0 done, 1 not all were closed, 2 usage, 3 no rights, 4 no such connection.\n";

enum
{
    DAY_SECONDS = 24 * 60 * 60,
};

enum option_name
{
    OPTION_LIST = COMMAND_LINE_OPTIONS,
    OPTION_CLOSE,
    OPTION_YES,
    OPTION_DRY_RUN,
    OPTION_WATCH,
    OPTION_ALL,
    OPTION_LONG,
    OPTION_JSON,
    OPTION_COMMANDS,
    OPTION_RESOLVE,
    OPTION_LOCAL,
    OPTION_REMOTE,
    OPTION_STATE,
    OPTION_PID,
    OPTION_PROCESS,
    OPTION_HELP,
    OPTION_VERSION,
};

static const struct option long_options[] = {
    {"list", no_argument, NULL, OPTION_LIST},
    {"close", no_argument, NULL, OPTION_CLOSE},
    {"yes", no_argument, NULL, OPTION_YES},
    {"dry-run", no_argument, NULL, OPTION_DRY_RUN},
    {"watch", optional_argument, NULL, OPTION_WATCH},
    {"all", no_argument, NULL, OPTION_ALL},
    {"long", no_argument, NULL, OPTION_LONG},
    {"json", no_argument, NULL, OPTION_JSON},
    {"commands", no_argument, NULL, OPTION_COMMANDS},
    {"resolve", no_argument, NULL, OPTION_RESOLVE},
    {"local", required_argument, NULL, OPTION_LOCAL},
    {"remote", required_argument, NULL, OPTION_REMOTE},
    {"state", required_argument, NULL, OPTION_STATE},
    {"pid", required_argument, NULL, OPTION_PID},
    {"process", required_argument, NULL, OPTION_PROCESS},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {0},
};

/* ---- which options go together ---- */

/* A set of options has the bit of each. */
#define BIT(option) (1u << (OPTION_##option - COMMAND_LINE_OPTIONS))
#define FAMILIES (1u << (OPTION_VERSION + 1 - COMMAND_LINE_OPTIONS)) /* -4 or -6 */
#define ENDS (BIT(LOCAL) | BIT(REMOTE))
#define FILTERS (ENDS | BIT(STATE) | BIT(PID) | BIT(PROCESS) | FAMILIES)

/* The first rule that is broken is told, of the option that breaks it. */
static const struct
{
    uint32_t with;
    uint32_t needs; /* one of these */
    uint32_t excludes;
    const char *wrong;
} rules[] = {
    {BIT(CLOSE), 0, BIT(LIST), "cannot go with --list"},
    {BIT(YES), BIT(CLOSE), 0, "goes with --close"},
    {BIT(DRY_RUN), BIT(CLOSE), 0, "goes with --close"},
    {BIT(WATCH), BIT(CLOSE), 0, "goes with --close"},
    {BIT(ALL), BIT(CLOSE), 0, "goes with --close"},
    {BIT(COMMANDS), BIT(LIST), 0, "goes with --list"},
    {FILTERS, BIT(LIST) | BIT(CLOSE), 0, "goes with --list or --close"},
    {BIT(LONG), BIT(LIST) | BIT(CLOSE), 0, "goes with --list or --close"},
    {BIT(RESOLVE), ENDS, 0, "goes with --local or --remote"},
    {BIT(ALL), 0, FILTERS, "cannot go with a filter"},
    {BIT(CLOSE), FILTERS | BIT(ALL), 0,
     "wants a filter, or --all; one that is named is closed without it"},
    {BIT(DRY_RUN), 0, BIT(YES), "cannot go with --yes"},
    {BIT(WATCH), 0, BIT(DRY_RUN), "cannot go with --dry-run"},
    {BIT(WATCH), BIT(YES), 0, "wants --yes, as nobody is asked each time"},
    {BIT(COMMANDS), 0, BIT(JSON), "cannot go with --json"},
    {BIT(COMMANDS), 0, BIT(LONG), "cannot go with --long"},
};

/* An option as it was given. */
struct given
{
    int option;
    const char *text; /* its argument */
};

/* What has been read so far. */
struct reading
{
    struct options *options;
    struct given *given;
    size_t count;
    uint32_t bits;
    const char *argument; /* with which something is wrong */
};

static uint32_t bit_of(int option)
{
    return option < COMMAND_LINE_OPTIONS ? FAMILIES : 1u << (option - COMMAND_LINE_OPTIONS);
}

static const char *spelling_of(int option)
{
    static char spelling[32];
    const struct option *known = long_options;

    snprintf(spelling, sizeof(spelling), "-%c", option);
    for (; known->name; known++) {
        if (known->val == option) {
            snprintf(spelling, sizeof(spelling), "--%s", known->name);
        }
    }
    return spelling;
}

/* As it is spelt, the first of these that was given. */
static const char *first_of(const struct reading *reading, uint32_t bits)
{
    for (size_t i = 0; i < reading->count; i++) {
        if (bit_of(reading->given[i].option) & bits) {
            return spelling_of(reading->given[i].option);
        }
    }
    return NULL;
}

static const char *check_rules(struct reading *reading)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if ((reading->bits & rules[i].with) &&
            ((rules[i].needs && !(reading->bits & rules[i].needs)) ||
             (reading->bits & rules[i].excludes))) {
            reading->argument = first_of(reading, rules[i].with);
            return rules[i].wrong;
        }
    }
    return NULL;
}

/* ---- what they say ---- */

/* Seconds, with a fraction or not, in milliseconds. */
static const char *read_pause(const char *text, uint32_t *milliseconds_out)
{
    char *end;
    double seconds;

    if (strspn(text, "0123456789.") != strlen(text)) {
        return "is no number of seconds";
    }
    seconds = strtod(text, &end);
    if (*end || !(seconds >= 0.001 && seconds <= DAY_SECONDS)) {
        return "is no number of seconds: 0.001 to 86400";
    }
    *milliseconds_out = (uint32_t)(seconds * 1000);
    return NULL;
}

static const char *read_state(const struct reading *reading, const char *text)
{
    const uint32_t states = tcp_state_read(text);

    if (states && !(states & ~STATES_NEVER_CLOSED) &&
        (reading->bits & (BIT(CLOSE) | BIT(COMMANDS)))) {
        return "is a state in which nothing can be closed";
    }
    return filter_add_state(&reading->options->filter, text);
}

static const char *read_value(const struct reading *reading, const struct given *given)
{
    struct options *options = reading->options;
    filter_resolve_func *const resolve = reading->bits & BIT(RESOLVE) ? system_resolve : NULL;

    switch (given->option) {
    case OPTION_LOCAL:
        return filter_add_end(&options->filter.local, given->text, resolve);
    case OPTION_REMOTE:
        return filter_add_end(&options->filter.remote, given->text, resolve);
    case OPTION_STATE:
        return read_state(reading, given->text);
    case OPTION_PID:
        return filter_add_process(&options->filter, given->text);
    case OPTION_PROCESS:
        return filter_add_name(&options->filter, given->text);
    case OPTION_WATCH:
        options->watch_ms = 1000;
        return given->text ? read_pause(given->text, &options->watch_ms) : NULL;
    default:
        return NULL;
    }
}

/* What is to be closed is looked for where it can be. */
static void leave_out_never_closed(const struct reading *reading)
{
    uint32_t *states = &reading->options->filter.states;

    if (reading->bits & (BIT(CLOSE) | BIT(COMMANDS))) {
        *states = (*states != 0 ? *states : STATES_CONNECTED) & ~STATES_NEVER_CLOSED;
    }
}

static const char *read_values(struct reading *reading)
{
    const char *wrong = NULL;

    for (size_t i = 0; i < reading->count && !wrong; i++) {
        reading->argument = reading->given[i].text;
        wrong = read_value(reading, &reading->given[i]);
    }
    if (!wrong) {
        leave_out_never_closed(reading);
        wrong = filter_check(&reading->options->filter, &reading->argument);
    }
    return wrong;
}

/* ---- the command line ---- */

/* Once is enough of -4 and -6, of which one argument can have any number. */
static void note(struct reading *reading, int option)
{
    const uint32_t bit = bit_of(option);

    if (option == '4' || option == '6') {
        reading->options->filter.families |= 1u << (option - '0'); /* enum connection_family */
    }
    if (bit != FAMILIES || !(reading->bits & FAMILIES)) {
        reading->given[reading->count++] = (struct given){option, optarg};
    }
    reading->bits |= bit;
}

static const char *read_options(int argc, char *argv[], struct reading *reading)
{
    int option;

    while ((option = getopt_long(argc, argv, "46", long_options, NULL)) != -1) {
        if (option == '?') {
            reading->argument = command_line_bad_option(argv);
            return "is no option, or lacks what belongs to it; see tcpdrop --help";
        }
        note(reading, option);
    }
    return NULL;
}

static enum options_action action_of(uint32_t bits)
{
    return bits & BIT(HELP)      ? ACTION_HELP
           : bits & BIT(VERSION) ? ACTION_VERSION
           : bits & BIT(LIST)    ? ACTION_LIST
           : bits & BIT(CLOSE)   ? ACTION_CLOSE
                                 : ACTION_CLOSE_NAMED;
}

static const char *read_name(int count, char *words[], struct reading *reading)
{
    int bad;
    const char *wrong = connection_name_read(count, words, &reading->options->connection, &bad);

    reading->argument = wrong && bad < count ? words[bad] : NULL;
    return wrong;
}

static const char *read_all(int argc, char *argv[], struct reading *reading)
{
    struct options *options = reading->options;
    const char *wrong = read_options(argc, argv, reading);

    options->action = action_of(reading->bits);
    if (wrong || options->action == ACTION_HELP || options->action == ACTION_VERSION) {
        return wrong;
    }
    options->is_long = reading->bits & BIT(LONG);
    options->as_json = reading->bits & BIT(JSON);
    options->as_commands = reading->bits & BIT(COMMANDS);
    options->is_sure = reading->bits & BIT(YES);
    options->is_dry = reading->bits & BIT(DRY_RUN);
    /* Where only lines are printed there is no room for them. */
    options->is_long = options->is_long && (options->action == ACTION_LIST || options->as_json ||
                                            !(options->is_sure || options->is_dry));
    wrong = check_rules(reading);
    if (!wrong && options->action == ACTION_CLOSE_NAMED) {
        return read_name(argc - optind, argv + optind, reading);
    }
    if (!wrong && optind < argc) {
        reading->argument = argv[optind];
        return "is one argument too many";
    }
    return wrong ? wrong : read_values(reading);
}

/* Between two ends it adds nothing, and getopt would take it for an option.  How many are left. */
static int leave_out_arrows(int argc, char *argv[])
{
    int kept = 1;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "->") != 0 || *argv[i - 1] == '-') {
            argv[kept++] = argv[i];
        }
    }
    argv[kept] = NULL;
    return kept;
}

const char *options_read(int argc, char *argv[], struct options *options_out,
                         const char **argument_out)
{
    struct reading reading = {.options = options_out,
                              .given = calloc((size_t)argc + 1, sizeof(struct given))};
    const char *wrong;

    *options_out = (struct options){.action = ACTION_HELP};
    *argument_out = NULL;
    if (!reading.given) {
        return "finds no memory";
    }
    wrong = read_all(leave_out_arrows(argc, argv), argv, &reading);
    *argument_out = reading.argument;
    free(reading.given);
    return wrong;
}

void options_free(struct options *options)
{
    filter_free(&options->filter);
}
