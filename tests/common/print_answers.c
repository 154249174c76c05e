/* SPDX-License-Identifier: MIT */
/*
 * The table of answers, printed.
 *   print_answers --document  as docs/return-codes.md has it, in Markdown
 *   print_answers --contract  the documented codes as include/settcpentry.h begins its lines: code, LastError
 *   print_answers --tests     name and test files, a line for each
 */
#include "settcpentry.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define SYSTEM_CODE UINT32_MAX

struct code
{
    DWORD number;
    const char *name;
};

static const struct row
{
    const char *name;
    const char *where;
    struct code codes[3];
    const char *status;
    const char *reason;
    const char *remedy;
    const char *tests;
} rows[] = {
#define CODES(ipv4, ipv6, last_error)                                                              \
    {                                                                                              \
        {ipv4, #ipv4}, {ipv6, #ipv6},                                                              \
        {                                                                                          \
            last_error, #last_error                                                                \
        }                                                                                          \
    }
#define CODE(code)                                                                                 \
    {                                                                                              \
        {code, #code}, {code, #code},                                                              \
        {                                                                                          \
            code, #code                                                                            \
        }                                                                                          \
    }
#define ANSWER(name, where, codes, status, reason, remedy, tests)                                  \
    {#name, #where, codes, #status, reason, remedy, tests},
#include "../../def/answers.inc"
};

static const size_t row_count = sizeof(rows) / sizeof(rows[0]);

static bool is_same(const struct code *a, const struct code *b)
{
    return a->number == b->number;
}

static void print_code(const struct code *code)
{
    if (code->number == SYSTEM_CODE) {
        printf("the system's");
    } else {
        printf("%lu `%s`", (unsigned long)code->number, code->name);
    }
}

static void print_row(const struct row *row)
{
    printf("| ");
    print_code(&row->codes[0]);
    if (!is_same(&row->codes[0], &row->codes[1])) {
        printf("; IPv6: ");
        print_code(&row->codes[1]);
    }
    printf(" | ");
    if (row->codes[0].number == NO_ERROR) {
        printf("unchanged");
    } else if (is_same(&row->codes[0], &row->codes[2])) {
        printf("the same");
    } else {
        print_code(&row->codes[2]);
    }
    printf(" | %s | %s | %s |\n", row->reason, row->remedy, row->tests);
}

static void print_document(void)
{
    static const char *const places[][2] = {
        {"ANYWHERE", "Everywhere"}, {"WINDOWS", "Windows"}, {"WINE", "Wine"}};

    for (size_t place = 0; place < sizeof(places) / sizeof(places[0]); place++) {
        printf("\n### %s\n\n| code | LastError | why | what helps | proved by "
               "|\n|---|---|---|---|---|\n",
               places[place][1]);
        for (size_t i = 0; i < row_count; i++) {
            if (strcmp(rows[i].where, places[place][0]) == 0) {
                print_row(&rows[i]);
            }
        }
    }
    printf("\n");
}

static void print_contract(void)
{
    static const DWORD documented[] = {NO_ERROR, ERROR_ACCESS_DENIED, ERROR_NOT_SUPPORTED,
                                       ERROR_INVALID_PARAMETER, ERROR_MR_MID_NOT_FOUND};

    for (size_t i = 0; i < row_count; i++) {
        const struct code *code = &rows[i].codes[0];
        const struct code *last_error = &rows[i].codes[2];
        bool is_documented = false;

        for (size_t j = 0; j < sizeof(documented) / sizeof(documented[0]); j++) {
            is_documented = is_documented || documented[j] == code->number;
        }
        if (!is_documented) {
            continue;
        }
        printf("%s %lu ", code->name, (unsigned long)code->number);
        if (code->number == NO_ERROR) {
            printf("(unchanged)\n");
        } else if (is_same(code, last_error)) {
            printf("the same\n");
        } else {
            printf("%s %lu\n", last_error->name, (unsigned long)last_error->number);
        }
    }
}

int main(int argc, char **argv)
{
    const char *what = argc == 2 ? argv[1] : "";

    if (strcmp(what, "--document") == 0) {
        print_document();
    } else if (strcmp(what, "--contract") == 0) {
        print_contract();
    } else if (strcmp(what, "--tests") == 0) {
        for (size_t i = 0; i < row_count; i++) {
            printf("%s %s\n", rows[i].name, rows[i].tests);
        }
    } else {
        fprintf(stderr, "usage: print_answers --document|--contract|--tests\n");
        return 2;
    }
    return 0;
}
