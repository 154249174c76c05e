/* SPDX-License-Identifier: MIT */
#include "tcpdrop.h"

#ifdef _WIN32

#include "../common/command_line.h"

#include <stddef.h>

int wmain(int argc, wchar_t *wide[]);

int wmain(int argc, wchar_t *wide[])
{
    return command_line_main("tcpdrop", argc, wide, tcpdrop_run);
}

#else

#include <getopt.h>

int main(int argc, char *argv[])
{
    opterr = 0; /* we have words of our own */
    return tcpdrop_run(argc, argv);
}

#endif
