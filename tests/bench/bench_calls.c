/* SPDX-License-Identifier: MIT */
/*
 * bench_calls ROWS: drops each connection whose MIB_TCPROW is in the file, and prints the medians
 * in microseconds of the whole call and of one OpenThreadToken.
 */
#include "settcpentry.h"

#include "median.h"

#include <stdio.h>
#include <stdlib.h>

enum
{
    ROWS_AT_MOST = 20000,
};

static double microseconds(void)
{
    static LARGE_INTEGER frequency;
    LARGE_INTEGER now;

    if (frequency.QuadPart == 0) {
        QueryPerformanceFrequency(&frequency);
    }
    QueryPerformanceCounter(&now);
    return (double)now.QuadPart * 1e6 / (double)frequency.QuadPart;
}

/* The number of rows; 0 if they cannot be read. */
static size_t read_rows(const char *path, MIB_TCPROW *rows)
{
    FILE *file = fopen(path, "rb");
    size_t count;

    if (!file) {
        perror(path);
        return 0;
    }
    count = fread(rows, sizeof(*rows), ROWS_AT_MOST, file);
    fclose(file);
    return count;
}

static BOOL drop(MIB_TCPROW *rows, double *times, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const double start = microseconds();
        const DWORD code = SetTcpEntry(&rows[i]);

        times[i] = microseconds() - start;
        if (code != NO_ERROR) {
            fprintf(stderr, "drop %u: %lu, LastError %lu\n", (unsigned)i, code, GetLastError());
            return FALSE;
        }
    }
    return TRUE;
}

static void open_tokens(double *times, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const double start = microseconds();
        HANDLE token;

        OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token);
        times[i] = microseconds() - start;
    }
}

int main(int argc, char **argv)
{
    static MIB_TCPROW rows[ROWS_AT_MOST];
    static double times[ROWS_AT_MOST];
    const size_t count = argc == 2 ? read_rows(argv[1], rows) : 0;
    double call;

    if (count == 0 || !drop(rows, times, count)) {
        return 1;
    }
    call = median(times, count);
    open_tokens(times, count);
    printf("call %.2f token %.2f\n", call, median(times, count));
    return 0;
}
