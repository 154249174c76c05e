/* SPDX-License-Identifier: MIT */
#include "doctor_program.h"

#include "checklist.h"
#include "overrides.h"
#include "probe.h"

#include "../common/pe_exports.h"
#include "../common/wine.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
    IMAGE_BYTES = 16 << 20, /* of which that many are read; no DLL under our name has as many */
    NAME_CHARS = 16384,     /* of a value in the registry, which has fewer */
    VALUE_BYTES = 1 << 16,
};

static const wchar_t dll_name[] = L"iphlpapi.dll";

/* ---- files ---- */

struct image
{
    BYTE *bytes;
    DWORD length;
};

static bool image_read(const wchar_t *path, struct image *image_out)
{
    DWORD higher = 0;
    DWORD got = 0;
    HANDLE file;

    *image_out = (struct image){NULL, 0};
    file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        return false;
    }
    /* A game's program may be larger than we have room for; its headers are at its beginning. */
    image_out->length = GetFileSize(file, &higher);
    if (higher != 0 || image_out->length > IMAGE_BYTES) {
        image_out->length = IMAGE_BYTES;
    }
    image_out->bytes = malloc(IMAGE_BYTES);
    if (image_out->bytes && !ReadFile(file, image_out->bytes, image_out->length, &got, NULL)) {
        got = 0;
    }
    image_out->length = got;
    CloseHandle(file);
    return image_out->bytes != NULL;
}

/* NULL: none that we know. */
static const char *image_architecture(const struct image *image)
{
    switch (pe_machine(image->bytes, image->length)) {
    case IMAGE_FILE_MACHINE_I386:
        return "x86";
    case IMAGE_FILE_MACHINE_AMD64:
        return "amd64";
    case 0xAA64:
        return "arm64";
    default:
        return NULL;
    }
}

static bool image_has_console(const struct image *image)
{
    const size_t at = pe_subsystem_at(image->bytes, image->length);

    return at != 0 && image->bytes[at] == IMAGE_SUBSYSTEM_WINDOWS_CUI;
}

static bool image_is_ours(const struct image *image)
{
    struct pe_exports exports;

    return pe_exports_read(image->bytes, image->length, &exports) &&
           pe_exports_has(&exports, "SetTcpEntryVersion");
}

/* ---- why it does not get ours ---- */

static const char *enable_it(void)
{
    return wine_is_here() ? "settcpentry-wine enable puts it right"
                          : "put the iphlpapi.dll of its architecture beside it";
}

/* Of a key the values that are about us. */
static void list_key(struct overrides *overrides, const char *where, const wchar_t *key)
{
    static wchar_t name[NAME_CHARS];
    static BYTE value[VALUE_BYTES];
    DWORD chars = NAME_CHARS;
    HKEY opened;

    if (RegOpenKeyExW(HKEY_CURRENT_USER, key, 0, KEY_READ, &opened) != ERROR_SUCCESS) {
        return;
    }
    for (DWORD i = 0;
         RegEnumValueW(opened, i, name, &chars, NULL, NULL, NULL, NULL) == ERROR_SUCCESS; i++) {
        DWORD type = 0;
        DWORD bytes = VALUE_BYTES;
        const LONG error = RegQueryValueExW(opened, name, NULL, &type, value, &bytes);

        if (overrides_is_ours(name, chars) &&
            (error == ERROR_SUCCESS || error == ERROR_MORE_DATA)) {
            overrides_add_value(overrides, where, type, error == ERROR_SUCCESS ? value : NULL,
                                bytes);
        }
        chars = NAME_CHARS;
    }
    RegCloseKey(opened);
}

/* What Wine has been told. What it makes of that is for it to say, and differs from one to the next. */
static struct overrides find_overrides(const wchar_t *name)
{
    struct overrides overrides = {0};
    wchar_t text[PROBE_PATH_CHARS];
    const DWORD length = GetEnvironmentVariableW(L"WINEDLLOVERRIDES", text, PROBE_PATH_CHARS);

    if (length > 0 && length < PROBE_PATH_CHARS) {
        overrides_add(&overrides, "WINEDLLOVERRIDES", text, length);
    }
    swprintf(text, PROBE_PATH_CHARS, L"Software\\Wine\\AppDefaults\\%ls\\DllOverrides", name);
    list_key(&overrides, "for this program", text);
    list_key(&overrides, "for all programs", L"Software\\Wine\\DllOverrides");
    if (overrides.length == 0) {
        snprintf(overrides.words, OVERRIDES_BYTES, "none");
    }
    return overrides;
}

/* Of the files' reasons the first; where they give none, it is Wine's choice. */
static void explain(const struct probe_question *program, DWORD load_error)
{
    char gets[64] = "it does not get ours";
    char path[PROBE_TEXT_BYTES];
    struct overrides overrides;
    wchar_t beside[PROBE_PATH_CHARS];
    struct image image = {NULL, 0};
    const char *its;

    if (load_error != NO_ERROR) {
        snprintf(gets, sizeof(gets), "it gets none, error %lu", load_error);
    }
    probe_beside(program->program, dll_name, beside);
    WideCharToMultiByte(CP_UTF8, 0, beside, -1, path, sizeof(path), NULL, NULL);
    if (!image_read(beside, &image)) {
        checklist_add("DLL", enable_it(), "%s: %s is not there", gets, path);
        return;
    }
    its = image_architecture(&image);
    if (!image_is_ours(&image)) {
        checklist_add("DLL", enable_it(), "%s: %s is not", gets, path);
    } else if (!its || strcmp(its, program->architecture) != 0) {
        checklist_add("DLL", enable_it(), "%s: %s is for %s, and the program for %s", gets, path,
                      its ? its : "no known architecture", program->architecture);
    } else {
        checklist_add("DLL", enable_it(), "%s, though %s is", gets, path);
        overrides = find_overrides(probe_name(program->program));
        checklist_add("override", enable_it(), "%s", overrides.words);
    }
    free(image.bytes);
}

/* ---- what it gets ---- */

static void judge_system(const struct probe_question *program, const struct probe_answer *answer)
{
    struct overrides overrides;

    if (answer->reaches_system) {
        checklist_add("system's DLL", NULL, "ours reaches it");
    }
    if (answer->exception == 0) {
        return;
    }
    overrides = find_overrides(probe_name(program->program));
    checklist_add("system's DLL",
                  answer->is_beside ? enable_it()
                                    : "settcpentry-wine disable --all, then enable --all",
                  "what ours hands on to it raises exception 0x%08lX; overrides: %s",
                  answer->exception, overrides.words);
}

static void judge_dll(const struct probe_question *program, const struct probe_answer *answer)
{
    if (!answer->is_ours) {
        explain(program, answer->load_error);
        return;
    }
    checklist_add("DLL", NULL,
                  answer->is_beside ? "it gets ours, from its folder"
                                    : "it gets ours, from the system's folder");
    judge_system(program, answer);
}

static void ask(const struct probe_question *program)
{
    struct probe_answer answer;
    char why[PROBE_TEXT_BYTES];

    if (probe_ask(program, &answer, why)) {
        judge_dll(program, &answer);
        if (answer.has_trial || answer.trial.exception != 0) {
            trial_judge("trial", &answer.trial, answer.is_ours ? "report this" : enable_it());
        }
    } else {
        checklist_add("trial", "without that, nobody knows what the program gets", "%s", why);
    }
}

/* Its full path, from UTF-8. */
static bool find(const char *program, wchar_t path_out[PROBE_PATH_CHARS])
{
    wchar_t given[PROBE_PATH_CHARS];
    DWORD length;

    if (MultiByteToWideChar(CP_UTF8, 0, program, -1, given, PROBE_PATH_CHARS) == 0) {
        return false;
    }
    length = GetFullPathNameW(given, PROBE_PATH_CHARS, path_out, NULL);
    return length > 0 && length < PROBE_PATH_CHARS;
}

void doctor_check_program(const char *program)
{
    struct probe_question question = {.dll = dll_name};
    struct image image;

    if (!find(program, question.program) || !image_read(question.program, &image)) {
        checklist_add("program", "give its path", "%s cannot be read", program);
        return;
    }
    question.architecture = image_architecture(&image);
    question.has_console = image_has_console(&image);
    free(image.bytes);
    if (!question.architecture) {
        checklist_add("program", "give a program", "%s is no Windows program", program);
        return;
    }
    checklist_add("program", NULL, "%s is a %s program for %s", program,
                  question.has_console ? "console" : "GUI", question.architecture);
    ask(&question);
}
