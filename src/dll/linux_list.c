/* SPDX-License-Identifier: MIT */
#include "linux_list.h"

#include "os.h"

#include "../common/linux_path.h"

struct reading
{
    linux_line_func is_wanted;
    const void *wanted;
    char line[LINUX_LINE_CHARS];
    DWORD length; /* of the line, as far as it has come */
    bool is_found;
    bool is_strange; /* a line was longer than any of Linux's */
    bool has_lines;  /* the first one names the columns */
};

static void end_line(struct reading *reading)
{
    reading->is_found = reading->is_wanted(reading->wanted, reading->line, reading->length);
    reading->has_lines = true;
    reading->length = 0;
}

static bool take(void *taker, const char *part, DWORD length)
{
    struct reading *reading = taker;

    for (DWORD i = 0; i < length && !reading->is_found && !reading->is_strange; i++) {
        if (part[i] == '\n') {
            end_line(reading);
        } else if (reading->length == LINUX_LINE_CHARS) {
            reading->is_strange = true;
        } else {
            reading->line[reading->length++] = part[i];
        }
    }
    return !reading->is_found && !reading->is_strange;
}

static enum linux_listed read_list(const WCHAR *path, struct reading reading)
{
    const DWORD error = os_read_parts(path, take, &reading);

    if (reading.is_found) {
        return LINUX_LISTED;
    }
    if (error == ERROR_FILE_NOT_FOUND) {
        return LINUX_NO_LIST;
    }
    /* The end of a list is the end of a line. */
    return error == NO_ERROR && reading.has_lines && reading.length == 0 && !reading.is_strange
               ? LINUX_NOT_LISTED
               : LINUX_LIST_UNKNOWN;
}

enum linux_listed linux_list_look(const WCHAR *path, linux_line_func is_wanted, const void *wanted)
{
    const struct reading beginning = {.is_wanted = is_wanted, .wanted = wanted};
    struct linux_path windows_path;
    enum linux_listed listed = LINUX_NOT_LISTED;

    if (!linux_path_begin(&windows_path, path)) {
        return LINUX_LIST_UNKNOWN;
    }
    /* Linux gives a list in parts, and if something goes from it in between, the next part may begin
     * one line too late. */
    for (int readings = 0; readings < 2 && listed == LINUX_NOT_LISTED; readings++) {
        listed = read_list(windows_path.text, beginning);
    }
    return listed;
}
