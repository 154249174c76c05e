/* SPDX-License-Identifier: MIT */
#include "processors.h"

#include "give_up.h"
#include "helpers.h"
#include "threads.h"

#include <errno.h>

struct processors processors_of_all(void)
{
    struct processors processors;
    size_t first = 0;

    if (sched_getaffinity(0, sizeof(processors.all), &processors.all) != 0) {
        give_up("sched_getaffinity");
    }
    while (!CPU_ISSET(first, &processors.all)) {
        first++;
    }
    CPU_ZERO(&processors.one);
    CPU_SET(first, &processors.one);
    return processors;
}

static void pin_thread(pid_t thread, void *set)
{
    if (sched_setaffinity(thread, sizeof(cpu_set_t), set) != 0 && errno != ESRCH) {
        give_up("sched_setaffinity");
    }
}

void processors_pin(pid_t program, const struct processors *processors, bool to_one)
{
    cpu_set_t set = to_one ? processors->one : processors->all;
    const pid_t pinned[] = {program, helpers_find_process("wineserver"),
                            helpers_find_process("settcpentry-hos")};

    for (size_t i = 0; i < sizeof(pinned) / sizeof(pinned[0]); i++) {
        threads_each(pinned[i], pin_thread, &set);
    }
}
