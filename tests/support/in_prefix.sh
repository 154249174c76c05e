#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# in_prefix.sh PREFIX [NAME=FILE...] -- PROGRAM...: runs it under Wine in a prefix of its own, made from
# $WINEPREFIX at $WINEPREFIX-PREFIX, whose system folder has these files under these names; a FILE without
# a folder is Wine's own of that name.
set -euo pipefail
here=$WINEPREFIX-$1
shift
files=()
while [ "$1" != -- ]; do
  files+=("$1")
  shift
done
shift
headers=$(od -An -td4 -j60 -N4 "$1" | tr -d ' ')
machine=$(od -An -tx2 -j$((headers + 4)) -N2 "$1" | tr -d ' ') # a program of which architecture?
case $machine in
  014c) system=drive_c/windows/syswow64 ;;
  *) system=drive_c/windows/system32 ;;
esac

original=$WINEPREFIX
"$(dirname "$0")/copy_prefix.sh" "$here"
export WINEPREFIX=$here
# Of both architectures, where there are two: Wine's services are of the other one.
for folder in drive_c/windows/system32 drive_c/windows/syswow64; do
  [ -f "$original/$folder/iphlpapi.dll" ] || continue
  cp --remove-destination "$original/$folder/iphlpapi.dll" "$here/$folder/iphlpapi.dll"
  rm -f "$here/$folder/iphlpapi-system.dll"
done
for file in "${files[@]}"; do
  from=${file#*=}
  [[ $from == */* ]] || from=$original/$system/$from
  cp --remove-destination "$from" "$here/$system/${file%%=*}"
done

# Files, not pipes, which Wine's services would keep open. What Wine itself complains of is no output.
log=$(mktemp -d)
trap 'rm -r "$log"; wineserver -k || true' EXIT
status=0
wine "$@" >"$log/output" 2>"$log/errors" </dev/null || status=$?
cat "$log/errors" >&2
cat "$log/output"
exit "$status"
