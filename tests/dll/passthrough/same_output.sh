#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# same_output.sh IN_PREFIX PREFIX OUR_DLL WITHOUT.exe WITH.exe: with our iphlpapi.dll beside it, and
# with ours in the system's place, a program and Wine's own tools print what they print without.
set -euo pipefail
prefix=$2 ours=$3 without=$4 with=$5
in_prefix() { "$run" "$prefix" "$@" | tr -d '\r'; }
run=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

case $(basename "$(dirname "$ours")") in
  x86) system=drive_c/windows/syswow64 ;;
  *) system=drive_c/windows/system32 ;;
esac
wines=$WINEPREFIX/$system/iphlpapi.dll
in_place=("iphlpapi.dll=$ours" "iphlpapi-system.dll=$wines")
status=0

# compare NAME: the files without and with; whose DLL it was stands on the first line of a program's
compare() {
  if [ ! -s "$work/without" ]; then
    echo "$1: prints nothing"
    status=1
  elif diff "$work/without" "$work/with" >"$work/diff"; then
    echo "$1: the same $(wc -l <"$work/with") lines"
  else
    echo "$1: differs"
    cat "$work/diff"
    status=1
  fi
}

# split FILE WHOSE: takes off the first line, which must say so
split() {
  [ "$(head -n 1 "$work/$1")" = "$2" ] || { echo "not $2: $(head -n 1 "$work/$1")"; status=1; }
  sed -i 1d "$work/$1"
}

in_prefix -- "$without" >"$work/without"
split without "the system's"
in_prefix -- "$with" >"$work/with"
split with ours
compare "a program with ours beside it"
if grep -aq 'Wine placeholder DLL' "$wines"; then
  echo "ours in the system's place: skipped, as this Wine's own is a placeholder that cannot be put aside"
  exit "$status"
fi
in_prefix "${in_place[@]}" -- "$without" >"$work/with"
split with ours
compare "a program with ours in the system's place"
cat "$work/with"

# Connections in TIME_WAIT, left by earlier tests, may vanish between the two runs.
for tool in ipconfig netstat; do
  in_prefix -- "$WINEPREFIX-$prefix/$system/$tool.exe" | grep -v TIME_WAIT >"$work/without" || true
  in_prefix "${in_place[@]}" -- "$WINEPREFIX-$prefix/$system/$tool.exe" | grep -v TIME_WAIT >"$work/with" || true
  compare "$tool"
done
exit "$status"
