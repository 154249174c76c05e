/* SPDX-License-Identifier: MIT */
/* The reader of export names, over a small file that is made here and then spoilt. */
#include "pe_exports.h"

#include "testing.h"

#include <stdlib.h>
#include <string.h>

enum
{
    PE = 0x80,
    OPTIONAL_BYTES = 0xE0, /* as in 32-bit files */
    SECTION = PE + 24 + OPTIONAL_BYTES,
    DATA = 0x200, /* the only section: file offset, and address 0x1000 */
    ADDRESS = 0x1000,
    FUNCTIONS = 40, /* within it, after the export directory */
    NAMES = 60,
    ORDINALS = 80,
    STRINGS = 96,
    DATA_BYTES = 0x100,
    FILE_BYTES = DATA + DATA_BYTES
};

static const char *const names[] = {"Alpha", "Beta", "Gamma", "_Delta@4"};

/* On the heap and of exactly this size, so that a sanitizer sees whoever reads outside. */
static uint8_t *file;

static void put(size_t offset, uint32_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        file[offset + i] = (uint8_t)(value >> 8 * i);
    }
}

static void put_headers(void)
{
    put(0, 0x5A4D, 2);
    put(60, PE, 4);
    put(PE, 0x4550, 4);
    put(PE + 6, 1, 2);
    put(PE + 20, OPTIONAL_BYTES, 2);
    put(PE + 24, 0x10B, 2);
    put(PE + 24 + 92, 16, 4);
    put(PE + 24 + 96, ADDRESS, 4);
    put(PE + 24 + 100, DATA_BYTES, 4);
    put(SECTION + 8, DATA_BYTES, 4);
    put(SECTION + 12, ADDRESS, 4);
    put(SECTION + 16, DATA_BYTES, 4);
    put(SECTION + 20, DATA, 4);
}

static void put_exports(void)
{
    uint32_t string = STRINGS;

    put(DATA + 20, 4, 4);
    put(DATA + 24, 4, 4);
    put(DATA + 28, ADDRESS + FUNCTIONS, 4);
    put(DATA + 32, ADDRESS + NAMES, 4);
    put(DATA + 36, ADDRESS + ORDINALS, 4);
    for (uint32_t i = 0; i < 4; i++) {
        put(DATA + FUNCTIONS + i * 4, 0x2000 + i, 4);
        put(DATA + NAMES + i * 4, ADDRESS + string, 4);
        put(DATA + ORDINALS + i * 2, i, 2);
        memcpy(file + DATA + string, names[i], strlen(names[i]) + 1);
        string += (uint32_t)strlen(names[i]) + 1;
    }
}

static int make_file(void **state)
{
    (void)state;
    file = calloc(1, FILE_BYTES);
    assert_non_null(file);
    put_headers();
    put_exports();
    return 0;
}

static int free_file(void **state)
{
    (void)state;
    free(file);
    return 0;
}

static bool reads(void)
{
    struct pe_exports exports;

    return pe_exports_read(file, FILE_BYTES, &exports);
}

static void all_names_are_found_and_no_others(void **state)
{
    struct pe_exports exports;

    (void)state;
    assert_true(pe_exports_read(file, FILE_BYTES, &exports));
    assert_int_equal(exports.address_bits, 32);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_true(pe_exports_has(&exports, names[i]));
    }
    assert_false(pe_exports_has(&exports, "Alph"));
    assert_false(pe_exports_has(&exports, "Alphaa"));
    assert_false(pe_exports_has(&exports, ""));
    assert_false(pe_exports_has(&exports, "zeta"));
}

static void a_64_bit_file_is_read_too(void **state)
{
    struct pe_exports exports;

    (void)state;
    put(PE + 24, 0x20B, 2);
    put(PE + 24 + 92, 0, 4);
    put(PE + 24 + 108, 16, 4);
    put(PE + 24 + 112, ADDRESS, 4);
    assert_true(pe_exports_read(file, FILE_BYTES, &exports));
    assert_int_equal(exports.address_bits, 64);
}

static void the_machine_is_told_of_files_without_exports_too(void **state)
{
    (void)state;
    put(PE + 4, 0x8664, 2);
    put(PE + 24 + 96, 0, 4);
    assert_false(reads());
    assert_int_equal(pe_machine(file, FILE_BYTES), 0x8664);
}

static void what_is_cut_off_before_its_machine_has_none(void **state)
{
    (void)state;
    put(PE + 4, 0x8664, 2);
    assert_int_equal(pe_machine(file, 0), 0);
    assert_int_equal(pe_machine(file, PE + 5), 0);
    put(60, 0xFFFFFFFC, 4);
    assert_int_equal(pe_machine(file, FILE_BYTES), 0);
}

static void the_subsystem_is_found_in_files_of_both_kinds(void **state)
{
    (void)state;
    assert_int_equal(pe_subsystem_at(file, FILE_BYTES), PE + 24 + 68);
    put(PE + 24, 0x20B, 2);
    assert_int_equal(pe_subsystem_at(file, FILE_BYTES), PE + 24 + 68);
}

static void what_is_cut_off_before_its_subsystem_has_none(void **state)
{
    (void)state;
    assert_int_equal(pe_subsystem_at(file, PE + 24 + 70), PE + 24 + 68);
    assert_int_equal(pe_subsystem_at(file, PE + 24 + 69), 0);
    put(PE + 20, 69, 2);
    assert_int_equal(pe_subsystem_at(file, FILE_BYTES), 0);
    assert_int_equal(pe_subsystem_at(file, 0), 0);
}

static void a_name_without_a_function_is_not_found(void **state)
{
    struct pe_exports exports;

    (void)state;
    put(DATA + FUNCTIONS + 4, 0, 4);
    put(DATA + ORDINALS + 4, 9, 2);
    assert_true(pe_exports_read(file, FILE_BYTES, &exports));
    assert_true(pe_exports_has(&exports, "Alpha"));
    assert_false(pe_exports_has(&exports, "Beta"));
    assert_false(pe_exports_has(&exports, "Gamma"));
}

/* What spoils the file: value is put at offset. */
struct spoiling
{
    const char *what;
    size_t offset;
    uint32_t value;
    size_t bytes;
};

static void a_spoilt_file_is_not_read(void **state)
{
    static const struct spoiling spoilings[] = {
        {"no MZ", 0, 0x5A4E, 2},
        {"PE header outside", 60, FILE_BYTES - 8, 4},
        {"PE header far outside", 60, 0xFFFFFFF0, 4},
        {"no PE", PE, 0x454E, 4},
        {"no sections", PE + 6, 0, 2},
        {"too many sections", PE + 6, 0xFFFF, 2},
        {"no optional header", PE + 20, 0, 2},
        {"optional header too long", PE + 20, 0xFFFF, 2},
        {"optional header too short for the directory", PE + 20, 99, 2},
        {"unknown kind of optional header", PE + 24, 0x107, 2},
        {"no directories", PE + 24 + 92, 0, 4},
        {"no export directory", PE + 24 + 96, 0, 4},
        {"export directory outside", PE + 24 + 96, ADDRESS + DATA_BYTES - 39, 4},
        {"export directory far outside", PE + 24 + 96, 0xFFFFFFFF, 4},
        {"section outside the file", SECTION + 20, DATA + 1, 4},
        {"section far outside", SECTION + 20, 0xFFFFFFFF, 4},
        {"section longer than the file", SECTION + 16, 0xFFFFFFFF, 4},
        {"no names", DATA + 24, 0, 4},
        {"too many names", DATA + 24, 0x40000001, 4},
        {"too many functions", DATA + 20, 0xFFFFFFFF, 4},
        {"functions outside", DATA + 28, 0, 4},
        {"names outside", DATA + 32, ADDRESS + DATA_BYTES - 15, 4},
        {"ordinals outside", DATA + 36, ADDRESS + DATA_BYTES - 7, 4},
        {"a name outside", DATA + NAMES + 4, 0x80000000, 4},
        {"names out of order", DATA + STRINGS, 'Z', 1},
        {"a name twice", DATA + NAMES + 4, ADDRESS + STRINGS, 4},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(spoilings) / sizeof(spoilings[0]); i++) {
        uint8_t before[4];

        memcpy(before, file + spoilings[i].offset, spoilings[i].bytes);
        put(spoilings[i].offset, spoilings[i].value, spoilings[i].bytes);
        if (reads()) {
            fail_msg("read although: %s", spoilings[i].what);
        }
        memcpy(file + spoilings[i].offset, before, spoilings[i].bytes);
    }
    assert_true(reads());
}

static void a_name_without_an_end_is_not_read(void **state)
{
    (void)state;
    memset(file + FILE_BYTES - 4, 'x', 4);
    put(DATA + NAMES + 12, ADDRESS + DATA_BYTES - 4, 4);
    assert_false(reads());
}

static void a_file_truncated_anywhere_is_not_read(void **state)
{
    (void)state;
    for (size_t bytes = 0; bytes < FILE_BYTES; bytes++) {
        uint8_t *part = malloc(bytes ? bytes : 1);
        struct pe_exports exports;

        assert_non_null(part);
        memcpy(part, file, bytes);
        assert_false(pe_exports_read(part, bytes, &exports));
        free(part);
    }
}

static void a_file_with_any_byte_changed_harms_nobody(void **state)
{
    static const uint8_t values[] = {0, 1, 0x7F, 0x80, 0xFF};

    (void)state;
    for (size_t i = 0; i < FILE_BYTES; i++) {
        const uint8_t before = file[i];

        for (size_t v = 0; v < sizeof(values); v++) {
            struct pe_exports exports;

            file[i] = values[v];
            if (pe_exports_read(file, FILE_BYTES, &exports)) {
                pe_exports_has(&exports, "Beta");
                pe_exports_has(&exports, "zeta");
            }
        }
        file[i] = before;
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_file, free_file)
    const struct CMUnitTest tests[] = {
        TEST(all_names_are_found_and_no_others),
        TEST(a_64_bit_file_is_read_too),
        TEST(the_machine_is_told_of_files_without_exports_too),
        TEST(what_is_cut_off_before_its_machine_has_none),
        TEST(the_subsystem_is_found_in_files_of_both_kinds),
        TEST(what_is_cut_off_before_its_subsystem_has_none),
        TEST(a_name_without_a_function_is_not_found),
        TEST(a_spoilt_file_is_not_read),
        TEST(a_name_without_an_end_is_not_read),
        TEST(a_file_truncated_anywhere_is_not_read),
        TEST(a_file_with_any_byte_changed_harms_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
