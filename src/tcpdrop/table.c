/* SPDX-License-Identifier: MIT */
#include "table.h"

#include <stdlib.h>

void table_free(struct table *table)
{
    for (size_t i = 0; i < table->owner_count; i++) {
        free(table->owners[i].name);
    }
    free(table->owners);
    free(table->rows);
    *table = (struct table){.count = 0};
}
