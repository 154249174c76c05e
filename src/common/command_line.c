/* SPDX-License-Identifier: MIT */
#include "command_line.h"

#include <getopt.h>

const char *command_line_bad_option(char *const argv[])
{
    static char letter[] = "-?";

    /* The first byte of a letter that has more: getopt is not done with the argument. */
    if (optopt < 0) {
        return argv[optind];
    }
    if (optopt == 0 || optopt >= COMMAND_LINE_OPTIONS) {
        return argv[optind - 1];
    }
    letter[1] = (char)optopt;
    return letter;
}
