/* SPDX-License-Identifier: MIT */
/* What libFuzzer calls, and how a target takes its input apart. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The target.  Returns 0; a finding is an end by a sanitizer, or by abort. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A promise that was broken. */
static inline void promise(int is_kept)
{
    if (!is_kept) {
        abort();
    }
}

/* What is left of the input; where it ends there are zeros. */
struct input
{
    const uint8_t *at;
    size_t left;
};

static inline void take(struct input *input, void *bytes_out, size_t bytes)
{
    const size_t had = bytes < input->left ? bytes : input->left;

    memset(bytes_out, 0, bytes);
    if (had > 0) {
        memcpy(bytes_out, input->at, had);
        input->at += had;
        input->left -= had;
    }
}

static inline uint8_t take_byte(struct input *input)
{
    uint8_t byte;

    take(input, &byte, 1);
    return byte;
}

/* A number below this limit, which is at most 256. */
static inline size_t take_below(struct input *input, size_t limit)
{
    return take_byte(input) % limit;
}

/* So many bytes as the next two say, if there are as many, on the heap and no more: a sanitizer sees whoever
 * reads beyond them.  The caller frees them. */
static inline uint8_t *take_part(struct input *input, size_t *bytes_out)
{
    uint16_t wanted;
    uint8_t *part;

    take(input, &wanted, sizeof(wanted));
    *bytes_out = wanted < input->left ? wanted : input->left;
    part = malloc(*bytes_out > 0 ? *bytes_out : 1);
    if (!part) {
        abort();
    }
    take(input, part, *bytes_out);
    return part;
}

/* What anybody does who shares this memory: a part of the input goes anywhere in it. */
static inline void write_anywhere(struct input *input, void *memory, size_t bytes)
{
    uint16_t offset;
    size_t wanted;
    uint8_t *part;

    take(input, &offset, sizeof(offset));
    offset = (uint16_t)(offset % bytes);
    part = take_part(input, &wanted);
    memcpy((uint8_t *)memory + offset, part, wanted < bytes - offset ? wanted : bytes - offset);
    free(part);
}

#endif
