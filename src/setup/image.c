/* SPDX-License-Identifier: MIT */
#include "image.h"

#include "paths.h"

#include "../common/dll_names.h"
#include "../common/pe_exports.h"

#include <stdlib.h>
#include <string.h>

enum
{
    IMAGE_BYTES = 16 << 20, /* of which that many are read; no DLL under our name has as many */
};

static const char *architecture_of(const BYTE *bytes, DWORD length)
{
    switch (pe_machine(bytes, length)) {
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

static bool has_console(const BYTE *bytes, DWORD length)
{
    const size_t at = pe_subsystem_at(bytes, length);

    return at != 0 && bytes[at] == IMAGE_SUBSYSTEM_WINDOWS_CUI;
}

static bool is_ours(const BYTE *bytes, DWORD length)
{
    struct pe_exports exports;

    return pe_exports_read(bytes, length, &exports) && pe_exports_has(&exports, OUR_EXPORT);
}

/* Wine writes it behind the DOS header. */
static bool is_placeholder(const BYTE *bytes, DWORD length)
{
    static const char mark[] = "Wine placeholder DLL";

    return length >= sizeof(IMAGE_DOS_HEADER) + sizeof(mark) &&
           memcmp(bytes + sizeof(IMAGE_DOS_HEADER), mark, sizeof(mark)) == 0;
}

/* A game's program may be larger than we have room for; its headers are at its beginning. */
static DWORD read_beginning(HANDLE file, BYTE *bytes)
{
    DWORD got = 0;

    return ReadFile(file, bytes, IMAGE_BYTES, &got, NULL) ? got : 0;
}

struct image image_look(const wchar_t *path)
{
    const HANDLE file =
        CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    NULL, OPEN_EXISTING, 0, NULL);
    const DWORD error = file == INVALID_HANDLE_VALUE ? GetLastError() : NO_ERROR;
    BYTE *bytes = error == NO_ERROR ? malloc(IMAGE_BYTES) : NULL;
    struct image image = {.is_there =
                              error != ERROR_FILE_NOT_FOUND && error != ERROR_PATH_NOT_FOUND,
                          .is_readable = bytes != NULL};

    if (bytes) {
        const DWORD length = read_beginning(file, bytes);

        image.architecture = architecture_of(bytes, length);
        image.has_console = has_console(bytes, length);
        image.is_ours = image.architecture && is_ours(bytes, length);
        image.is_placeholder = is_placeholder(bytes, length);
    }
    free(bytes);
    CloseHandle(file);
    return image;
}
