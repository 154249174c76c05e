#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every file names its licence, or is in the last paragraph of .reuse/dep5; and the text of each licence is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
status=0

# Without what was built, which reuse itself would leave out in a git repository only.
tar -c --exclude=./.git --exclude=./build --exclude=./dist --exclude=./stage . | tar -x -C "$copy"
cd "$copy"

# Its patterns are like bash's, where * takes in slashes.
read -ra named < <(awk -v RS= 'END { print }' .reuse/dep5 | sed '/^Copyright:/,$d; s/^Files://' | paste -sd ' ')
is_named() { # FILE
  local pattern
  for pattern in "${named[@]}"; do
    # shellcheck disable=SC2053 # a pattern
    [[ $1 != $pattern ]] || return 0
  done
  return 1
}

while read -r file; do
  is_named "${file#./}" || { echo "$file names no licence"; status=1; }
done < <(grep -rL 'SPDX-License''-Identifier: ' . --exclude-dir=.reuse --exclude-dir=LICENSES)

cmp LICENSE LICENSES/MIT.txt || status=1
reuse lint || status=1
exit "$status"
