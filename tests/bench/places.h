/* SPDX-License-Identifier: MIT */
/* Where the programs are that are measured. */
#ifndef PLACES_H
#define PLACES_H

enum
{
    PLACE_CHARS = 4096,
};

/* The folders of one architecture's tests (build/ARCHITECTURE/tests), and of what is shipped (stage). */
void places_set(const char *tests, const char *stage, const char *architecture);

const char *places_program(const char *name, char path_out[PLACE_CHARS]); /* of tests/bench */
const char *places_drop_in(const char *name,
                           char path_out[PLACE_CHARS]); /* beside our iphlpapi.dll */
const char *places_helper(char path_out[PLACE_CHARS]);
const char *places_tcpdrop(char path_out[PLACE_CHARS]);         /* for Linux */
const char *places_tcpdrop_windows(char path_out[PLACE_CHARS]); /* of that architecture */

#endif
