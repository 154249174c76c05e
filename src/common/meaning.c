/* SPDX-License-Identifier: MIT */
#include "meaning.h"

#include "connection.h"
#include "wine.h"

#include "settcpentry.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

enum
{
    SYSTEM_CHARS = 256, /* of a sentence of the system's; few have as many */
    SYSTEM_BYTES = 3 * SYSTEM_CHARS,
};

static bool has_code(enum answer_kind kind, uint32_t family, DWORD code)
{
    const enum answer_where elsewhere = wine_is_here() ? WHERE_WINDOWS : WHERE_WINE;

    return answer_rows[kind].where != elsewhere && answer_code(answer_of(kind), family) == code;
}

static bool has_last_error(enum answer_kind kind, DWORD last_error)
{
    return answer_last_error(answer_of(kind)) == last_error;
}

/* Words that are there already are not said again. */
static void add(char text[MEANING_BYTES], const char *words)
{
    const size_t length = strlen(text);

    if (!strstr(text, words)) {
        snprintf(text + length, MEANING_BYTES - length, "%s%s", length > 0 ? ", or " : "", words);
    }
}

static void add_systems_words(char text[SYSTEM_BYTES], DWORD code)
{
    wchar_t wide[SYSTEM_CHARS];
    DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS |
                                      FORMAT_MESSAGE_MAX_WIDTH_MASK,
                                  NULL, code, 0, wide, SYSTEM_CHARS, NULL);

    while (length > 0 && wcschr(L" .\r\n", wide[length - 1])) {
        length--;
    }
    wide[length] = 0;
    text[0] = 0;
    if (length == 0 ||
        WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, SYSTEM_BYTES, NULL, NULL) == 0) {
        snprintf(text, SYSTEM_BYTES, "it failed");
    }
}

static void add_row(struct meaning *meaning, int kind)
{
    meaning->status = answer_rows[kind].status;
    add(meaning->reason, answer_rows[kind].reason);
    add(meaning->remedy, answer_rows[kind].remedy);
}

/* Of no row.  Under Wine it is why the helper could not be had. */
static void add_system_code(struct meaning *meaning, DWORD code)
{
    const char *why = wine_is_here() ? answer_rows[ANSWER_HELPER_UNREACHABLE].reason : "";
    char words[SYSTEM_BYTES];

    add_systems_words(words, code);
    snprintf(meaning->reason, MEANING_BYTES, "%s%s%s", why, *why ? ": " : "", words);
}

struct meaning meaning_of(uint32_t family, uint32_t code, uint32_t last_error)
{
    struct meaning meaning = {.status = STATUS_NOT_DONE};
    bool is_known = false;

    for (int i = ANSWER_NONE + 1; i < ANSWERS; i++) {
        is_known = is_known || (has_code((enum answer_kind)i, family, code) &&
                                has_last_error((enum answer_kind)i, last_error));
    }
    /* The system's own DLL, which doctor tries as well, need not set LastError. */
    for (int i = ANSWER_NONE + 1; i < ANSWERS; i++) {
        if (has_code((enum answer_kind)i, family, code) &&
            (!is_known || has_last_error((enum answer_kind)i, last_error))) {
            add_row(&meaning, i);
        }
    }
    if (!*meaning.reason) {
        add_system_code(&meaning, code);
    }
    return meaning;
}
