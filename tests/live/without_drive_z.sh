#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# without_drive_z.sh wine Z:PROGRAM LOCAL REMOTE --now Z:ANSWER_FILE: runs it in a prefix whose drives do not
# lead to Linux files, where the program and its answer are on drive C.
set -euo pipefail
program=${2#Z:} answer=${6#Z:} here=$WINEPREFIX-without-z
"$(dirname "$0")/../support/copy_prefix.sh" "$here"
rm -f "$here/dosdevices/z:"
cp "$program" "$(dirname "$program")/iphlp.dll" "$here/drive_c"
export WINEPREFIX=$here
trap 'wineserver -k || true' EXIT

cd "$here/drive_c"
status=0
"$1" "C:\\$(basename "$program")" "$3" "$4" "$5" 'C:\answer.txt' || status=$?
mv answer.txt "$answer"
exit "$status"
