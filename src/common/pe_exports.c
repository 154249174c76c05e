/* SPDX-License-Identifier: MIT */
/* Layout: https://learn.microsoft.com/windows/win32/debug/pe-format */
#include "pe_exports.h"

enum
{
    DOS_MAGIC = 0x5A4D,     /* "MZ" */
    PE_MAGIC = 0x4550,      /* "PE\0\0" */
    PE32_MAGIC = 0x10B,     /* optional header of 32-bit files */
    PE32_PLUS_MAGIC = 0x20B /* optional header of 64-bit files */
};

enum
{
    DOS_HEADER_BYTES = 64,
    DOS_PE_OFFSET = 60,
    COFF_MACHINE = 4, /* from the PE magic on */
    COFF_SECTIONS = 6,
    COFF_OPTIONAL_BYTES = 20,
    COFF_BYTES = 24,
    OPTIONAL_SUBSYSTEM = 68,   /* within the optional header, of both kinds */
    PE32_DIRECTORY_COUNT = 92, /* within the optional header */
    PE32_PLUS_DIRECTORY_COUNT = 108,
    SECTION_BYTES = 40,
    SECTION_ADDRESS = 12,
    SECTION_FILE_BYTES = 16,
    SECTION_FILE_OFFSET = 20,
    EXPORTS_BYTES = 40,
    EXPORTS_FUNCTION_COUNT = 20,
    EXPORTS_NAME_COUNT = 24,
    EXPORTS_FUNCTIONS = 28,
    EXPORTS_NAMES = 32,
    EXPORTS_ORDINALS = 36
};

static bool holds(const struct pe_exports *pe, size_t offset, size_t bytes)
{
    return offset <= pe->bytes && bytes <= pe->bytes - offset;
}

/* The next two are for offsets that are known to be inside. */
static uint32_t word(const struct pe_exports *pe, size_t offset)
{
    return (uint32_t)(pe->file[offset] | pe->file[offset + 1] << 8);
}

static uint32_t dword(const struct pe_exports *pe, size_t offset)
{
    return word(pe, offset) | word(pe, offset + 2) << 16;
}

/* Where the bytes lie in the file that are at this address once it is loaded. */
static bool find_address(const struct pe_exports *pe, uint32_t address, size_t *offset_out,
                         size_t *bytes_out)
{
    for (size_t i = 0; i < pe->sections; i++) {
        const size_t section = pe->headers + i * SECTION_BYTES;
        const uint32_t start = dword(pe, section + SECTION_ADDRESS);
        const uint32_t length = dword(pe, section + SECTION_FILE_BYTES);
        const uint32_t offset = dword(pe, section + SECTION_FILE_OFFSET);

        if (address >= start && address - start < length && holds(pe, offset, length)) {
            *offset_out = (size_t)offset + (address - start);
            *bytes_out = length - (address - start);
            return true;
        }
    }
    return false;
}

/* An array of count elements. */
static bool find_array(const struct pe_exports *pe, uint32_t address, uint32_t count,
                       size_t element_bytes, size_t *offset_out)
{
    size_t bytes;

    return find_address(pe, address, offset_out, &bytes) && count <= bytes / element_bytes;
}

/* NULL where the name's address is outside the file. */
static const char *find_name(const struct pe_exports *pe, uint32_t index, size_t *bytes_out)
{
    size_t offset;

    if (!find_address(pe, dword(pe, pe->names + (size_t)index * 4), &offset, bytes_out)) {
        return NULL;
    }
    return (const char *)pe->file + offset;
}

static bool has_end(const char *name, size_t bytes)
{
    while (bytes > 0 && *name) {
        name++;
        bytes--;
    }
    return bytes > 0;
}

static bool find_coff(const struct pe_exports *pe, size_t *coff_out)
{
    if (!holds(pe, 0, DOS_HEADER_BYTES) || word(pe, 0) != DOS_MAGIC) {
        return false;
    }
    *coff_out = dword(pe, DOS_PE_OFFSET);
    return holds(pe, *coff_out, COFF_BYTES) && dword(pe, *coff_out) == PE_MAGIC;
}

/* Finds the section headers, and the address of the export directory. */
static bool read_headers(struct pe_exports *pe, uint32_t *directory_out)
{
    size_t coff;
    size_t optional;
    size_t optional_bytes;
    size_t count;

    if (!find_coff(pe, &coff)) {
        return false;
    }
    optional = coff + COFF_BYTES;
    optional_bytes = word(pe, coff + COFF_OPTIONAL_BYTES);
    pe->headers = optional + optional_bytes;
    pe->sections = word(pe, coff + COFF_SECTIONS);
    if (!holds(pe, optional, optional_bytes) ||
        !holds(pe, pe->headers, pe->sections * SECTION_BYTES) || optional_bytes < 2) {
        return false;
    }
    switch (word(pe, optional)) {
    case PE32_MAGIC:
        pe->address_bits = 32;
        count = PE32_DIRECTORY_COUNT;
        break;
    case PE32_PLUS_MAGIC:
        pe->address_bits = 64;
        count = PE32_PLUS_DIRECTORY_COUNT;
        break;
    default:
        return false;
    }
    /* The directories follow their number, and the one of exports is the first. */
    if (optional_bytes < count + 8 || dword(pe, optional + count) == 0) {
        return false;
    }
    *directory_out = dword(pe, optional + count + 4);
    return true;
}

static bool read_directory(struct pe_exports *pe, uint32_t address)
{
    size_t directory;

    if (!find_array(pe, address, 1, EXPORTS_BYTES, &directory)) {
        return false;
    }
    pe->function_count = dword(pe, directory + EXPORTS_FUNCTION_COUNT);
    pe->name_count = dword(pe, directory + EXPORTS_NAME_COUNT);
    return pe->name_count != 0 &&
           find_array(pe, dword(pe, directory + EXPORTS_FUNCTIONS), pe->function_count, 4,
                      &pe->functions) &&
           find_array(pe, dword(pe, directory + EXPORTS_NAMES), pe->name_count, 4, &pe->names) &&
           find_array(pe, dword(pe, directory + EXPORTS_ORDINALS), pe->name_count, 2,
                      &pe->ordinals);
}

static bool names_ascend(const struct pe_exports *pe)
{
    const char *previous = NULL;

    for (uint32_t i = 0; i < pe->name_count; i++) {
        size_t bytes;
        const char *name = find_name(pe, i, &bytes);

        if (!name || !has_end(name, bytes) ||
            (previous && pe_exports_compare(previous, name) >= 0)) {
            return false;
        }
        previous = name;
    }
    return true;
}

bool pe_exports_read(const void *file, size_t bytes, struct pe_exports *exports_out)
{
    uint32_t directory;

    *exports_out = (struct pe_exports){.file = file, .bytes = bytes};
    return read_headers(exports_out, &directory) && read_directory(exports_out, directory) &&
           names_ascend(exports_out);
}

uint16_t pe_machine(const void *file, size_t bytes)
{
    const struct pe_exports pe = {.file = file, .bytes = bytes};
    size_t coff;

    return find_coff(&pe, &coff) ? (uint16_t)word(&pe, coff + COFF_MACHINE) : 0;
}

size_t pe_subsystem_at(const void *file, size_t bytes)
{
    const struct pe_exports pe = {.file = file, .bytes = bytes};
    size_t coff;

    if (!find_coff(&pe, &coff) || word(&pe, coff + COFF_OPTIONAL_BYTES) < OPTIONAL_SUBSYSTEM + 2 ||
        !holds(&pe, coff + COFF_BYTES, OPTIONAL_SUBSYSTEM + 2)) {
        return 0;
    }
    return coff + COFF_BYTES + OPTIONAL_SUBSYSTEM;
}

/* A name without a function is there, but is not found. */
static bool has_function(const struct pe_exports *pe, uint32_t index)
{
    const uint32_t function = word(pe, pe->ordinals + (size_t)index * 2);

    return function < pe->function_count && dword(pe, pe->functions + (size_t)function * 4) != 0;
}

bool pe_exports_has(const struct pe_exports *exports, const char *name)
{
    uint32_t low = 0;
    uint32_t high = exports->name_count;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        size_t bytes;
        const char *there = find_name(exports, middle, &bytes);
        const int order = there ? pe_exports_compare(name, there) : 0;

        if (!there) {
            return false;
        }
        if (order == 0) {
            return has_function(exports, middle);
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return false;
}

int pe_exports_compare(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return (unsigned char)*a - (unsigned char)*b;
}
