/* SPDX-License-Identifier: MIT */
#include "export_names.h"

#include "os.h"

static void *at(BYTE *module, DWORD address)
{
    return module + address;
}

static const IMAGE_DATA_DIRECTORY *export_directory(BYTE *module)
{
    const IMAGE_DOS_HEADER *dos = at(module, 0);
    const IMAGE_NT_HEADERS *headers = at(module, (DWORD)dos->e_lfanew);

    return &headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT];
}

/* Moves together the names that stay; they stay sorted. */
static void move_together(BYTE *module, IMAGE_EXPORT_DIRECTORY *directory,
                          export_names_keeps_func *keeps, const void *context)
{
    DWORD *names = at(module, directory->AddressOfNames);
    WORD *ordinals = at(module, directory->AddressOfNameOrdinals);
    DWORD kept = 0;

    for (DWORD i = 0; i < directory->NumberOfNames; i++) {
        if (keeps(context, at(module, names[i]))) {
            names[kept] = names[i];
            ordinals[kept] = ordinals[i];
            kept++;
        }
    }
    directory->NumberOfNames = kept;
}

void export_names_keep(void *module, export_names_keeps_func *keeps, const void *context)
{
    const IMAGE_DATA_DIRECTORY *place = export_directory(module);
    IMAGE_EXPORT_DIRECTORY *directory = at(module, place->VirtualAddress);
    DWORD protection;

    if (os_protect(directory, place->Size, PAGE_READWRITE, &protection) != NO_ERROR) {
        return;
    }
    move_together(module, directory, keeps, context);
    os_protect(directory, place->Size, protection, &protection);
}
