#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# files.sh SETTCPENTRY_WINE PROGRAM_X86 PROGRAM_AMD64 PROGRAM_ARM64: what settcpentry-wine does to the
# files of a prefix, without Wine.
set -euo pipefail
readonly tool=$1 x86=$2 amd64=$3 arm64=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work/home
unset WINEPREFIX
failures=0

wines_own() { # FOLDER PROGRAM TEXT: a file of that program's architecture
  { cat "$2" && printf 'Wine'\''s own, %s' "$3"; } >"$work/prefix/drive_c/windows/$1/iphlpapi.dll"
}

# Like Wine's: keys sorted, with time stamps, a blank line after each.
new_prefix() {
  rm -rf "$work/prefix" "$work/games" "$work/before"
  mkdir -p "$work/prefix/drive_c/windows/"{system32,syswow64} "$work/games"
  wines_own system32 "$amd64" "64 bits"
  wines_own syswow64 "$x86" "32 bits"
  cp "$x86" "$work/games/game32.exe"
  cp "$amd64" "$work/games/Game64.exe"
  cat >"$work/prefix/user.reg" <<'END'
WINE REGISTRY Version 2
;; All keys relative to REGISTRY\\User\\S-1-5-21-0-0-0-1000

#arch=win64

[Software\\Wine\\AppDefaults\\other.exe\\DllOverrides] 1795502353
#time=1dd7bde85220eac
"iphlpapi"="builtin"

[Volatile Environment] 1795502348
#time=1dd7bde81c8451e
"HOMEDRIVE"="C:"

END
}

# With !, bash would not end at a wrong success.
fails() { if "$@"; then return 1; fi; }
run() { "$tool" "$@" --prefix "$work/prefix" >"$work/output" 2>&1; }
says() { grep -qF -- "$1" "$work/output"; }
snapshot() { (cd "$work" && find prefix games -type f -exec sha256sum {} + | sort -k 2); }
is_as_before() { diff "$work/before" <(snapshot) >>"$work/output"; }
section() { sed -n "/^\[$1\]/,/^\$/p" "$work/prefix/user.reg"; }

# test NAME: the commands of the function of that name, each of which must succeed
check() {
  new_prefix
  snapshot >"$work/before"
  # Not as a condition, where a function would go on after its first failure.
  set +e
  (set -e; "$1")
  local status=$?
  set -e
  if [ "$status" = 0 ]; then
    echo "ok: $1"
  else
    echo "FAILED: $1"
    cat "$work/output"
    failures=$((failures + 1))
  fi
}

each_program_gets_the_dll_of_its_architecture_and_an_override_of_its_own() {
  mkdir "$work/games/64"
  mv "$work/games/Game64.exe" "$work/games/64"
  run enable "$work/games/game32.exe"
  run enable "$work/games/64/Game64.exe"
  cmp "$work/games/iphlpapi.dll" "$(dirname "$tool")/x86/iphlpapi.dll"
  cmp "$work/games/64/iphlpapi.dll" "$(dirname "$tool")/amd64/iphlpapi.dll"
  section 'Software\\\\Wine\\\\AppDefaults\\\\game32.exe\\\\DllOverrides' | grep -qx '"iphlpapi"="native,builtin"'
  section 'Software\\\\Wine\\\\AppDefaults\\\\Game64.exe\\\\DllOverrides' | grep -qx '"iphlpapi"="native,builtin"'
  run status "$work/games/64/Game64.exe"
  says "ours, for amd64"
}

two_architectures_cannot_share_a_folder() {
  run enable "$work/games/game32.exe"
  fails run enable "$work/games/Game64.exe"
  says "has ours for x86 already"
  run status "$work/games/game32.exe"
  fails run status "$work/games/Game64.exe"
  says "but for x86, and the program is for amd64"
}

what_was_enabled_is_disabled_byte_for_byte() {
  for program in game32.exe Game64.exe; do
    run enable "$work/games/$program"
    fails is_as_before
    run disable "$work/games/$program"
    is_as_before
  done
}

enabling_twice_is_undone_by_disabling_once() {
  run enable "$work/games/Game64.exe"
  run enable "$work/games/Game64.exe"
  run disable "$work/games/Game64.exe"
  is_as_before
}

an_override_that_was_there_comes_back() {
  cp "$x86" "$work/games/other.exe"
  snapshot >"$work/before"
  run enable "$work/games/other.exe"
  section 'Software\\\\Wine\\\\AppDefaults\\\\other.exe\\\\DllOverrides' | grep -qx '"iphlpapi"="native,builtin"'
  run disable "$work/games/other.exe"
  is_as_before
}

a_key_without_values_stays() {
  sed -i '/^"iphlpapi"="builtin"$/d' "$work/prefix/user.reg"
  cp "$x86" "$work/games/other.exe"
  snapshot >"$work/before"
  run enable "$work/games/other.exe"
  run disable "$work/games/other.exe"
  is_as_before
}

other_lines_of_the_same_key_stay() {
  sed -i 's/^"iphlpapi"="builtin"$/"d3d9"="native"/' "$work/prefix/user.reg"
  cp "$x86" "$work/games/OTHER.exe"
  snapshot >"$work/before"
  run enable "$work/games/OTHER.exe" # Wine does not tell capitals
  [ "$(grep -ci 'other.exe' "$work/prefix/user.reg")" = 1 ]
  run disable "$work/games/OTHER.exe"
  is_as_before
}

two_programs_of_one_name_share_the_override_until_both_are_disabled() {
  mkdir "$work/games/second"
  cp "$x86" "$work/games/second/game32.exe"
  snapshot >"$work/before"
  run enable "$work/games/game32.exe"
  run enable "$work/games/second/game32.exe"
  run disable "$work/games/game32.exe"
  run status "$work/games/second/game32.exe"
  run disable "$work/games/second/game32.exe"
  is_as_before
}

two_programs_of_one_folder_share_the_dll_until_both_are_disabled() {
  cp "$x86" "$work/games/launcher.exe"
  snapshot >"$work/before"
  run enable "$work/games/game32.exe"
  run enable "$work/games/launcher.exe"
  run disable "$work/games/launcher.exe"
  run status "$work/games/game32.exe"
  run disable "$work/games/game32.exe"
  is_as_before
}

brackets_and_backslashes_in_names_are_those_of_the_program() {
  mkdir "$work/games/a\\new [folder]"
  mv "$work/games/Game64.exe" "$work/games/a\\new [folder]/Game [GOG].exe"
  snapshot >"$work/before"
  run enable "$work/games/a\\new [folder]/Game [GOG].exe"
  grep -qF '[Software\\Wine\\AppDefaults\\Game \[GOG\].exe\\DllOverrides]' "$work/prefix/user.reg"
  run status "$work/games/a\\new [folder]/Game [GOG].exe"
  run disable "$work/games/a\\new [folder]/Game [GOG].exe"
  is_as_before
}

a_name_that_cannot_be_remembered_is_refused() {
  mkdir "$work/games/a"$'\t'"b"
  cp "$amd64" "$work/games/a"$'\t'"b/game.exe"
  snapshot >"$work/before"
  fails run enable "$work/games/a"$'\t'"b/game.exe"
  says "not supported"
  is_as_before
}

the_whole_prefix_is_enabled_and_disabled_byte_for_byte() {
  run enable --all
  run status --all
  grep -aq 'own, 64' "$work/prefix/drive_c/windows/system32/iphlpapi-system.dll"
  grep -q 'own, 32' "$work/prefix/drive_c/windows/syswow64/iphlpapi-system.dll"
  cmp "$work/prefix/drive_c/windows/syswow64/iphlpapi.dll" "$(dirname "$tool")/x86/iphlpapi.dll"
  run disable --all
  is_as_before
}

an_update_that_puts_wines_own_back_is_noticed_and_overcome() {
  run enable --all
  wines_own system32 "$amd64" newer
  fails run status --all
  says "an update has put it back"
  run enable --all
  run status --all
  grep -q newer "$work/prefix/drive_c/windows/system32/iphlpapi-system.dll"
}

after_an_update_disabling_keeps_the_newer_file() {
  run enable --all
  wines_own system32 "$amd64" newer
  run disable --all
  grep -q newer "$work/prefix/drive_c/windows/system32/iphlpapi.dll"
  [ ! -e "$work/prefix/drive_c/windows/system32/iphlpapi-system.dll" ]
  grep -q 'own, 32' "$work/prefix/drive_c/windows/syswow64/iphlpapi.dll"
}

# Proton's prefixes have links to the files of its installation.
a_system_dll_that_is_a_link_stays_one_and_its_target_as_it_was() {
  local system32=$work/prefix/drive_c/windows/system32
  mv "$system32/iphlpapi.dll" "$work/games/of-proton.dll"
  ln -s "$work/games/of-proton.dll" "$system32/iphlpapi.dll"
  snapshot >"$work/before"
  run enable --all
  [ ! -L "$system32/iphlpapi.dll" ] && [ -L "$system32/iphlpapi-system.dll" ]
  run disable --all
  [ "$(readlink "$system32/iphlpapi.dll")" = "$work/games/of-proton.dll" ]
  is_as_before
}

wines_own_survives_an_enable_that_was_stopped_at_any_command() {
  local stopped_at
  mkdir "$work/commands"
  for command in cp mv; do
    cat >"$work/commands/$command" <<END
#!/bin/sh
left=\$((\$(cat "\$LEFT") - 1))
[ "\$left" -ge 0 ] || { kill -9 "\$PPID"; exit 1; }
echo "\$left" >"\$LEFT"
exec $(command -v "$command") "\$@"
END
    chmod +x "$work/commands/$command"
  done
  for stopped_at in 0 1 2 3 4 5 6 7 8 9; do
    for after in "enable --all" ""; do
      echo "$stopped_at" >"$work/left"
      (LEFT=$work/left PATH=$work/commands:$PATH run enable --all) 2>/dev/null || true # bash tells of the kill
      # shellcheck disable=SC2086 # words
      [ -z "$after" ] || run $after
      [ ! -e "$work/prefix/settcpentry-wine.state" ] || run disable --all
      is_as_before
    done
  done
  [ "$(cat "$work/left")" -gt 0 ]
}

disabling_says_so_where_wines_own_was_taken_away() {
  run enable --all
  rm "$work/prefix/drive_c/windows/system32/iphlpapi-system.dll"
  fails run disable --all
  says "iphlpapi-system.dll is missing"
}

disabling_puts_wines_own_back_where_ours_was_taken_away() {
  run enable --all
  rm "$work/prefix/drive_c/windows/system32/iphlpapi.dll"
  fails run status --all
  says "system32/iphlpapi.dll: not there"
  fails run enable --all
  run disable --all
  is_as_before
}

status_says_what_is_wrong_with_an_override() {
  run enable "$work/games/Game64.exe"
  sed -i 's/"native,builtin"/"native"/' "$work/prefix/user.reg"
  fails run status "$work/games/Game64.exe"
  says "native alone"
  sed -i 's/="native"/="builtin,native"/' "$work/prefix/user.reg"
  fails run status "$work/games/Game64.exe"
  says "so Wine prefers its own"
}

a_dll_that_is_not_ours_is_left_alone() {
  printf 'somebody else' >"$work/games/iphlpapi.dll"
  snapshot >"$work/before"
  fails run enable "$work/games/Game64.exe"
  says "that is not ours"
  is_as_before
}

what_was_not_enabled_cannot_be_disabled() {
  fails run disable "$work/games/Game64.exe"
  says "was not enabled"
  fails run disable --all
  is_as_before
}

nonsense_changes_nothing() {
  printf 'text' >"$work/games/text.exe"
  snapshot >"$work/before"
  for arguments in "enable" "enable $work/games/none.exe" "enable $work/games/text.exe" "nonsense" \
    "enable --all $work/games/Game64.exe" "enable a b" "--nonsense" "status $work/games/text.exe" \
    "enable --steam x --all" "enable --steam 4711 --all"; do
    # shellcheck disable=SC2086 # words
    fails run $arguments
    [ -s "$work/output" ]
  done
  fails "$tool" enable "$work/games/Game64.exe" --prefix "$work/none" >"$work/output" 2>&1
  is_as_before
}

a_whole_prefix_for_arm64_gets_the_dll_for_arm64() {
  rm "$work/prefix/drive_c/windows/syswow64/iphlpapi.dll"
  wines_own system32 "$arm64" "64 bits"
  snapshot >"$work/before"
  run enable --all
  cmp "$work/prefix/drive_c/windows/system32/iphlpapi.dll" "$(dirname "$tool")/arm64/iphlpapi.dll"
  says "ours, for arm64"
  run disable --all
  is_as_before
}

a_placeholder_is_not_put_aside() {
  printf 'Wine placeholder DLL' >>"$work/prefix/drive_c/windows/syswow64/iphlpapi.dll"
  snapshot >"$work/before"
  fails run enable --all
  says "is a placeholder"
  is_as_before
}

what_has_no_dlls_is_no_whole_prefix() {
  rm "$work/prefix/drive_c/windows/"*/iphlpapi.dll
  snapshot >"$work/before"
  fails run enable --all
  says "is $work/prefix a whole prefix?"
  fails run status --all
  says "no iphlpapi.dll in system32"
  is_as_before
}

a_steam_games_prefix_is_found_in_every_library() {
  local library=$work/disk/SteamLibrary
  mkdir -p "$HOME/.local/share/Steam/steamapps" "$library/steamapps/compatdata/4711"
  printf '"libraryfolders"\n{\n\t"1"\n\t{\n\t\t"path"\t\t"%s"\n\t}\n}\n' "$library" \
    >"$HOME/.local/share/Steam/steamapps/libraryfolders.vdf"
  mv "$work/prefix" "$library/steamapps/compatdata/4711/pfx"
  "$tool" enable --all --steam 4711 >"$work/output" 2>&1
  grep -aq 'own, 64' "$library/steamapps/compatdata/4711/pfx/drive_c/windows/system32/iphlpapi-system.dll"
}

while read -r name; do
  check "$name"
done < <(sed -nE 's/^([a-z0-9_]{20,})\(\) \{$/\1/p' "${BASH_SOURCE[0]}")
exit "$((failures > 0))"
