/* SPDX-License-Identifier: MIT */
/* libFuzzer: any bytes may be the arguments, each up to a NUL. */
#include "connection_name.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = calloc(size + 1, 1);
    char *arguments[5] = {bytes};
    struct connection_name name;
    int count = 1;
    int bad;

    memcpy(bytes, data, size);
    for (size_t i = 0; i < size && count < 5; i++) {
        if (bytes[i] == 0) {
            arguments[count++] = bytes + i + 1;
        }
    }
    if (connection_name_read(count, arguments, &name, &bad) && (bad < 0 || bad > count)) {
        abort();
    }
    free(bytes);
    return 0;
}
