/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* How UTF-8 writes a character in one byte, in two, and so on.  Source: RFC 3629 */
static const struct
{
    uint8_t mask;   /* these bits of the first byte */
    uint8_t bits;   /* are these */
    uint32_t least; /* what is less is to be written in fewer bytes */
} forms[] = {
    {0x80, 0x00, 0},
    {0xE0, 0xC0, 0x80},
    {0xF0, 0xE0, 0x800},
    {0xF8, 0xF0, 0x10000},
};

struct range
{
    uint32_t first;
    uint32_t last;
};

/* Numbers that UTF-8 could write, but that are no characters. */
static const struct range no_characters[] = {{0xD800, 0xDFFF}, {0x110000, 0x1FFFFF}};

/* Sources: Unicode's general categories Cc, Zl and Zp, and its property Bidi_Control */
static const struct range not_shown[] = {
    {0x0001, 0x001F}, /* C0 */
    {0x007F, 0x009F}, /* DEL and C1 */
    {0x061C, 0x061C}, /* Arabic letter mark */
    {0x200E, 0x200F}, /* left-to-right and right-to-left mark */
    {0x2028, 0x202E}, /* line and paragraph separator; embeddings and overrides */
    {0x2066, 0x2069}, /* isolates */
};

#define IS_IN(ranges, number) is_in(ranges, sizeof(ranges) / sizeof((ranges)[0]), number)

static bool is_in(const struct range *ranges, size_t count, uint32_t number)
{
    for (size_t i = 0; i < count; i++) {
        if (number >= ranges[i].first && number <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* How many bytes the first character has; 0 where there is none.  The NUL at the end goes on with no character. */
static size_t read_character(const uint8_t *text, uint32_t *character_out)
{
    size_t length = 1;
    uint32_t character;

    while ((text[0] & forms[length - 1].mask) != forms[length - 1].bits) {
        if (++length > sizeof(forms) / sizeof(forms[0])) {
            return 0;
        }
    }
    character = text[0] & (forms[length - 1].mask ^ 0xFFu);
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xC0) != 0x80) {
            return 0;
        }
        character = character << 6 | (text[i] & 0x3Fu);
    }
    *character_out = character;
    return character < forms[length - 1].least || IS_IN(no_characters, character) ? 0 : length;
}

void text_clean(char *text)
{
    const uint8_t *from = (const uint8_t *)text;
    char *to = text;
    uint32_t character;

    while (*from) {
        const size_t length = read_character(from, &character);

        if (length == 0 || IS_IN(not_shown, character)) {
            *to++ = '?';
        } else {
            memmove(to, from, length);
            to += length;
        }
        from += length > 0 ? length : 1;
    }
    *to = 0;
}

void text_print_json(const char *text)
{
    putchar('"');
    for (; *text; text++) {
        const uint8_t byte = (uint8_t)*text;

        if (byte < 0x20) {
            printf("\\u%04X", byte);
            continue;
        }
        if (byte == '"' || byte == '\\') {
            putchar('\\');
        }
        putchar(byte);
    }
    putchar('"');
}
