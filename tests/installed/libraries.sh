#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# libraries.sh NM ARCHITECTURE TABLE FOLDER: the import libraries in FOLDER have each function of
# def/exports.inc, as a compiler for that architecture names it, and nothing else.
set -euo pipefail
export LC_ALL=C
readonly nm=$1 arch=$2 table=$3 folder=$4
status=0

# What compilers call: name@bytes after an underscore on x86, where a function whose bytes nobody knows
# cannot be called; elsewhere the name.
expected() { # KINDS, as a pattern
  if [ "$arch" = x86 ]; then
    sed -nE "s/^($1)\\((\\w+), ([0-9]+)\\)$/_\\2@\\3\\n__imp__\\2@\\3/p" "$table"
  else
    sed -nE "s/^($1)\\((\\w+)(, [0-9]+)?\\)$/\\2\\n__imp_\\2/p" "$table"
  fi | sort -u
}

# Without what linkers make the import table of.
found() { # LIBRARY
  "$nm" --defined-only "$1" 2>/dev/null | awk 'NF == 3 { print $3 }' | sort -u |
    grep -vE 'IMPORT_DESCRIPTOR|NULL_THUNK_DATA|^@|^\.|^(fthunk|hname)$|^_*(head_lib|nm_|lib\w+_a_iname)'
}

check() { # NAME KINDS
  local library
  for library in "$1.lib" "lib$1.a"; do
    if diff <(expected "$2") <(found "$folder/$library"); then
      echo "$library: $(expected "$2" | grep -c '^__imp_') functions"
    else
      echo "$library: differs (<: expected, >: found)"
      status=1
    fi
  done
}

check iphlp OURS
check iphlpapi 'OURS|SYSTEM|SYSTEM_UNKNOWN|PACKET_FILTER'
exit "$status"
