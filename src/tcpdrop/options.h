/* SPDX-License-Identifier: MIT */
/* What the command line asks for. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "filter.h"

enum options_action
{
    ACTION_CLOSE_NAMED, /* the one connection that the arguments name */
    ACTION_LIST,
    ACTION_CLOSE,
    ACTION_HELP,
    ACTION_VERSION,
};

struct options
{
    enum options_action action;
    struct connection connection; /* of ACTION_CLOSE_NAMED */
    struct filter filter;
    bool is_long;
    bool as_json;
    bool as_commands;
    bool is_sure; /* --yes */
    bool is_dry;
    uint32_t watch_ms; /* milliseconds between two looks; 0: one look is all */
};

extern const char options_usage[];

/*
 * NULL; or what is wrong, and in argument_out with which argument, or NULL if with none of them.  The filter keeps
 * parts of the arguments; options_free frees what it has besides, in either case.
 */
const char *options_read(int argc, char *argv[], struct options *options_out,
                         const char **argument_out);
void options_free(struct options *options);

#endif
