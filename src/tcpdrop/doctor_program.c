/* SPDX-License-Identifier: MIT */
#include "doctor_program.h"

#include "checklist.h"

#include "../dll/pe_exports.h"
#include "../dll/wine.h"

#include <windows.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
    PATH_CHARS = 1024,
    IMAGE_BYTES = 16 << 20, /* of which that many are read; no DLL under our name has as many */
};

static const char enable_it[] = "settcpentry-wine enable puts it right";

/* ---- files ---- */

struct image
{
    BYTE *bytes;
    DWORD length;
};

static bool image_read(const char *path, struct image *image_out)
{
    wchar_t wide[PATH_CHARS];
    DWORD higher = 0;
    DWORD got = 0;
    HANDLE file;

    *image_out = (struct image){NULL, 0};
    if (MultiByteToWideChar(CP_UTF8, 0, path, -1, wide, PATH_CHARS) == 0) {
        return false;
    }
    file = CreateFileW(wide, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
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

static bool image_is_ours(const struct image *image)
{
    struct pe_exports exports;

    return pe_exports_read(image->bytes, image->length, &exports) &&
           pe_exports_has(&exports, "SetTcpEntryVersion");
}

/* ---- the system's folder ---- */

#if defined(__x86_64__)
static const char our_architecture[] = "amd64";
#elif defined(__i386__)
static const char our_architecture[] = "x86";
#else
static const char our_architecture[] = "arm64";
#endif

/* The one that programs of this architecture see as System32. */
static void system_folder(const char *architecture, char folder_out[MAX_PATH])
{
    if (strcmp(architecture, our_architecture) == 0) {
        GetSystemDirectoryA(folder_out, MAX_PATH);
    } else if (strcmp(architecture, "x86") == 0) {
        GetSystemWow64DirectoryA(folder_out, MAX_PATH);
    } else {
        const UINT length = GetWindowsDirectoryA(folder_out, MAX_PATH - 16);

        memcpy(folder_out + length, "\\sysnative", sizeof("\\sysnative"));
    }
}

static bool is_ours(const char *path)
{
    struct image image;
    const bool found = image_read(path, &image) && image_is_ours(&image);

    free(image.bytes);
    return found;
}

/* What is passed through has to lead to a DLL that is not ours. */
static void check_system(const char *architecture)
{
    static const char *const names[] = {"iphlpapi.dll", "iphlpapi-system.dll"};
    char folder[MAX_PATH];
    char path[MAX_PATH + 32];
    struct image image;

    system_folder(architecture, folder);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s\\%s", folder, names[i]);
        if (image_read(path, &image)) {
            free(image.bytes);
            if (!is_ours(path)) {
                checklist_add("system's DLL", NULL, "%s", path);
                return;
            }
        }
    }
    checklist_add("system's DLL", "settcpentry-wine disable --all, then enable --all",
                  "it is not in %s under either name", folder);
}

/* ---- the DLL that it gets: beside it, else the system folder's ---- */

/* Without its folder. */
static const char *file_name(const char *path)
{
    const char *name = path;

    for (; *path; path++) {
        if (*path == '\\' || *path == '/') {
            name = path + 1;
        }
    }
    return name;
}

static void put_beside(const char *program, char *path_out, size_t room)
{
    snprintf(path_out, room, "%.*siphlpapi.dll", (int)(file_name(program) - program), program);
}

static void check_dll(const char *beside, const char *architecture)
{
    char folder[MAX_PATH];
    char path[PATH_CHARS];
    struct image image;
    const char *its;

    snprintf(path, sizeof(path), "%s", beside);
    if (!image_read(path, &image)) {
        system_folder(architecture, folder);
        snprintf(path, sizeof(path), "%s\\iphlpapi.dll", folder);
        if (!is_ours(path) || !image_read(path, &image)) {
            checklist_add("DLL", enable_it, "%s is not there", beside);
            return;
        }
    }
    its = image_architecture(&image);
    if (!image_is_ours(&image)) {
        checklist_add("DLL", enable_it, "%s is not ours", path);
    } else if (!its || strcmp(its, architecture) != 0) {
        checklist_add("DLL", enable_it, "%s is for %s, and the program for %s", path,
                      its ? its : "no known architecture", architecture);
    } else {
        checklist_add("DLL", NULL, "%s is ours, for %s", path, its);
    }
    free(image.bytes);
}

/* ---- the override ---- */

static bool read_value(const char *key, char *value_out, DWORD room)
{
    HKEY opened;
    bool found;

    if (RegOpenKeyExA(HKEY_CURRENT_USER, key, 0, KEY_READ, &opened) != ERROR_SUCCESS) {
        return false;
    }
    room--;
    found =
        RegQueryValueExA(opened, "iphlpapi", NULL, NULL, (BYTE *)value_out, &room) == ERROR_SUCCESS;
    value_out[found ? room : 0] = 0;
    RegCloseKey(opened);
    return found;
}

/* "name,*name", a star for loads by full path, too. */
static bool names_our_dll(const char *names, const char *end)
{
    static const char ours[] = "iphlpapi";

    while (names < end) {
        const char *name = *names == '*' ? names + 1 : names;
        const size_t length = strcspn(name, ",.=");

        if (length == sizeof(ours) - 1 && _strnicmp(name, ours, length) == 0) {
            return true;
        }
        names = name + strcspn(name, ",=") + 1;
    }
    return false;
}

/* "name,name=order;name=order", as Wine reads it. */
static bool read_environment(char *value_out, DWORD room)
{
    char overrides[2048];

    if (GetEnvironmentVariableA("WINEDLLOVERRIDES", overrides, sizeof(overrides)) == 0) {
        return false;
    }
    for (char *entry = strtok(overrides, ";"); entry; entry = strtok(NULL, ";")) {
        char *equals = strchr(entry, '=');

        if (equals && names_our_dll(entry, equals)) {
            snprintf(value_out, room, "%s", equals + 1);
            return true;
        }
    }
    return false;
}

static void judge_override(const char *where, const char *value)
{
    const bool native_first = value[0] == 'n' || value[0] == 'N';
    const bool has_builtin = strstr(value, ",b") || strstr(value, ", b");

    if (native_first && has_builtin) {
        checklist_add("override", NULL, "%s: %s", where, value);
    } else if (native_first) {
        checklist_add("override", enable_it, "%s: %s alone, so Wine's own cannot be reached", where,
                      value);
    } else {
        checklist_add("override", enable_it, "%s: \"%s\", so %s", where, value,
                      value[0] ? "Wine prefers its own" : "Wine lets nobody have it");
    }
}

static void check_override(const char *program)
{
    char key[PATH_CHARS];
    char value[256];

    snprintf(key, sizeof(key), "Software\\Wine\\AppDefaults\\%s\\DllOverrides", file_name(program));
    if (read_environment(value, sizeof(value))) {
        judge_override("WINEDLLOVERRIDES", value);
    } else if (read_value(key, value, sizeof(value))) {
        judge_override("for this program", value);
    } else if (read_value("Software\\Wine\\DllOverrides", value, sizeof(value))) {
        judge_override("for all programs", value);
    } else {
        checklist_add("override", enable_it, "none, so Wine prefers its own");
    }
}

void doctor_check_program(const char *program)
{
    char path[PATH_CHARS];
    struct image image;
    const char *architecture;

    if (!image_read(program, &image)) {
        checklist_add("program", "give its path", "%s cannot be read", program);
        return;
    }
    architecture = image_architecture(&image);
    free(image.bytes);
    if (!architecture) {
        checklist_add("program", "give a program", "%s is no Windows program", program);
        return;
    }
    checklist_add("program", NULL, "%s is for %s", program, architecture);
    put_beside(program, path, sizeof(path));
    check_dll(path, architecture);
    if (wine_is_here()) {
        check_override(program);
    }
    check_system(architecture);
}
