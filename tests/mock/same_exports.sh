#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# same_exports.sh READOBJ REAL MOCK: the DLLs in both folders export the same names, with the same numbers.
set -euo pipefail
readobj=$1 real=$2 mock=$3
exports() { "$readobj" --coff-exports "$1" | grep -E '^ +(Ordinal|Name):'; }
for dll in iphlp.dll iphlpapi.dll; do
  diff <(exports "$real/$dll") <(exports "$mock/$dll") || { echo "FAILED: $dll exports something else"; exit 1; }
  [ -n "$(exports "$mock/$dll")" ] || { echo "FAILED: $dll exports nothing"; exit 1; }
done
