#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Formatting and lint, with clang as the second compiler; the build has to be there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
status=0

check() { # NAME COMMAND...
  local name=$1 log
  log=build/log/check-$1.log
  shift
  mkdir -p build/log
  if "$@" >"$log" 2>&1; then
    echo "check: $name passed"
  else
    grep -vE '^[0-9]+ warnings? |^Suppressed|^Use -' "$log" | head -n 40
    echo "check: $name FAILED"
    status=1
  fi
}

# A promise of which no test is left is one no more.
named_tests() {
  local name missing=0
  # shellcheck disable=SC2016 # quotes as Markdown has them
  for name in $(grep -oE '`[a-z0-9]+(_[a-z0-9]+){3,}`' SECURITY.md | tr -d '`'); do
    grep -rqw "$name(void" tests || { echo "SECURITY.md names a test that is not there: $name"; missing=1; }
  done
  return "$missing"
}

mapfile -t sources < <(find src include examples tests -name '*.[ch]' -o -name '*.cpp' | sort)
mapfile -t scripts < <({ grep -rlE '^#!.*(bash|sh)$' dev .ci cmake src tests tools
  ls tools/*.sh tools/package/*.sh src/setup/*.verb completions/*; } | sort -u)
mapfile -t builds < <(find . \( -path ./build -o -path ./stage \) -prune -o \
  \( -name CMakeLists.txt -o -name '*.cmake' \) -print)

# As .editorconfig says, but for a program that is written as numbers.
long_lines() {
  ! grep -nE '^.{121,}$' --exclude=runs32.sh "${sources[@]}" "${scripts[@]}" "${builds[@]}" \
    tests/*.ps1 .github/workflows/*.yml
}

check clang-format clang-format --dry-run -Werror "${sources[@]}"
check named-tests named_tests
check long-lines long_lines
check links tests/installed/links.sh .
check reuse tests/reuse.sh
check reference ./dev reference
check shellcheck shellcheck -e SC1091,SC2317 "${scripts[@]}"

# tidy BUILD [--extra-arg...] FILE...: some files at a time, on every core.
tidy() {
  local build=$1 extra=()
  shift
  while [[ $1 == --* ]]; do
    extra+=("$1")
    shift
  done
  printf '%s\0' "$@" | xargs -0 -n 4 -P "$(nproc)" clang-tidy --quiet -p "$build" "${extra[@]}"
}

# Of each build the files that it compiled; clang gets mingw's headers for those of Windows.
compiled() {
  sed -nE 's/^ *"file": "(.*\.c)",?$/\1/p' "build/$1/compile_commands.json" | sort -u
}
windows_arguments() { # TRIPLET
  printf '%s\n' "--extra-arg=--target=$1" --extra-arg=-isystem/usr/share/mingw-w64/include
}

mapfile -t files < <(compiled linux)
check clang-tidy-linux tidy build/linux "${files[@]}"
mapfile -t files < <(compiled arm64) # with clang already
check clang-tidy-arm64 tidy build/arm64 "${files[@]}"
for arch in x86:i686-w64-windows-gnu amd64:x86_64-w64-windows-gnu; do
  mapfile -t files < <(compiled "${arch%%:*}")
  mapfile -t arguments < <(windows_arguments "${arch#*:}")
  check "clang-tidy-${arch%%:*}" tidy "build/${arch%%:*}" "${arguments[@]}" "${files[@]}"
done

# gcc's own analysis of each file, as it is compiled. gcc 12 loses sight of what is put into an array that realloc
# made, so leaks are left to the sanitizers. Nor does it know that an assertion of cmocka's that fails ends a test, and
# finds in tests what follows from that.
analyze() { # BUILD
  python3 - "build/$1/compile_commands.json" <<'END' | xargs -0 -n 1 -P "$(nproc)" sh -c
import json, re, sys
for entry in {e["file"]: e for e in json.load(open(sys.argv[1]))}.values():
    if entry["file"].endswith(".c"):
        command = re.sub(r" -o \S+", " -o /dev/null", re.sub(r" -MD -MT \S+ -MF \S+", "", entry["command"]))
        command += " -fanalyzer -Wno-analyzer-malloc-leak"
        if "/tests/" in entry["file"]:
            for follows in "null-dereference", "null-argument", "use-of-uninitialized-value":
                command += " -Wno-analyzer-" + follows
        print(f"cd {entry['directory']} && {command}", end="\0")
END
}
for build in linux amd64; do
  check "gcc-analyzer-$build" analyze "$build"
done

check cppcheck cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability \
  --inline-suppr -D__x86_64__ '-DSETTCPENTRY_HOST_PATH="/"' -I src/dll -I src/host -I include src tests examples
exit "$status"
