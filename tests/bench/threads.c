/* SPDX-License-Identifier: MIT */
#include "threads.h"

#include "give_up.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

void threads_each(pid_t process, void (*take)(pid_t thread, void *taker), void *taker)
{
    char path[64];
    DIR *folder;

    snprintf(path, sizeof(path), "/proc/%d/task", (int)process);
    folder = opendir(path);
    if (!folder) {
        give_up(path);
    }
    for (const struct dirent *entry; (entry = readdir(folder));) {
        const pid_t thread = (pid_t)strtol(entry->d_name, NULL, 10);

        if (thread != 0) {
            take(thread, taker);
        }
    }
    closedir(folder);
}

/* Source: Documentation/scheduler/sched-stats.rst, of Linux */
static void add_time(pid_t thread, void *sum)
{
    char path[64];
    char line[128];
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)thread);
    file = fopen(path, "r");
    if (!file || !fgets(line, sizeof(line), file)) {
        give_up(path);
    }
    fclose(file);
    *(double *)sum += strtod(line, NULL);
}

double threads_processor_time(pid_t process)
{
    double sum = 0;

    threads_each(process, add_time, &sum);
    return sum;
}
