/* SPDX-License-Identifier: MIT */
#include "outside.h"

#include "give_up.h"
#include "host_places.h"
#include "places.h"
#include "program.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum
{
    LOOKS = 1000,
    BETWEEN_LOOKS_US = 5000,
};

static void wait_until_it_serves(const struct outside *outside)
{
    char serving[sizeof(outside->folder) + sizeof("/" HOST_SERVING_NAME)];

    snprintf(serving, sizeof(serving), "%s/" HOST_SERVING_NAME, outside->folder);
    for (int looks = 0; access(serving, F_OK) != 0; looks++) {
        if (looks == LOOKS) {
            give_up(serving);
        }
        usleep(BETWEEN_LOOKS_US);
    }
}

struct outside outside_start(void)
{
    struct outside outside = {.folder = "/dev/shm/bench-XXXXXX"};
    char helper[PLACE_CHARS];

    if (!mkdtemp(outside.folder)) {
        give_up(outside.folder);
    }
    outside.process = program_start(
        places_helper(helper), (const char *const[]){"--serve", outside.folder, NULL}, -1, -1, -1);
    wait_until_it_serves(&outside);
    return outside;
}

void outside_end(struct outside *outside)
{
    kill(outside->process, SIGTERM);
    if (program_wait(outside->process) != 0) {
        errno = ECHILD;
        give_up("the end of the helper outside");
    }
    rmdir(outside->folder);
}
