#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# shipped.sh OBJDUMP IMPORTS DLL...: what can be told from the files: what they import, how their
# exports are spelt, whose they say they are, and how large they are.
set -euo pipefail
export LC_ALL=C
objdump=$1 list=$2
shift 2
readonly imports_at_most=30 bytes_at_most=65536
status=0

# complain DLL WHAT [LINES]: only if there are lines
complain() {
  [ -n "$3" ] || return 0
  printf '%s: %s:\n%s\n' "$1" "$2" "$3"
  status=1
}

imports() {
  "$objdump" -p "$1" | awk '
    /^The Export Tables/ { dll = "" }
    /DLL Name:/ { dll = $3 }
    dll && NF == 3 && /^\t[0-9a-f]+\t/ { print dll, $3 }'
}
exports() {
  "$objdump" -p "$1" | awk '
    on && !NF { on = 0 }
    on { print $NF }
    /^\[Ordinal\/Name Pointer\]/ { on = 1 }'
}
company() { tr -d '\0' <"$1" | grep -aoP 'CompanyName\K[ -~]+'; }

allowed=$(grep -v '^#' "$list" | sort)
complain "$list" "more than $imports_at_most" "$(tail -n "+$((imports_at_most + 1))" <<<"$allowed")"
for dll; do
  imported=$(imports "$dll" | sort)
  exported=$(exports "$dll")
  [ "$(wc -l <<<"$imported")" -ge 20 ] || complain "$dll" "these imports cannot be all" "$imported"
  complain "$dll" "imports what is not on the list" "$(comm -13 <(echo "$allowed") <(echo "$imported"))"
  # The packet filter's names are decorated in the system's DLL, too.
  complain "$dll" "decorated exports" "$(grep -vE '^([A-Za-z][A-Za-z0-9_]*|_Pf[A-Za-z]+@[0-9]+)$' <<<"$exported")"
  grep -qx SetTcpEntry <<<"$exported" || complain "$dll" "no SetTcpEntry among" "$exported"
  of=$(company "$dll") || complain "$dll" "version resource" "names no company"
  complain "$dll" "says that it is" "$(grep -i '^Microsoft' <<<"$of")"
  bytes=$(stat -c %s "$dll")
  [ "$bytes" -le "$bytes_at_most" ] || complain "$dll" "larger than $bytes_at_most" "$bytes"
done
exit "$status"
