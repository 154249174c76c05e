/* SPDX-License-Identifier: MIT */
/* libFuzzer: any bytes may be a PE file. */
#include "pe_exports.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pe_exports exports;

    if (pe_exports_read(data, size, &exports)) {
        pe_exports_has(&exports, "GetTcpTable");
        pe_exports_has(&exports, "zzzz");
    }
    pe_machine(data, size);
    pe_subsystem_at(data, size);
    return 0;
}
