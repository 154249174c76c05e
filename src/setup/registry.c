/* SPDX-License-Identifier: MIT */
#include "registry.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

enum
{
    KEY_CHARS = 512,
    NUMBER_CHARS = 12,
};

static const wchar_t value_name[] = L"iphlpapi";

/* ---- keys ---- */

static LONG open_key(const wchar_t *path, HKEY *key_out)
{
    return RegOpenKeyExW(HKEY_CURRENT_USER, path, 0, KEY_READ, key_out);
}

/* Its first names, as many as are asked for. */
static void cut_path(const wchar_t *path, DWORD names, wchar_t cut_out[KEY_CHARS])
{
    const wchar_t *end = path;

    while (names > 0 && *end) {
        end += wcscspn(end, L"\\");
        names--;
        if (names > 0 && *end) {
            end++;
        }
    }
    swprintf(cut_out, KEY_CHARS, L"%.*ls", (int)(end - path), path);
}

static DWORD count_names(const wchar_t *path)
{
    DWORD names = 1;

    for (; *path; path++) {
        names += *path == L'\\';
    }
    return names;
}

/* How many of the path's names lead to a key. */
static DWORD count_keys(const wchar_t *path)
{
    DWORD names = count_names(path);
    wchar_t cut[KEY_CHARS];
    HKEY key;

    for (; names > 0; names--) {
        cut_path(path, names, cut);
        if (open_key(cut, &key) == ERROR_SUCCESS) {
            RegCloseKey(key);
            break;
        }
    }
    return names;
}

static bool has_something(const wchar_t *path)
{
    DWORD keys = 0;
    DWORD values = 0;
    HKEY key;

    if (open_key(path, &key) == ERROR_SUCCESS) {
        RegQueryInfoKeyW(key, NULL, NULL, NULL, &keys, NULL, NULL, &values, NULL, NULL, NULL, NULL);
        RegCloseKey(key);
    }
    return keys + values > 0;
}

/* Of the path's keys the last ones, as long as they are empty; the first ones, as many as said, stay. */
static void remove_empty_keys(const wchar_t *path, DWORD stay)
{
    wchar_t cut[KEY_CHARS];

    for (DWORD names = count_names(path); names > stay; names--) {
        cut_path(path, names, cut);
        if (has_something(cut)) {
            return;
        }
        RegDeleteKeyW(HKEY_CURRENT_USER, cut);
    }
}

/* ---- overrides ---- */

static void override_key(const wchar_t *program, wchar_t key_out[KEY_CHARS])
{
    if (wcscmp(program, EVERYBODY) == 0) {
        wcscpy(key_out, L"Software\\Wine\\DllOverrides");
    } else {
        swprintf(key_out, KEY_CHARS, L"Software\\Wine\\AppDefaults\\%.260ls\\DllOverrides",
                 path_name(program));
    }
}

/* Byte for byte, as RegGetValueW would not give it. */
static LONG read_value(const wchar_t *path, const wchar_t *name, struct override *override_out)
{
    HKEY key;
    LONG error = open_key(path, &key);

    if (error == ERROR_SUCCESS) {
        override_out->bytes = sizeof(override_out->data);
        error = RegQueryValueExW(key, name, NULL, &override_out->type, override_out->data,
                                 &override_out->bytes);
        RegCloseKey(key);
    }
    if (error == ERROR_FILE_NOT_FOUND) {
        override_out->type = REG_NONE;
        override_out->bytes = 0;
        return ERROR_SUCCESS;
    }
    return error;
}

static bool is_none(const struct override *override)
{
    return override->type == REG_NONE && override->bytes == 0;
}

static LONG write_value(const wchar_t *path, const wchar_t *name, const struct override *override)
{
    LONG error;

    if (is_none(override)) {
        error = RegDeleteKeyValueW(HKEY_CURRENT_USER, path, name);
        return error == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : error;
    }
    return RegSetKeyValueW(HKEY_CURRENT_USER, path, name, override->type, override->data,
                           override->bytes);
}

LONG override_read(const wchar_t *program, struct override *override_out)
{
    wchar_t path[KEY_CHARS];

    override_key(program, path);
    override_out->keys = count_keys(path);
    return read_value(path, value_name, override_out);
}

LONG override_set(const wchar_t *program)
{
    static const wchar_t ours[] = L"native,builtin";
    wchar_t path[KEY_CHARS];

    override_key(program, path);
    return RegSetKeyValueW(HKEY_CURRENT_USER, path, value_name, REG_SZ, ours, sizeof(ours));
}

LONG override_restore(const wchar_t *program, const struct override *before)
{
    wchar_t path[KEY_CHARS];
    LONG error;

    override_key(program, path);
    error = write_value(path, value_name, before);
    if (error == ERROR_SUCCESS) {
        remove_empty_keys(path, before->keys);
    }
    return error;
}

/* ---- memory: a key for each program, named by a number, as a path is no name for a key ---- */

#define MEMORY L"Software\\settcpentry\\Enabled"
static const wchar_t program_name[] = L"Program";
static const wchar_t before_name[] = L"Override before";
static const wchar_t keys_name[] = L"Keys before";
static const wchar_t own_dll_name[] = L"Own DLL";

static void memory_key(DWORD number, wchar_t key_out[KEY_CHARS])
{
    swprintf(key_out, KEY_CHARS, MEMORY L"\\%lu", number);
}

static void read_number(const wchar_t *path, const wchar_t *name, DWORD *number_out)
{
    DWORD bytes = sizeof(*number_out);

    RegGetValueW(HKEY_CURRENT_USER, path, name, RRF_RT_REG_DWORD, NULL, number_out, &bytes);
}

/* Without a program it is none: somebody was stopped while writing it. */
static LONG read_enabled(DWORD number, struct enabled *enabled_out)
{
    DWORD bytes = sizeof(enabled_out->program);
    wchar_t path[KEY_CHARS];
    LONG error;

    memset(enabled_out, 0, sizeof(*enabled_out));
    enabled_out->number = number;
    memory_key(number, path);
    error = RegGetValueW(HKEY_CURRENT_USER, path, program_name, RRF_RT_REG_SZ, NULL,
                         enabled_out->program, &bytes);
    if (error == ERROR_SUCCESS) {
        error = read_value(path, before_name, &enabled_out->before);
    }
    read_number(path, keys_name, &enabled_out->before.keys);
    read_number(path, own_dll_name, &enabled_out->has_own_dll);
    return error;
}

static LONG take_each(HKEY memory, enabled_take_func take, void *taker)
{
    static struct enabled enabled;
    wchar_t name[NUMBER_CHARS];

    for (DWORD i = 0;; i++) {
        DWORD chars = NUMBER_CHARS;
        LONG error = RegEnumKeyExW(memory, i, name, &chars, NULL, NULL, NULL, NULL);

        if (error != ERROR_SUCCESS) {
            return error == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : error;
        }
        error = read_enabled(wcstoul(name, NULL, 10), &enabled);
        if (error == ERROR_SUCCESS) {
            take(taker, &enabled);
        } else if (error != ERROR_FILE_NOT_FOUND) {
            return error;
        }
    }
}

LONG enabled_each(enabled_take_func take, void *taker)
{
    HKEY memory;
    LONG error = open_key(MEMORY, &memory);

    if (error == ERROR_SUCCESS) {
        error = take_each(memory, take, taker);
        RegCloseKey(memory);
    }
    return error == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : error;
}

void enabled_tidy(void)
{
    static struct enabled enabled;
    wchar_t path[KEY_CHARS];
    wchar_t name[NUMBER_CHARS];
    DWORD chars = NUMBER_CHARS;
    HKEY memory;

    if (open_key(MEMORY, &memory) == ERROR_SUCCESS) {
        for (DWORD i = 0;
             RegEnumKeyExW(memory, i, name, &chars, NULL, NULL, NULL, NULL) == ERROR_SUCCESS;) {
            const DWORD number = wcstoul(name, NULL, 10);

            memory_key(number, path);
            chars = NUMBER_CHARS;
            /* The next one takes the place of one that goes. */
            i += read_enabled(number, &enabled) != ERROR_FILE_NOT_FOUND ||
                 RegDeleteKeyW(HKEY_CURRENT_USER, path) != ERROR_SUCCESS;
        }
        RegCloseKey(memory);
    }
    remove_empty_keys(MEMORY, 1);
}

static DWORD free_number(void)
{
    static struct enabled other;
    DWORD number = 1;

    while (read_enabled(number, &other) == ERROR_SUCCESS) {
        number++;
    }
    return number;
}

/* The program is written last, so that what has one is whole. */
LONG enabled_remember(const struct enabled *enabled)
{
    wchar_t path[KEY_CHARS];
    LONG error;

    memory_key(free_number(), path);
    error = write_value(path, before_name, &enabled->before);
    if (error == ERROR_SUCCESS) {
        error = RegSetKeyValueW(HKEY_CURRENT_USER, path, keys_name, REG_DWORD,
                                &enabled->before.keys, sizeof(enabled->before.keys));
    }
    if (error == ERROR_SUCCESS) {
        error = RegSetKeyValueW(HKEY_CURRENT_USER, path, own_dll_name, REG_DWORD,
                                &enabled->has_own_dll, sizeof(enabled->has_own_dll));
    }
    if (error == ERROR_SUCCESS) {
        error = RegSetKeyValueW(HKEY_CURRENT_USER, path, program_name, REG_SZ, enabled->program,
                                (DWORD)(wcslen(enabled->program) + 1) * (DWORD)sizeof(wchar_t));
    }
    return error;
}

LONG enabled_forget(const struct enabled *enabled)
{
    wchar_t path[KEY_CHARS];
    LONG error;

    memory_key(enabled->number, path);
    error = RegDeleteKeyW(HKEY_CURRENT_USER, path);
    remove_empty_keys(MEMORY, 1);
    return error;
}
