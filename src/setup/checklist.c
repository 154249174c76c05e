/* SPDX-License-Identifier: MIT */
#include "checklist.h"

#include <winsock2.h>

#include <windows.h>

#include <stdarg.h>
#include <stdio.h>

enum
{
    FOUND_BYTES = 8192, /* room for two paths */
    CLEAN_BYTES = 3 * FOUND_BYTES,
};

static bool is_json;
static int count;
static int wrong;

/* The same text with nothing in it but characters: neither what is no UTF-8, such as half of one where it was
 * cut, nor control characters, which could begin a line of their own. */
static void clean(const char *text, char clean_out[CLEAN_BYTES])
{
    static wchar_t wide[FOUND_BYTES];

    clean_out[0] = 0;
    if (MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, FOUND_BYTES) > 0) {
        for (wchar_t *c = wide; *c; c++) {
            *c = *c < 0x20 || (*c >= 0x7F && *c < 0xA0) ? L'?' : *c;
        }
        WideCharToMultiByte(CP_UTF8, 0, wide, -1, clean_out, CLEAN_BYTES, NULL, NULL);
    }
}

static void print_json_string(const char *text)
{
    putchar('"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') {
            putchar('\\');
        }
        putchar(*text);
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
    static char raw[FOUND_BYTES];
    static char found[CLEAN_BYTES];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(raw, sizeof(raw), format, arguments);
    va_end(arguments);
    clean(raw, found);
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
