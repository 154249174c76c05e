/* SPDX-License-Identifier: MIT */
#include "places.h"

#include <stdio.h>

static struct
{
    const char *tests;
    const char *stage;
    const char *architecture;
} places;

void places_set(const char *tests, const char *stage, const char *architecture)
{
    places.tests = tests;
    places.stage = stage;
    places.architecture = architecture;
}

const char *places_program(const char *name, char path_out[PLACE_CHARS])
{
    snprintf(path_out, PLACE_CHARS, "%s/bench/%s", places.tests, name);
    return path_out;
}

const char *places_drop_in(const char *name, char path_out[PLACE_CHARS])
{
    snprintf(path_out, PLACE_CHARS, "%s/dll/passthrough/drop_in/%s", places.tests, name);
    return path_out;
}

const char *places_helper(char path_out[PLACE_CHARS])
{
    snprintf(path_out, PLACE_CHARS, "%s/libexec/settcpentry-host", places.stage);
    return path_out;
}

const char *places_tcpdrop(char path_out[PLACE_CHARS])
{
    snprintf(path_out, PLACE_CHARS, "%s/bin/tcpdrop", places.stage);
    return path_out;
}

const char *places_tcpdrop_windows(char path_out[PLACE_CHARS])
{
    snprintf(path_out, PLACE_CHARS, "%s/bin/%s/tcpdrop.exe", places.stage, places.architecture);
    return path_out;
}
