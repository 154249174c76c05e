/* SPDX-License-Identifier: MIT */
/* The input is what the environment and the registry have about our DLL: values of any name, type and length. */
#include "fuzz.h"

#include "setup/overrides.h"

#include <iconv.h>

/* By the C library, which takes nothing for UTF-8 that is none. */
static int is_utf8(char *text, size_t bytes)
{
    static iconv_t from_utf8;
    uint32_t characters[OVERRIDES_BYTES];
    char *to = (char *)characters;
    size_t room = sizeof(characters);

    from_utf8 = from_utf8 ? from_utf8 : iconv_open("UCS-4LE", "UTF-8");
    if (iconv(from_utf8, &text, &bytes, &to, &room) != 0) {
        return 0;
    }
    for (size_t i = 0; i < OVERRIDES_BYTES - room / 4; i++) {
        if (characters[i] < ' ' || (characters[i] >= 0x7F && characters[i] < 0xA0)) {
            return 0;
        }
    }
    return 1;
}

static void add(struct overrides *overrides, struct input *input)
{
    const uint8_t type = take_byte(input);
    size_t bytes;
    uint8_t *value = take_part(input, &bytes);

    if (type == UINT8_MAX) {
        overrides_add(overrides, "WINEDLLOVERRIDES", (const uint16_t *)(const void *)value,
                      bytes / 2);
    } else if (overrides_is_ours((const uint16_t *)(const void *)value, bytes / 2)) {
        overrides_add_value(overrides, "for this program", type, NULL, bytes);
    } else {
        overrides_add_value(overrides, "for all programs", type, value, bytes);
    }
    free(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    struct overrides overrides = {0};

    while (input.left > 0) {
        add(&overrides, &input);
        promise(overrides.length < OVERRIDES_BYTES);
        promise(strlen(overrides.words) == overrides.length);
        promise(is_utf8(overrides.words, overrides.length));
    }
    return 0;
}
