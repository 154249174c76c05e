#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# live.sh SETTCPENTRY_WINE TEST_LIVE CLOSE_CONNECTION SYSTEM32_ONLY TCPDROP: programs in a real prefix,
# made from $WINEPREFIX beside it, before, while and after settcpentry-wine has enabled them.
set -euo pipefail
readonly tool=$1 test_live=$2 close_connection=$3 system32_only=$4 tcpdrop=$5 original=$WINEPREFIX
export WINEPREFIX=$original-enabled
unset WINEDLLOVERRIDES
trap 'wineserver -k || true; rm -rf "$WINEPREFIX"' EXIT
rm -rf "$WINEPREFIX"
# Hard links make it in no time; what is written to must be a copy.
cp -al "$original" "$WINEPREFIX"
for file in "$WINEPREFIX"/*.reg; do
  cp "$file" "$file.copy" && mv "$file.copy" "$file"
done
games=$WINEPREFIX/drive_c/games
mkdir "$games"
cp "$close_connection" "$games/close.exe"
cp "$system32_only" "$games/system32_only.exe"

quiet() { wineserver -k || true; wineserver -w; }
files() { (cd "$WINEPREFIX/drive_c" && find . -name 'iphlpapi*' -exec sha256sum {} + | sort -k 2 && ls "$games"); }
registry() {
  wine regedit /E "$1" 'HKEY_CURRENT_USER\Software\Wine' >/dev/null 2>&1
  quiet
}
run() { wine "$games/$1" 2>/dev/null </dev/null | tr -d '\r'; quiet; }
# What doctor says of the program.
doctor() {
  { wine "$tcpdrop" doctor 'C:\games\close.exe' 2>/dev/null </dev/null || true; } | tr -d '\r' | grep -E "$1"
}
expect() { [ "$2" = "$3" ] || { echo "FAILED: $1: $2"; exit 1; }; echo "ok: $1"; }
tell() { echo "-- $*"; "$tool" "$@"; }

files >"$games.files"
registry "$games.reg"
expect "before, a program that looks in System32 only gets Wine's" "$(run system32_only.exe)" "the system's"

expect "doctor says so" "$(doctor '^WRONG DLL:')" "WRONG DLL: it does not get ours: C:\games\iphlpapi.dll is not there"
quiet

tell enable "$games/close.exe"
expect "doctor finds it" "$(doctor '^ok +DLL:')" "ok    DLL: it gets ours, from its folder"
expect "and nothing else wrong" "$(doctor 'A drop')" "A drop works here."
"$test_live" "$games/close.exe"
quiet
tell status "$games/close.exe"
tell disable "$games/close.exe"
expect "afterwards the files are the same" "$(files)" "$(cat "$games.files")"
registry "$games.after"
cmp "$games.reg" "$games.after" && echo "ok: and the registry, byte for byte"

if grep -aq 'Wine placeholder DLL' "$WINEPREFIX/drive_c/windows/system32/iphlpapi.dll"; then
  ! "$tool" enable --all || { echo "FAILED: a placeholder was put aside"; exit 1; }
  expect "a placeholder stays where it is" "$(files)" "$(cat "$games.files")"
  exit
fi
tell enable --all
expect "doctor finds it" "$(doctor '^ok +DLL:')" "ok    DLL: it gets ours, from the system's folder"
expect "and nothing else wrong" "$(doctor 'A drop')" "A drop works here."
expect "with --all it gets ours" "$(run system32_only.exe)" ours
"$test_live" "$games/close.exe"
coproc { wine cmd 2>&1; }
read -r _ <&"${COPROC[0]}" # it says something, and waits for input
if "$tool" disable --all; then
  echo "FAILED: while a program runs"
  exit 1
fi
quiet
tell disable --all
expect "afterwards the files are the same" "$(files)" "$(cat "$games.files")"
registry "$games.after"
cmp "$games.reg" "$games.after" && echo "ok: and the registry, byte for byte"
expect "and it gets Wine's again" "$(run system32_only.exe)" "the system's"
