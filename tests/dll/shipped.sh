#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# shipped.sh READOBJ ARCHITECTURE IMPORTS DLL...: what can be told from the files: what they import, which
# Windows they want, how their exports are spelt, whose they say they are, and how large they are.
set -euo pipefail
export LC_ALL=C
readobj=$1 list=$3
# The floor: 2000, XP x64, and 8, as there is none for arm64 before that.
case $2 in
  x86) machine=I386 windows=5.0 ;;
  amd64) machine=AMD64 windows=5.2 ;;
  arm64) machine=ARM64 windows=6.2 ;;
esac
shift 3
readonly imports_at_most=41 bytes_at_most=81920
status=0

# complain DLL WHAT [LINES]: only if there are lines
complain() {
  [ -n "$3" ] || return 0
  printf '%s: %s:\n%s\n' "$1" "$2" "$3"
  status=1
}

imports() { "$readobj" --coff-imports "$1" | awk '/^  Name:/ { dll = $2 } /^  Symbol:/ { print dll, $2 }'; }
exports() { "$readobj" --coff-exports "$1" | awk '/^  Name:/ { print $2 }'; }
header() { "$readobj" --file-headers "$1" | awk -v name="$2:" '$1 == name { print $2 }'; }
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
  [ "$(header "$dll" Machine)" = "IMAGE_FILE_MACHINE_$machine" ] || complain "$dll" "is for" "$(header "$dll" Machine)"
  for what in OperatingSystem Subsystem; do
    wants=$(header "$dll" "Major${what}Version").$(header "$dll" "Minor${what}Version")
    [ "$wants" = "$windows" ] || complain "$dll" "wants another Windows than $windows" "$what $wants"
  done
  of=$(company "$dll") || complain "$dll" "version resource" "names no company"
  complain "$dll" "says that it is" "$(grep -i '^Microsoft' <<<"$of")"
  bytes=$(stat -c %s "$dll")
  [ "$bytes" -le "$bytes_at_most" ] || complain "$dll" "larger than $bytes_at_most" "$bytes"
done
exit "$status"
