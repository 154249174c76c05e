/* SPDX-License-Identifier: MIT */
#include "meaning.h"

#include "settcpentry.h"

#include "../common/connection.h"
#include "../common/wine.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool fits(enum answer_kind kind, uint32_t family, DWORD code, DWORD last_error)
{
    const enum answer_where elsewhere = wine_is_here() ? WHERE_WINDOWS : WHERE_WINE;
    const struct answer answer = answer_of(kind);

    return answer_rows[kind].where != elsewhere && answer_code(answer, family) == code &&
           (code == NO_ERROR || answer_last_error(answer) == last_error);
}

/* Words that are there already are not said again. */
static void add(char text[MEANING_BYTES], const char *words)
{
    const size_t length = strlen(text);

    if (!strstr(text, words)) {
        snprintf(text + length, MEANING_BYTES - length, "%s%s", length > 0 ? ", or " : "", words);
    }
}

static void add_systems_words(char text[MEANING_BYTES], DWORD code)
{
    DWORD length = FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS |
                                      FORMAT_MESSAGE_MAX_WIDTH_MASK,
                                  NULL, code, 0, text, MEANING_BYTES, NULL);

    while (length > 0 && strchr(" .\r\n", text[length - 1])) {
        length--;
    }
    text[length] = 0;
    if (length == 0) {
        add(text, "it failed");
    }
}

struct meaning meaning_of(uint32_t family, DWORD code, DWORD last_error)
{
    struct meaning meaning = {.status = STATUS_NOT_DONE};

    for (int i = ANSWER_NONE + 1; i < ANSWERS; i++) {
        if (fits((enum answer_kind)i, family, code, last_error)) {
            meaning.status = answer_rows[i].status;
            add(meaning.reason, answer_rows[i].reason);
            add(meaning.remedy, answer_rows[i].remedy);
        }
    }
    if (!*meaning.reason) {
        add_systems_words(meaning.reason, code);
    }
    return meaning;
}
