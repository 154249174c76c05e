/* SPDX-License-Identifier: MIT */
/* Any bytes may be the arguments, each up to a NUL. */
#include "fuzz.h"

#include "tcpdrop/connection_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = calloc(size + 1, 1);
    char *arguments[5] = {bytes};
    struct connection connection;
    int count = 1;
    int bad;

    if (!bytes) {
        abort();
    }
    memcpy(bytes, data, size);
    for (size_t i = 0; i < size && count < 5; i++) {
        if (bytes[i] == 0) {
            arguments[count++] = bytes + i + 1;
        }
    }
    if (connection_name_read(count, arguments, &connection, &bad)) {
        promise(bad >= 0 && bad <= count);
    }
    free(bytes);
    return 0;
}
