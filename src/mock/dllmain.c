/* SPDX-License-Identifier: MIT */
#include "dllmain.h"

#include "../dll/export_names.h"
#include "mock.h"

#include <string.h>

/* name, or _name@bytes, as some are spelt in some releases. */
static bool is_spelling(const char *exported, const char *name)
{
    const size_t length = strlen(name);

    return strcmp(exported, name) == 0 ||
           (*exported == '_' && strncmp(exported + 1, name, length) == 0 &&
            exported[1 + length] == '@');
}

static bool is_present(const void *context, const char *name)
{
    const struct script *script = context;

    for (size_t i = 0; i < script->absent_count; i++) {
        if (is_spelling(name, script->absent[i])) {
            return false;
        }
    }
    return true;
}

void mock_begin(void *module)
{
    mock_load();
    export_names_keep(module, is_present, &mock_get()->script);
}
