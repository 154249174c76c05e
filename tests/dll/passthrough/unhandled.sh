#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# unhandled.sh WORDS COMMAND...: ends as a program does under Wine that calls what Wine's own DLL lacks: with
# Wine's own line, in which there are these words, and status 1.
set -euo pipefail
words=$1
shift
unset WINEDEBUG # as for users; but their debugger takes long, and may end the program by itself with status 0
export WINEDLLOVERRIDES="$WINEDLLOVERRIDES;winedbg.exe="
log=$(mktemp)
trap 'rm "$log"' EXIT
status=0
"$@" >"$log" 2>&1 || status=$?
cat "$log"
echo "status $status"
[ "$status" = 1 ] && grep -qF -- "$words" "$log"
