#!/bin/sh
# SPDX-License-Identifier: MIT
# uninstall.sh: removes what install.sh has put where this lies now. Programs that were enabled keep their copies:
# settcpentry-wine disable first.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
prefix=${here%/share/settcpentry}
if [ "$prefix" = "$here" ] || [ ! -f "$here/installed" ]; then
  echo "uninstall.sh: nothing was installed here" >&2
  exit 1
fi
grep -v '/$' "$here/installed" | while read -r file; do
  rm -f "$prefix/$file"
done
folders=$(grep '/$' "$here/installed" | LC_ALL=C sort -ru) || true # what lies in one comes before it
rm -f "$here/installed"
printf '%s\n' "$folders" | while read -r folder; do # unless there is something else
  [ -z "$folder" ] || rmdir "$prefix/$folder" 2>/dev/null || true
done
echo "Removed from $prefix."
