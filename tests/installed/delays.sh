#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# delays.sh READOBJ PROGRAM DLL: the program knows that DLL, but is not loaded together with it. (GNU's linker
# keeps no list of what is delayed.)
set -euo pipefail
imports=$("$1" --coff-imports "$2" | awk '/^(Delay)?Import \{/ { kind = $1 } /^  Name:/ { print kind, $2 }')
echo "$imports"
grep -aqi "$3" "$2"
if grep -qix "Import $3" <<<"$imports"; then
  exit 1
fi
