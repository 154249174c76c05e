#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every file names its licence, or is in the last paragraph of REUSE.toml; and the text of each licence is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
status=0

# Without what was built, which reuse itself would leave out in a git repository only.
tar -c --exclude=./.git --exclude=./build --exclude=./dist --exclude=./stage . | tar -x -C "$copy"
cd "$copy"

mapfile -t named < <(sed -n '/^path = \[/,/\]$/p' REUSE.toml | grep -oP '"\K[^"]+')
[ "${#named[@]}" -gt 0 ] || { echo "REUSE.toml names no files"; exit 1; }
is_named() { # FILE
  local pattern
  for pattern in "${named[@]}"; do
    # shellcheck disable=SC2053 # a pattern
    [[ $1 != $pattern && ./$1 != $pattern ]] || return 0
  done
  return 1
}

while read -r file; do
  is_named "${file#./}" || { echo "$file names no licence"; status=1; }
done < <(grep -rL 'SPDX-License''-Identifier: ' . --exclude-dir=LICENSES)

cmp LICENSE LICENSES/MIT.txt || status=1
# Debian 12's knows no REUSE.toml yet, but what was before it; the name of that format is in Debian's own files.
if ! reuse --help | grep -q convert-dep5; then
  mkdir .reuse
  {
    grep -m1 '^Format: ' /usr/share/doc/libcap-dev/copyright
    printf '\nFiles: *\nCopyright: %s\nLicense: MIT\n' "$(sed -n 's/^Copyright (c) //p' LICENSE)"
  } >.reuse/dep5
fi
reuse lint || status=1
exit "$status"
