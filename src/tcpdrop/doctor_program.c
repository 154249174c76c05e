/* SPDX-License-Identifier: MIT */
#include "doctor_program.h"

#include "checklist.h"
#include "probe.h"

#include "../dll/pe_exports.h"
#include "../dll/wine.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
    IMAGE_BYTES = 16 << 20, /* of which that many are read; no DLL under our name has as many */
    WORDS_BYTES = 1024,
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

/* Where it says what, in a list. */
static void list(char words[WORDS_BYTES], const char *where, const wchar_t *what)
{
    const size_t length = strlen(words);
    char said[WORDS_BYTES];

    if (WideCharToMultiByte(CP_UTF8, 0, what, -1, said, sizeof(said), NULL, NULL) > 0) {
        snprintf(words + length, WORDS_BYTES - length, "%s%s \"%s\"", length > 0 ? ", " : "", where,
                 said);
    }
}

/* Of a key the values that are about us, however they spell it. */
static void list_key(char words[WORDS_BYTES], const char *where, const wchar_t *key)
{
    wchar_t name[256];
    wchar_t value[256];
    LONG error;
    HKEY opened;

    if (RegOpenKeyExW(HKEY_CURRENT_USER, key, 0, KEY_READ, &opened) != ERROR_SUCCESS) {
        return;
    }
    for (DWORD i = 0;; i++) {
        DWORD name_chars = sizeof(name) / sizeof(name[0]);
        DWORD value_bytes = sizeof(value) - sizeof(value[0]);

        error =
            RegEnumValueW(opened, i, name, &name_chars, NULL, NULL, (BYTE *)value, &value_bytes);
        if (error != ERROR_SUCCESS && error != ERROR_MORE_DATA) {
            break;
        }
        if (error == ERROR_SUCCESS && wcsstr(_wcslwr(name), L"iphlpapi")) {
            value[value_bytes / sizeof(value[0])] = 0;
            list(words, where, value);
        }
    }
    RegCloseKey(opened);
}

/* What Wine has been told. What it makes of that is for it to say, and differs from one to the next. */
static void list_overrides(char words[WORDS_BYTES], const wchar_t *name)
{
    wchar_t text[PROBE_PATH_CHARS];
    const DWORD length = GetEnvironmentVariableW(L"WINEDLLOVERRIDES", text, PROBE_PATH_CHARS);

    words[0] = 0;
    if (length > 0 && length < PROBE_PATH_CHARS) {
        list(words, "WINEDLLOVERRIDES", text);
    }
    swprintf(text, PROBE_PATH_CHARS, L"Software\\Wine\\AppDefaults\\%ls\\DllOverrides", name);
    list_key(words, "for this program", text);
    list_key(words, "for all programs", L"Software\\Wine\\DllOverrides");
    if (!words[0]) {
        snprintf(words, WORDS_BYTES, "none");
    }
}

/* Of the files' reasons the first; where they give none, it is Wine's choice. */
static void explain(const struct probe_question *program, DWORD load_error)
{
    char gets[64] = "it does not get ours";
    char path[PROBE_TEXT_BYTES];
    char words[WORDS_BYTES];
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
        list_overrides(words, probe_name(program->program));
        checklist_add("override", enable_it(), "%s", words);
    }
    free(image.bytes);
}

/* ---- what it gets ---- */

static void judge_system(const struct probe_question *program, const struct probe_answer *answer)
{
    char words[WORDS_BYTES];

    if (answer->reaches_system) {
        checklist_add("system's DLL", NULL, "ours reaches it");
    }
    if (answer->exception == 0) {
        return;
    }
    list_overrides(words, probe_name(program->program));
    checklist_add("system's DLL",
                  answer->is_beside ? enable_it()
                                    : "settcpentry-wine disable --all, then enable --all",
                  "what ours hands on to it raises exception 0x%08lX; overrides: %s",
                  answer->exception, words);
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
