/* SPDX-License-Identifier: MIT */
/* Calls SetTcpEntry as it is told to (commands.h); times are in microseconds, medians if of many. */
#include "commands.h"

#include "clock.h"
#include "quartiles.h"
#include "token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
    REST_MS = 1000,
    THREADS_AT_MOST = 32,
};

static void drop(MIB_TCPROW *row)
{
    const DWORD code = SetTcpEntry(row);

    if (code != NO_ERROR) {
        commands_fail("SetTcpEntry returned %lu, LastError %lu", code, GetLastError());
    }
}

static double time_drop(MIB_TCPROW *row)
{
    const double start = clock_microseconds();

    drop(row);
    return clock_microseconds() - start;
}

/* clock: what the clock shows. */
static void tell_clock(const char *arguments)
{
    (void)arguments;
    commands_answer(clock_microseconds(), 0);
}

/* burst FILE COUNT: a drop, and one OpenThreadToken, in turns: so both meet the same machine. */
static void burst(const char *arguments)
{
    struct batch batch = commands_read_batch(arguments);

    for (size_t i = 0; i < batch.count; i++) {
        batch.times[i] = time_drop(&batch.rows[i]);
        batch.more_times[i] = token_time();
    }
    commands_answer(median_of(batch.times, batch.count), median_of(batch.more_times, batch.count));
    commands_free_batch(&batch);
}

/* rest FILE 1: one drop, and one OpenThreadToken, each after a second in which nothing was done. */
static void rest(const char *arguments)
{
    struct batch batch = commands_read_batch(arguments);
    double call;

    Sleep(REST_MS);
    call = time_drop(&batch.rows[0]);
    Sleep(REST_MS);
    commands_answer(call, token_time());
    commands_free_batch(&batch);
}

/* first FILE 1: the moment at which one drop began. */
static void first(const char *arguments)
{
    struct batch batch = commands_read_batch(arguments);
    const double start = clock_microseconds();

    drop(&batch.rows[0]);
    commands_answer(start, 0);
    commands_free_batch(&batch);
}

/* start PATH COMMAND LINE: the moment at which it began to start that Linux program; as the DLL starts its helper. */
static void start(const char *arguments)
{
    STARTUPINFOA startup = {.cb = sizeof(startup), .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process = {0};
    char path[MAX_PATH] = "\\\\?\\unix";
    char command_line[MAX_PATH];
    const double began = clock_microseconds();
    char *end = path + strlen(path);

    snprintf(command_line, sizeof(command_line), "%s", arguments);
    if (sscanf(arguments, "%200s", end) != 1) {
        commands_fail("not PATH COMMAND LINE: %s", arguments);
    }
    while ((end = strchr(end, '/'))) {
        *end = '\\';
    }
    if (!CreateProcessA(path, command_line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process)) {
        commands_fail("%s cannot be started: %lu", path, GetLastError());
    }
    commands_answer(began, 0);
}

/* ---- threads ---- */

/* What all of them have in common. */
struct shared
{
    HANDLE begin;
    LONG at_work;
    double end; /* when the last of them had done */
};

struct share
{
    MIB_TCPROW *rows;
    size_t count;
    struct shared *shared;
};

static DWORD WINAPI drop_share(void *argument)
{
    const struct share *share = argument;

    WaitForSingleObject(share->shared->begin, INFINITE);
    for (size_t i = 0; i < share->count; i++) {
        drop(&share->rows[i]);
    }
    if (InterlockedDecrement(&share->shared->at_work) == 0) {
        share->shared->end =
            clock_microseconds(); /* a thread's own end takes longer than many drops */
    }
    return 0;
}

/* From the begin until the last has done; for each row. */
static double drop_by_threads(struct batch *batch, size_t threads)
{
    struct shared shared = {CreateEventA(NULL, TRUE, FALSE, NULL), (LONG)threads, 0};
    struct share shares[THREADS_AT_MOST];
    HANDLE handles[THREADS_AT_MOST];
    double start;

    for (size_t i = 0; i < threads; i++) {
        const size_t from = batch->count * i / threads;

        shares[i] = (struct share){
            .rows = batch->rows + from,
            .count = batch->count * (i + 1) / threads - from,
            .shared = &shared,
        };
        handles[i] = CreateThread(NULL, 0, drop_share, &shares[i], 0, NULL);
        if (!handles[i]) {
            commands_fail("no thread: %lu", GetLastError());
        }
    }
    start = clock_microseconds();
    SetEvent(shared.begin);
    WaitForMultipleObjects((DWORD)threads, handles, TRUE, INFINITE);
    for (size_t i = 0; i < threads; i++) {
        CloseHandle(handles[i]);
    }
    CloseHandle(shared.begin);
    return (shared.end - start) / (double)batch->count;
}

/* threads NUMBER FILE COUNT: the time for each drop when so many threads share them. */
static void threads(const char *arguments)
{
    char *rest_of_them;
    const unsigned long number = strtoul(arguments, &rest_of_them, 10);
    struct batch batch;

    if (number == 0 || number > THREADS_AT_MOST) {
        commands_fail("not NUMBER FILE COUNT: %s", arguments);
    }
    batch = commands_read_batch(rest_of_them + strspn(rest_of_them, " "));
    commands_answer(drop_by_threads(&batch, number), 0);
    commands_free_batch(&batch);
}

int main(void)
{
    static const struct command commands[] = {
        {"clock", tell_clock},
        {"burst", burst},
        {"rest", rest},
        {"first", first},
        {"start", start},
        {"threads", threads},
        {0},
    };

    return commands_obey(commands);
}
