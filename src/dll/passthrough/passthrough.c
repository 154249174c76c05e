/* SPDX-License-Identifier: MIT */
#include "passthrough.h"

#include "../../common/pe_exports.h"
#include "../export_names.h"
#include "../system_dll.h"

void *passthrough_bind(struct passthrough_thunk *thunk)
{
    const DWORD last_error = os_last_error();
    FARPROC function;
    const DWORD error = system_dll_function(SYSTEM_DLL, thunk->name, &function);

    if (error != NO_ERROR) {
        os_raise_no_entry_point(thunk->name, error);
    }
    __atomic_store_n(&thunk->target, (void *)function, __ATOMIC_RELEASE);
    os_set_last_error(last_error);
    return (void *)function;
}

/* ---- the names ---- */

static bool is_ours(const char *name)
{
    static const char *const ours[] = {
#define OURS(name, bytes) #name,
#include "exports.inc"
    };

    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
        if (pe_exports_compare(name, ours[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_there(const void *system, const char *name)
{
    return is_ours(name) || pe_exports_has(system, name);
}

/* False where this file is not the system's, but one of ours in its place. */
static bool hide_what_is_not_in(void *module, const void *file, SIZE_T bytes)
{
    struct pe_exports system;

    /* A 32-bit program can have the 64-bit folder shown to it for a while: that file is not what it
     * will load. */
    if (!pe_exports_read(file, bytes, &system) || system.address_bits != 8 * sizeof(void *)) {
        return true;
    }
    if (pe_exports_has(&system, OUR_EXPORT)) {
        return false;
    }
    export_names_keep(module, is_there, &system);
    return true;
}

void passthrough_hide_missing(void *module)
{
    bool done = false;

    for (size_t i = 0; i < SYSTEM_DLL_PLACES && !done; i++) {
        void *file;
        SIZE_T bytes;

        done = os_map_system_file(system_dll_places[i], &file, &bytes) != NO_ERROR;
        if (!done) {
            done = hide_what_is_not_in(module, file, bytes);
            os_unmap_page(file);
        }
    }
}
