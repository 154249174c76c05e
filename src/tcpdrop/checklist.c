/* SPDX-License-Identifier: MIT */
#include "checklist.h"

#include <stdarg.h>
#include <stdio.h>

static bool is_json;
static int count;
static int wrong;

static void print_json_string(const char *text)
{
    putchar('"');
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\') {
            printf("\\%c", c);
        } else if (c < ' ') {
            printf("\\u%04x", (unsigned)c);
        } else {
            putchar(c);
        }
    }
    putchar('"');
}

static void print_json(const char *what, const char *remedy, const char *found)
{
    printf("%s\n  {\"check\": ", count > 0 ? "," : "");
    print_json_string(what);
    printf(", \"ok\": %s, \"found\": ", remedy ? "false" : "true");
    print_json_string(found);
    printf(", \"remedy\": ");
    if (remedy) {
        print_json_string(remedy);
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
    char found[1024];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(found, sizeof(found), format, arguments);
    va_end(arguments);
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

bool checklist_end(void)
{
    if (is_json) {
        printf("\n], \"works\": %s}\n", wrong == 0 ? "true" : "false");
    } else {
        puts(wrong == 0 ? "A drop works here." : "A drop does not work here.");
    }
    return wrong == 0;
}
