/* SPDX-License-Identifier: MIT */
#include "commands.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
    LINE_CHARS = 1024,
};

void commands_answer(double first, double second)
{
    printf("%.3f %.3f\n", first, second);
    fflush(stdout);
}

void commands_fail(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    printf("\n");
    fflush(stdout);
    exit(1);
}

static bool obey(const struct command *command, char *line)
{
    const char *name = strtok(line, " \r\n");
    const char *arguments = name ? strtok(NULL, "\r\n") : NULL;

    if (!name || strcmp(name, "end") == 0) {
        return false;
    }
    while (command->name && strcmp(command->name, name) != 0) {
        command++;
    }
    if (!command->name) {
        commands_fail("there is no command %s", name);
    }
    command->obey(arguments ? arguments : "");
    return true;
}

int commands_obey(const struct command commands[])
{
    char line[LINE_CHARS];

    while (fgets(line, sizeof(line), stdin) && obey(commands, line)) {
    }
    return 0;
}

static void read_rows(const char *path, struct batch *batch)
{
    FILE *file = fopen(path, "rb");

    if (!file || fread(batch->rows, sizeof(*batch->rows), batch->count, file) != batch->count) {
        commands_fail("cannot read %s", path);
    }
    fclose(file);
}

struct batch commands_read_batch(const char *arguments)
{
    const char *blank = strrchr(arguments, ' ');
    const size_t count = blank ? strtoul(blank, NULL, 10) : 0;
    char path[LINE_CHARS];
    struct batch batch;

    if (count == 0) {
        commands_fail("not FILE COUNT: %s", arguments);
    }
    snprintf(path, sizeof(path), "%.*s", (int)(blank - arguments), arguments);
    batch = (struct batch){
        .rows = calloc(count, sizeof(*batch.rows)),
        .times = calloc(count, sizeof(*batch.times)),
        .more_times = calloc(count, sizeof(*batch.more_times)),
        .count = count,
    };
    if (!batch.rows || !batch.times || !batch.more_times) {
        commands_fail("out of memory");
    }
    read_rows(path, &batch);
    return batch;
}

void commands_free_batch(struct batch *batch)
{
    free(batch->rows);
    free(batch->times);
    free(batch->more_times);
}
