/* SPDX-License-Identifier: MIT */
#include "system_dll.h"

const WCHAR *const system_dll_places[SYSTEM_DLL_PLACES] = {SYSTEM_DLL, SYSTEM_DLL_ASIDE};

static bool is_ours(HMODULE module)
{
    return module == os_this_dll() || os_dll_function(module, OUR_EXPORT);
}

static DWORD load(const WCHAR *dll, HMODULE *module_out)
{
    const WCHAR *const places[] = {dll, SYSTEM_DLL_ASIDE};

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        const DWORD error = os_load_system_dll(places[i], module_out);

        if (error != NO_ERROR || !is_ours(*module_out)) {
            return error;
        }
        os_unload_dll(*module_out);
    }
    return ERROR_MOD_NOT_FOUND;
}

/* One reference to each of the system's DLLs that were asked for. */
static HMODULE held[2];

/* Keeps the reference to this module, or gives it back where there is one already. */
static void hold(HMODULE module)
{
    for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++) {
        HMODULE holder = NULL;

        if (__atomic_compare_exchange_n(&held[i], &holder, module, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED)) {
            return;
        }
        if (holder == module) {
            os_unload_dll(module);
            return;
        }
    }
}

void system_dll_release(void)
{
    for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++) {
        if (held[i]) {
            os_unload_dll(held[i]);
            held[i] = NULL;
        }
    }
}

static DWORD find_function(const WCHAR *dll, const char *name, FARPROC *function_out)
{
    HMODULE module;
    const DWORD error = load(dll, &module);
    FARPROC function;

    if (error != NO_ERROR) {
        return error;
    }
    hold(module);
    function = os_dll_function(module, name);
    if (!function) {
        return os_last_error() != NO_ERROR ? os_last_error() : ERROR_PROC_NOT_FOUND;
    }
    *function_out = function;
    return NO_ERROR;
}

DWORD system_dll_function(const WCHAR *dll, const char *name, FARPROC *function_out)
{
    const DWORD error = find_function(dll, name, function_out);

    /* Wine takes the module that was asked last for the one that goes by its base name; without
     * this the program's next LoadLibrary("iphlpapi.dll") would give it the system's. */
    os_dll_function(os_this_dll(), OUR_EXPORT);
    return error;
}
