/* SPDX-License-Identifier: MIT */
#include "mock.h"

#include "../dll/os.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
    SCRIPT_BYTES = 1 << 20,
};

static struct mock mock;
static char *text; /* which the script points into */
static HANDLE mapping;
static uint32_t *counts; /* one for each rule, one for the default, one for each row */

const struct mock *mock_get(void)
{
    return &mock;
}

static size_t rows_from(void)
{
    return mock.script.rule_count + 1;
}

static void break_off(struct script_error error)
{
    mock.is_broken = true;
    mock.error = error;
}

/* By a name that has the process's number. */
static void share_counts(void)
{
    const DWORD bytes =
        ((DWORD)rows_from() + (DWORD)mock.script.row_count) * (DWORD)sizeof(*counts);
    char name[64];

    snprintf(name, sizeof(name), "settcpentry-mock-%lu", GetCurrentProcessId());
    mapping = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, bytes, name);
    counts = mapping ? MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, bytes) : NULL;
    if (!counts) {
        break_off((struct script_error){.expected = "the same script for both DLLs, and memory"});
    }
}

struct file
{
    char *bytes;
    size_t length;
};

static bool take_part(void *taker, const char *part, DWORD length)
{
    struct file *file = taker;

    if (file->length + length > SCRIPT_BYTES) {
        file->length = SCRIPT_BYTES + 1;
        return false;
    }
    memcpy(file->bytes + file->length, part, length);
    file->length += length;
    return true;
}

static void read_script(const WCHAR *path)
{
    struct file file = {.length = 0};

    file.bytes = text = malloc(SCRIPT_BYTES + 1);
    if (!text || os_read_parts(path, take_part, &file) != NO_ERROR) {
        break_off((struct script_error){.expected = "a file that can be read at SETTCPENTRY_MOCK"});
    } else if (file.length > SCRIPT_BYTES) {
        break_off((struct script_error){.expected = "a file of 1 MiB at most"});
    } else {
        text[file.length] = 0;
        mock.is_broken = !script_read(text, file.length, &mock.script, &mock.error);
    }
}

void mock_load(void)
{
    WCHAR path[MAX_PATH];

    if (os_environment(L"SETTCPENTRY_MOCK", path, MAX_PATH)) {
        read_script(path);
    }
    share_counts();
}

void mock_unload(void)
{
    UnmapViewOfFile(counts);
    CloseHandle(mapping);
    script_free(&mock.script);
    free(text);
}

uint32_t mock_count(const struct script_rule *rule)
{
    const struct script *script = &mock.script;
    const size_t place =
        rule == &script->otherwise ? script->rule_count : (size_t)(rule - script->rules);

    return __atomic_fetch_add(&counts[place], 1, __ATOMIC_RELAXED);
}

bool mock_is_open(size_t row)
{
    return __atomic_load_n(&counts[rows_from() + row], __ATOMIC_RELAXED) == 0;
}

bool mock_close(size_t row)
{
    return __atomic_exchange_n(&counts[rows_from() + row], 1, __ATOMIC_RELAXED) == 0;
}
