/* SPDX-License-Identifier: MIT */
#include "checklist.h"

#include "../common/text.h"

#include <stdarg.h>
#include <stdio.h>

enum
{
    FOUND_BYTES = 8192, /* room for two paths */
};

static bool is_json;
static int count;
static int wrong;

static void print_json(const char *what, const char *remedy, const char *found)
{
    printf("%s\n  {\"check\": ", count > 0 ? "," : "");
    text_print_json(what);
    printf(", \"ok\": %s, \"found\": ", remedy ? "false" : "true");
    text_print_json(found);
    printf(", \"remedy\": ");
    if (remedy) {
        text_print_json(remedy);
    } else {
        printf("null");
    }
    printf("}");
}

void checklist_begin(bool as_json)
{
    is_json = as_json;
    count = 0;
    wrong = 0;
    if (is_json) {
        printf("{\"checks\": [");
    }
}

void checklist_add(const char *what, const char *remedy, const char *format, ...)
{
    static char found[FOUND_BYTES];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(found, sizeof(found), format, arguments);
    va_end(arguments);
    text_clean(found); /* which can have been cut within a character, too */
    if (is_json) {
        print_json(what, remedy, found);
    } else {
        printf("%-5s %s: %s\n", remedy ? "WRONG" : "ok", what, found);
        if (remedy) {
            printf("      -> %s\n", remedy);
        }
    }
    count++;
    wrong += remedy != NULL;
}

bool checklist_end(const char *right, const char *not_right)
{
    if (is_json) {
        printf("\n], \"works\": %s}\n", wrong == 0 ? "true" : "false");
    } else {
        puts(wrong == 0 ? right : not_right);
    }
    return wrong == 0;
}
