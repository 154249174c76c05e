/* SPDX-License-Identifier: MIT */
/*
 * Pure: which functions does a PE file export by name, for which machines is it, and of which kind?
 *
 * The file is looked at as it lies on the disk, not as a loader would map it.  It may be truncated
 * or hostile: nothing outside its bytes is read, whatever they say.
 */
#ifndef PE_EXPORTS_H
#define PE_EXPORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pe_exports
{
    unsigned address_bits; /* 32 or 64: of the programs that can load it */
    const uint8_t *file;
    size_t bytes;
    size_t headers;   /* file offset of the section headers */
    size_t sections;  /* how many */
    size_t functions; /* file offset of the addresses, 4 bytes each */
    size_t names;     /* file offset of the names' addresses, 4 bytes each, sorted by name */
    size_t ordinals;  /* file offset of the names' indices into functions, 2 bytes each */
    uint32_t function_count;
    uint32_t name_count;
};

/*
 * False where there is no name, or where anything about the names is not as a linker makes it: an
 * address outside the file, a name without an end, names that are not in ascending order.
 * The file must stay while exports_out is used.
 */
bool pe_exports_read(const void *file, size_t bytes, struct pe_exports *exports_out);

/* IMAGE_FILE_MACHINE_I386 and so on, as the file says; 0 where it is no PE file. */
uint16_t pe_machine(const void *file, size_t bytes);

/* Where its subsystem is, console or GUI: a word of two bytes, IMAGE_SUBSYSTEM_..., little-endian; 0 where
 * there is none. */
size_t pe_subsystem_at(const void *file, size_t bytes);

/* Would GetProcAddress find this name? */
bool pe_exports_has(const struct pe_exports *exports, const char *name);

/* <0, 0, >0 in the order in which export names are sorted. */
int pe_exports_compare(const char *a, const char *b);

#endif
