/* SPDX-License-Identifier: MIT */
/* Any bytes may be a PE file. */
#include "fuzz.h"

#include "common/pe_exports.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pe_exports exports;
    size_t subsystem;

    if (pe_exports_read(data, size, &exports)) {
        pe_exports_has(&exports, "GetTcpTable");
        pe_exports_has(&exports, "zzzz");
    }
    pe_machine(data, size);
    subsystem = pe_subsystem_at(data, size);
    promise(subsystem == 0 || subsystem + 2 <= size);
    return 0;
}
