/* SPDX-License-Identifier: MIT */
#include "overrides.h"

#include <stdio.h>
#include <string.h>

enum
{
    STRING = 1, /* REG_SZ, winnt.h's */
    STRING_WITH_VARIABLES = 2,
    REPLACEMENT = 0xFFFD,
};

static bool is_high_surrogate(uint32_t unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

static bool is_low_surrogate(uint32_t unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

static bool is_control(uint32_t character)
{
    return character < 0x20 || (character >= 0x7F && character < 0xA0);
}

/* All of them or none, and after none nothing any more. */
static void put(struct overrides *overrides, const char *bytes, size_t count)
{
    overrides->is_full = overrides->is_full || count >= OVERRIDES_BYTES - overrides->length;
    if (!overrides->is_full) {
        memcpy(overrides->words + overrides->length, bytes, count);
        overrides->length += count;
        overrides->words[overrides->length] = 0;
    }
}

static void put_text(struct overrides *overrides, const char *text)
{
    for (; *text; text++) {
        put(overrides, text, 1);
    }
}

static void put_character(struct overrides *overrides, uint32_t character)
{
    const size_t count = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    static const uint8_t first[] = {0, 0, 0xC0, 0xE0, 0xF0};
    char bytes[4];

    for (size_t i = count; i-- > 1; character >>= 6) {
        bytes[i] = (char)(0x80 | (character & 0x3F));
    }
    bytes[0] = (char)(first[count] | character);
    put(overrides, bytes, count);
}

static uint16_t unit_at(const void *text, size_t i)
{
    uint16_t unit;

    memcpy(&unit, (const uint8_t *)text + i * sizeof(unit), sizeof(unit));
    return unit;
}

/* Up to a NUL; the text may lie anywhere in memory. */
static void put_utf16(struct overrides *overrides, const void *text, size_t units)
{
    for (size_t i = 0; i < units && unit_at(text, i) != 0; i++) {
        uint32_t character = unit_at(text, i);

        if (is_high_surrogate(character) && i + 1 < units &&
            is_low_surrogate(unit_at(text, i + 1))) {
            character = 0x10000 + ((character - 0xD800) << 10) + (unit_at(text, ++i) - 0xDC00U);
        } else if (is_high_surrogate(character) || is_low_surrogate(character)) {
            character = REPLACEMENT;
        }
        put_character(overrides, is_control(character) ? '?' : character);
    }
}

static void put_where(struct overrides *overrides, const char *where)
{
    put_text(overrides, overrides->length > 0 ? ", " : "");
    put_text(overrides, where);
}

bool overrides_is_ours(const uint16_t *name, size_t units)
{
    static const char ours[] = "iphlpapi";
    size_t same = 0;

    for (size_t i = 0; i < units && same < sizeof(ours) - 1; i++) {
        const uint16_t unit = name[i] >= 'A' && name[i] <= 'Z' ? name[i] + ('a' - 'A') : name[i];

        same = unit == ours[same] ? same + 1 : unit == ours[0];
    }
    return same == sizeof(ours) - 1;
}

void overrides_add(struct overrides *overrides, const char *where, const void *what, size_t units)
{
    put_where(overrides, where);
    put_text(overrides, " \"");
    put_utf16(overrides, what, units);
    put_text(overrides, "\"");
}

void overrides_add_value(struct overrides *overrides, const char *where, uint32_t type,
                         const void *value, size_t bytes)
{
    char kind[80];

    if (value && (type == STRING || type == STRING_WITH_VARIABLES)) {
        overrides_add(overrides, where, value, bytes / sizeof(uint16_t));
        return;
    }
    snprintf(kind, sizeof(kind), " a value of type %lu, %lu bytes long", (unsigned long)type,
             (unsigned long)bytes);
    put_where(overrides, where);
    put_text(overrides, kind);
}
