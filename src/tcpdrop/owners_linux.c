/* SPDX-License-Identifier: MIT */
/* Source: proc(5) */
#include "owners_linux.h"

#include "../common/text.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum
{
    COMM_BYTES = 15,           /* Linux keeps no more of a name */
    COMMAND_LINE_BYTES = 4096, /* of which the first argument counts */
    LINK_BYTES = 32,           /* socket:[4294967295] */
};

static const char out_of_memory[] = "out of memory";

/* ---- pure ---- */

uint32_t owners_socket_inode(const char *link)
{
    static const char prefix[] = "socket:[";
    const char *number = link + sizeof(prefix) - 1;
    unsigned long long inode;
    char *end;

    if (strncmp(link, prefix, sizeof(prefix) - 1) != 0 || !isdigit((unsigned char)*number)) {
        return 0;
    }
    inode = strtoull(number, &end, 10);
    return strcmp(end, "]") == 0 && inode <= UINT32_MAX ? (uint32_t)inode : 0;
}

/* Of a path of Linux, or of Windows. */
static const char *last_part(const char *path, size_t *length)
{
    size_t at = *length;

    while (at > 0 && path[at - 1] != '/' && path[at - 1] != '\\') {
        at--;
    }
    *length -= at;
    return path + at;
}

void owners_choose_name(const char *comm, const char *command_line, size_t bytes,
                        char name_out[OWNER_NAME_BYTES])
{
    size_t length = strnlen(command_line, bytes);
    const char *last = last_part(command_line, &length);

    snprintf(name_out, OWNER_NAME_BYTES, "%s", comm);
    if (strlen(comm) == COMM_BYTES && length >= COMM_BYTES && length < OWNER_NAME_BYTES &&
        memcmp(last, comm, COMM_BYTES) == 0) {
        memcpy(name_out, last, length);
        name_out[length] = 0;
    }
    text_clean(name_out);
}

/* ---- what is looked for, and what has been found ---- */

struct place
{
    uint32_t inode;
    size_t row;
};

struct finding
{
    size_t row;
    struct table_owner owner;
};

struct search
{
    struct place *places; /* by inode */
    size_t place_count;
    struct finding *findings;
    size_t count;
    size_t room;
    bool lacks_memory;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *left = a;
    const struct place *right = b;

    return (left->inode > right->inode) - (left->inode < right->inode);
}

static int compare_findings(const void *a, const void *b)
{
    const struct finding *left = a;
    const struct finding *right = b;
    const int by_row = (left->row > right->row) - (left->row < right->row);

    return by_row != 0 ? by_row
                       : (left->owner.process > right->owner.process) -
                             (left->owner.process < right->owner.process);
}

static bool note_places(struct search *search, const uint32_t *inodes, size_t rows)
{
    search->places = calloc(rows + 1, sizeof(*search->places));
    for (size_t i = 0; search->places && i < rows; i++) {
        if (inodes[i] != 0) {
            search->places[search->place_count++] = (struct place){inodes[i], i};
        }
    }
    if (search->place_count > 0) {
        qsort(search->places, search->place_count, sizeof(*search->places), compare_places);
    }
    return search->places != NULL;
}

static bool make_room(struct search *search)
{
    const size_t room = 2 * search->room + 64;
    struct finding *findings;

    if (search->count < search->room) {
        return true;
    }
    findings = realloc(search->findings, room * sizeof(*findings));
    if (findings) {
        search->findings = findings;
        search->room = room;
    }
    return findings != NULL;
}

static void add_finding(struct search *search, size_t row, uint32_t process, const char *name)
{
    struct finding *finding;

    if (!make_room(search)) {
        search->lacks_memory = true;
        return;
    }
    finding = &search->findings[search->count];
    *finding = (struct finding){.row = row, .owner = {.process = process, .name = strdup(name)}};
    if (finding->owner.name) {
        search->count++;
    } else {
        search->lacks_memory = true;
    }
}

/* ---- processes: whatever has ended while we look has nothing any more ---- */

/* Files are opened from its folder on: its id can be another process's already. */
struct process
{
    uint32_t id;
    int folder; /* /proc/ID */
    int thread; /* the same, or /proc/ID/task/THREAD */
    bool is_named;
    char name[OWNER_NAME_BYTES];
};

static DIR *open_folder(int at, const char *name)
{
    const int opened = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = opened < 0 ? NULL : fdopendir(opened);

    if (opened >= 0 && !folder) {
        close(opened);
    }
    return folder;
}

/* The name of what is next in it and has a number; NULL at its end. */
static const char *next_number(DIR *folder)
{
    const struct dirent *entry;

    while ((entry = readdir(folder))) {
        if (isdigit((unsigned char)entry->d_name[0])) {
            return entry->d_name;
        }
    }
    return NULL;
}

/* Its beginning, ended with a NUL; how long that is. */
static size_t read_file(int folder, const char *name, char *text_out, size_t room)
{
    const int file = openat(folder, name, O_RDONLY | O_CLOEXEC);
    const ssize_t bytes = file < 0 ? 0 : read(file, text_out, room - 1);
    const size_t length = bytes < 0 ? 0 : (size_t)bytes;

    if (file >= 0) {
        close(file);
    }
    text_out[length] = 0;
    return length;
}

static const char *name_of(struct process *process)
{
    char comm[COMM_BYTES + 2];
    char command_line[COMMAND_LINE_BYTES];
    size_t bytes;

    if (!process->is_named) {
        bytes = read_file(process->folder, "comm", comm, sizeof(comm));
        comm[bytes > 0 && comm[bytes - 1] == '\n' ? bytes - 1 : bytes] = 0;
        bytes = read_file(process->thread, "cmdline", command_line, sizeof(command_line));
        owners_choose_name(comm, command_line, bytes, process->name);
        process->is_named = true;
    }
    return process->name;
}

static void look_at(struct search *search, struct process *process, int folder, const char *name)
{
    char link[LINK_BYTES];
    const ssize_t length = readlinkat(folder, name, link, sizeof(link) - 1);
    struct place wanted = {.row = 0};
    const struct place *found;

    if (length <= 0) {
        return;
    }
    link[length] = 0;
    wanted.inode = owners_socket_inode(link);
    found = bsearch(&wanted, search->places, search->place_count, sizeof(wanted), compare_places);
    if (found) {
        add_finding(search, found->row, process->id, name_of(process));
    }
}

/* False: it has none that we may see. */
static bool look_at_descriptors(struct search *search, struct process *process)
{
    DIR *descriptors = open_folder(process->thread, "fd");
    bool has_some = false;
    const char *name;

    if (!descriptors) {
        return false;
    }
    while ((name = next_number(descriptors))) {
        has_some = true;
        look_at(search, process, dirfd(descriptors), name);
    }
    closedir(descriptors);
    return has_some;
}

/* Where the first thread has ended, and others go on, it is they who have the process's descriptors.  Of the first one
 * Linux shows none then, or none but to root. */
static void look_at_threads(struct search *search, struct process *process)
{
    DIR *threads = open_folder(process->folder, "task");
    bool is_done = false;
    const char *name;

    if (!threads) {
        return;
    }
    while (!is_done && (name = next_number(threads))) {
        process->thread = openat(dirfd(threads), name, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (process->thread >= 0) {
            is_done = look_at_descriptors(search, process);
            close(process->thread);
        }
    }
    closedir(threads);
}

static bool is_ours(const struct process *process)
{
    struct stat is;

    return geteuid() == 0 || (fstat(process->folder, &is) == 0 && is.st_uid == geteuid());
}

static void look_at_process(struct search *search, int processes, const char *name)
{
    struct process process = {.id = (uint32_t)strtoul(name, NULL, 10)};

    process.folder = openat(processes, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (process.folder < 0) {
        return;
    }
    process.thread = process.folder;
    if (!look_at_descriptors(search, &process) && is_ours(&process)) {
        look_at_threads(search, &process);
    }
    close(process.folder);
}

/* ---- all together ---- */

/* Several descriptors of one process can be of one socket. */
static bool is_known(const struct table *table, const struct table_row *row, uint32_t process)
{
    return row->owners > 0 && table->owners[table->owner_count - 1].process == process;
}

static void hand_over(const struct search *search, struct table *table)
{
    for (size_t i = 0; i < search->count; i++) {
        const struct finding *finding = &search->findings[i];
        struct table_row *row = &table->rows[finding->row];

        if (is_known(table, row, finding->owner.process)) {
            free(finding->owner.name);
            continue;
        }
        row->first_owner = row->owners == 0 ? table->owner_count : row->first_owner;
        row->owners++;
        table->owners[table->owner_count++] = finding->owner;
    }
}

static const char *hand_all_over(struct search *search, struct table *table)
{
    table->owners = calloc(search->count + 1, sizeof(*table->owners));
    if (table->owners && search->count > 0) {
        qsort(search->findings, search->count, sizeof(*search->findings), compare_findings);
        hand_over(search, table);
    }
    for (size_t i = 0; !table->owners && i < search->count; i++) {
        free(search->findings[i].owner.name);
    }
    free(search->findings);
    return table->owners && !search->lacks_memory ? NULL : out_of_memory;
}

static bool look_at_processes(struct search *search)
{
    DIR *processes = open_folder(AT_FDCWD, "/proc");
    const char *name;

    if (!processes) {
        return false;
    }
    while ((name = next_number(processes))) {
        look_at_process(search, dirfd(processes), name);
    }
    closedir(processes);
    return true;
}

const char *owners_find(struct table *table, const uint32_t *inodes)
{
    static char wrong[128];
    struct search search = {.count = 0};
    const char *result;

    if (!note_places(&search, inodes, table->count)) {
        return out_of_memory;
    }
    if (search.place_count == 0 || look_at_processes(&search)) {
        result = hand_all_over(&search, table);
    } else {
        snprintf(wrong, sizeof(wrong), "the processes cannot be listed: /proc: %s",
                 strerror(errno));
        result = wrong;
    }
    free(search.places);
    return result;
}
