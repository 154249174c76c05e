#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# answers.sh PRINT_ANSWERS [--write]: what is written about answers elsewhere is what def/answers.inc says: the tables
# of docs/return-codes.md (which --write brings up to date), the documented codes in include/settcpentry.h; and each
# answer is asserted by its name in one at least of the tests that its row names.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly print=$1 document=docs/return-codes.md header=include/settcpentry.h
failed=0
fail() {
  echo "$*" >&2
  failed=1
}

in_document() { sed -n '/^<!-- answers -->$/,/^<!-- \/answers -->$/p' $document | sed '1d;$d'; }

if [ "${2:-}" = --write ]; then
  table=$("$print" --document && echo .)
  text=$(awk -v table="${table%.}" '
    $0 == "<!-- /answers -->" { within = 0 }
    !within { print }
    $0 == "<!-- answers -->" { within = 1; printf "%s", table }' $document)
  printf '%s\n' "$text" >$document
  exit
fi

diff <(in_document) <("$print" --document) >&2 || fail "$document is not up to date: ./dev docs writes it anew"

# "ERROR_ACCESS_DENIED 5  the same  no administrator; ..." behind the asterisk of a comment
in_header() {
  local code='(NO_ERROR|ERROR_[A-Z_]+) [0-9]+'
  sed -nE "s/^ \*   ($code) +(\(unchanged\)|the same|$code)  .*/\1 \3/p" $header
}
diff <(in_header | sort -u) <("$print" --contract | sort -u) >&2 || fail "$header documents other answers"

while read -r name tests; do
  asserted=false
  for test in $tests; do
    if [ ! -f "tests/$test.c" ]; then
      fail "ANSWER_$name: there is no tests/$test.c"
    elif grep -qw "ANSWER_$name" "tests/$test.c"; then
      asserted=true
    fi
  done
  $asserted || fail "ANSWER_$name: none of its tests names it: $tests"
done < <("$print" --tests)
exit $failed
