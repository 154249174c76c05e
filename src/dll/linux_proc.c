/* SPDX-License-Identifier: MIT */
#include "linux_proc.h"

#include "os.h"

#include "../common/linux_path.h"

enum
{
    FILE_BYTES = 2048, /* a command line with a long path, of which each character may take three */
    FIRST_PROCESS = 1,
};

static bool read_file(DWORD number, const WCHAR *name, char text_out[FILE_BYTES], DWORD *length_out)
{
    struct linux_path path;

    return linux_path_begin(&path, L"/proc/") && linux_path_add_number(&path, number, 10) &&
           linux_path_add(&path, name) &&
           os_read_file(path.text, text_out, FILE_BYTES, length_out) == NO_ERROR;
}

bool linux_proc_look(DWORD number, struct linux_process *process_out)
{
    char text[FILE_BYTES];
    DWORD length;

    return read_file(number, L"/stat", text, &length) &&
           linux_process_read(text, length, process_out);
}

static bool has_last_argument(DWORD number, const WCHAR *argument)
{
    char text[FILE_BYTES];
    DWORD length;

    return read_file(number, L"/cmdline", text, &length) &&
           linux_command_line_ends_with(text, length, argument);
}

struct search
{
    const WCHAR *last_argument;
    enum linux_proc_seen seen;
};

static void look_at_entry(void *taker, const WCHAR *name)
{
    struct search *search = taker;
    struct linux_process process;
    DWORD number = 0;

    for (; *name >= '0' && *name <= '9'; name++) {
        number = number * 10 + (*name - '0');
    }
    if (*name != 0 || search->seen == LINUX_PROC_AT_WORK ||
        !has_last_argument(number, search->last_argument)) {
        return;
    }
    search->seen = linux_proc_look(number, &process) && process.is_at_work ? LINUX_PROC_AT_WORK
                                                                           : LINUX_PROC_IDLE;
}

/* Where the first of all processes is not shown, the option hidepid of proc hides others, too. */
enum linux_proc_seen linux_proc_seek(const WCHAR *last_argument)
{
    struct search search = {last_argument, LINUX_PROC_ABSENT};
    struct linux_process first;
    struct linux_path proc;

    linux_path_begin(&proc, L"/proc");
    if (!linux_proc_look(FIRST_PROCESS, &first) ||
        os_each_name(proc.text, look_at_entry, &search) != NO_ERROR) {
        return LINUX_PROC_UNKNOWN;
    }
    return search.seen;
}
