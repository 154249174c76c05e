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

# "@retval ERROR_ACCESS_DENIED 5, with LastError" before "- the same: no administrator; ...", or both in one line
in_header() {
  awk '
    $2 == "@retval" { code = $3 " " $4; sub(/[:,]$/, "", code) }
    $2 == "@retval" && $4 ~ /:$/ { print code, "(unchanged)" }
    code && match($0, /(LastError|  -) (the same|ERROR_[A-Z_]+ [0-9]+):/) {
      last = substr($0, RSTART, RLENGTH - 1); sub(/^(LastError|  -) /, "", last); print code, last
    }
    $0 == " *" { code = "" }' $header
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
