#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# settcpentry_wine.sh SETTCPENTRY_WINE DLL_X86 DLL_AMD64 DLL_ARM64: which program it runs, in which prefix, by which
# Wine. The Wines are stand-ins that write down how they were called.
set -euo pipefail
readonly tool=$1 x86=$2 amd64=$3 arm64=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work/home
unset WINEPREFIX WINE WINEDEBUG
failures=0
programs=$(dirname "$(readlink -f "$tool")")
readonly programs

new_wine() { # PATH
  mkdir -p "$(dirname "$1")"
  cat >"$1" <<END
#!/bin/sh
[ "\$1" != --version ] || exit 0
printf '%s\n' "\$0" "\$WINEPREFIX" "\$LC_ALL" "\$@" >'$work/called'
exit 3
END
  chmod +x "$1"
}

new_prefix() { # PATH KERNEL32
  mkdir -p "$1/drive_c/windows/system32"
  cp "$2" "$1/drive_c/windows/system32/kernel32.dll"
}

# With !, bash would not end at a wrong success.
fails() { if "$@"; then return 1; fi; }
# The stand-in's exit status is passed on.
run() {
  local status=0
  rm -f "$work/called"
  "$tool" "$@" >"$work/output" 2>&1 || status=$?
  [ "$status" = 3 ]
}
says() { grep -qF -- "$1" "$work/output"; }
wine_was() { [ "$(sed -n 1p "$work/called")" = "$1" ]; }
prefix_was() { [ "$(sed -n 2p "$work/called")" = "$1" ]; }
arguments_were() { [ "$(tail -n +4 "$work/called")" = "$(printf '%s\n' "$@")" ]; }

# check NAME: the commands of the function of that name, each of which must succeed
check() {
  rm -rf "${work:?}"/*
  new_wine "$work/bin/wine"
  new_prefix "$HOME/.wine" "$amd64"
  # Not as a condition, where a function would go on after its first failure.
  set +e
  (set -e; PATH=$work/bin:$PATH; "$1")
  local status=$?
  set -e
  if [ "$status" = 0 ]; then
    echo "ok: $1"
  elif [ "$status" = 77 ]; then
    echo "skipped: $1: $(cat "$work/output")"
  else
    echo "FAILED: $1"
    cat "$work/output" "$work/called" || true
    failures=$((failures + 1))
  fi
}

the_program_for_the_prefixs_architecture_gets_the_arguments() {
  run status --json --all
  arguments_were "$programs/amd64/settcpentry.exe" status --json --all
  new_prefix "$work/x86" "$x86"
  run status --prefix "$work/x86"
  arguments_were "$programs/x86/settcpentry.exe" status
  new_prefix "$work/arm64" "$arm64"
  run --prefix="$work/arm64" status
  arguments_were "$programs/arm64/settcpentry.exe" status
}

the_prefix_is_the_one_given_or_wineprefix_or_the_users_own() {
  new_prefix "$work/one with blanks" "$amd64"
  new_prefix "$work/other" "$amd64"
  run status
  prefix_was "$HOME/.wine"
  WINEPREFIX=$work/other run status
  prefix_was "$work/other"
  WINEPREFIX=$work/other run status --prefix "$work/one with blanks"
  prefix_was "$work/one with blanks"
}

the_wine_is_the_one_given_or_the_one_in_path() {
  new_wine "$work/other wine/wine"
  run status
  wine_was "$work/bin/wine"
  WINE="$work/other wine/wine" run status
  wine_was "$work/other wine/wine"
}

a_steam_games_prefix_is_found_in_every_library_and_run_by_its_proton() {
  local library=$work/disk/SteamLibrary proton=$work/disk/Proton\ 9.0/files
  mkdir -p "$HOME/.local/share/Steam/steamapps"
  printf '"libraryfolders"\n{\n\t"1"\n\t{\n\t\t"path"\t\t"%s"\n\t}\n}\n' "$library" \
    >"$HOME/.local/share/Steam/steamapps/libraryfolders.vdf"
  new_prefix "$library/steamapps/compatdata/4711/pfx" "$amd64"
  new_wine "$proton/bin/wine"
  printf '9.0-203\n%s/share/fonts/\n%s/lib/\n' "$proton" "$proton" >"$library/steamapps/compatdata/4711/config_info"
  run enable --all --steam 4711
  prefix_was "$library/steamapps/compatdata/4711/pfx"
  wine_was "$proton/bin/wine"
  new_wine "$work/mine"
  WINE=$work/mine run enable --all --steam=4711
  wine_was "$work/mine"
}

a_wine_that_does_not_start_leads_to_what_can_be_done_by_hand() {
  fails env WINE="$work/none" "$tool" enable "it's game.exe" >"$work/output" 2>&1
  says "$work/none cannot be started here"
  says "$programs/amd64/settcpentry.exe 'enable' 'it'\''s game.exe'"
  [ ! -e "$work/called" ]
}

a_linux_path_is_made_absolute_and_a_windows_path_is_left_alone() {
  mkdir -p "$work/Ж"
  touch "$work/Ж/game 中.exe"
  cd "$work/Ж"
  run enable "game 中.exe"
  arguments_were "$programs/amd64/settcpentry.exe" enable "$work/Ж/game 中.exe"
  run enable 'C:\games\game.exe'
  arguments_were "$programs/amd64/settcpentry.exe" enable 'C:\games\game.exe'
}

a_command_is_one_even_if_a_file_has_its_name() {
  cd "$work"
  touch status
  run status
  arguments_were "$programs/amd64/settcpentry.exe" status
}

names_are_utf_8_in_whatever_locale() {
  LC_ALL=C run status
  [ "$(sed -n 3p "$work/called")" = C.UTF-8 ]
}

another_users_prefix_is_refused() {
  if ! chown 12345 "$HOME/.wine" 2>/dev/null; then
    echo "only root can give a folder to another user" >"$work/output"
    exit 77
  fi
  fails run status
  says "is another user's"
  [ ! -e "$work/called" ]
}

nonsense_is_refused_in_a_sentence() {
  for arguments in "" "status --steam x" "status --steam 4711" "status --prefix" "status --prefix $work/none"; do
    # shellcheck disable=SC2086 # words
    fails run $arguments
    [ ! -e "$work/called" ]
    grep -q '^settcpentry-wine: ' "$work/output"
  done
  printf 'text' >"$HOME/.wine/drive_c/windows/system32/kernel32.dll"
  fails run status
  [ ! -e "$work/called" ]
}

it_says_its_version_and_how_it_is_used() {
  "$tool" --version >"$work/output"
  grep -qxE 'settcpentry-wine [0-9]+\.[0-9]+\.[0-9]+' "$work/output"
  "$tool" --help >"$work/output"
  says "settcpentry-wine enable"
}

while read -r name; do
  check "$name"
done < <(sed -nE 's/^([a-z0-9_]{20,})\(\) \{$/\1/p' "${BASH_SOURCE[0]}")
exit "$((failures > 0))"
