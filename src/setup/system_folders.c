/* SPDX-License-Identifier: MIT */
#include "system_folders.h"

#include "image.h"

#include "../common/dll_names.h"

#include <wchar.h>

static bool look(struct system_folder *folder, const wchar_t *path)
{
    struct image image;

    if (!path_format(folder->dll, L"%ls\\" SYSTEM_DLL, path) ||
        !path_beside(folder->dll, SYSTEM_DLL_ASIDE, folder->aside)) {
        return false;
    }
    image = image_look(folder->dll);
    if (!image.is_there) {
        image = image_look(folder->aside);
    }
    folder->architecture = image.architecture;
    return image.is_there;
}

bool system_folders_are_seen(void)
{
    BOOL is_led_elsewhere = FALSE;

    IsWow64Process(GetCurrentProcess(), &is_led_elsewhere);
    return !is_led_elsewhere;
}

size_t system_folders_find(struct system_folder folders_out[SYSTEM_FOLDERS_AT_MOST])
{
    wchar_t path[PATH_CHARS];
    size_t count = 0;

    count += GetSystemDirectoryW(path, PATH_CHARS) != 0 && look(&folders_out[count], path);
    count += GetSystemWow64DirectoryW(path, PATH_CHARS) != 0 && look(&folders_out[count], path);
    return count;
}
