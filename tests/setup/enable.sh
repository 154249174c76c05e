#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# enable.sh SETTCPENTRY PROGRAM SYSTEM32_ONLY LOADS OTHER_PROGRAM TEST_LIVE: settcpentry enable, status and disable
# in a real prefix, made from $WINEPREFIX beside it, while a program runs in it. What they say is compared with what
# the programs then get, and at last files and registry with what they were. PROGRAM calls SetTcpEntry of whatever
# iphlpapi.dll it gets, OTHER_PROGRAM is for another architecture.
set -euo pipefail
readonly settcpentry=$1 program=$2 system32_only=$3 loads=$4 other=$5 test_live=$6 original=$WINEPREFIX
export WINEPREFIX=$original-enabled LC_ALL=C.UTF-8
unset WINEDLLOVERRIDES
readonly games=$WINEPREFIX/drive_c/games windows=$WINEPREFIX/drive_c/windows dll=iphlpapi.dll
ours=$(dirname "$settcpentry")/$dll
readonly ours
emulated=false
[[ ! ${SETTCPENTRY_PRIVATE_NETWORK:-} =~ ^(x86|arm64)$ ]] || emulated=true
rounds=100 # of two at once; fewer where it is for another Wine's sake
[ "${SETTCPENTRY_PRIVATE_NETWORK:-}" = native ] || rounds=20
work=$(mktemp -d)
failures=0

start_wine() {
  coproc { wine cmd 2>&1; } 2>/dev/null
  read -r _ <&"${COPROC[0]}" # it says something, and waits for input
}
stop_wine() { wineserver -k || true; wineserver -w; }
trap 'stop_wine; rm -rf "$work" "$WINEPREFIX"' EXIT

say_why() { printf '  %s\n' "$*" >>"$work/why"; }
# run STATUS COMMAND...: settcpentry has to end with this status
run() {
  local expected=$1 status=0
  shift
  timeout 120 wine "$settcpentry" "$@" >"$work/output" 2>&1 </dev/null || status=$?
  [ "$status" = "$expected" ] || { say_why "settcpentry $*: status $status"; return 1; }
}
says() { grep -qF -- "$1" "$work/output" || { say_why "it does not say: $1"; return 1; }; }
# 317 is our answer for a connection that is not there; Wine's own says that it has closed it.
gets() { # PROGRAM ours|system's
  local code
  timeout 120 wine "$1" 127.0.0.1:1 127.0.0.1:1 >"$work/gets" 2>/dev/null </dev/null || true
  code=$(grep -oP '^SetTcpEntry returned \K\d+' "$work/gets") || true
  case $2:$code in ours:317 | "system's:0") ;; *) say_why "$1 does not get $2, its code: $code"; return 1 ;; esac
}
any_program_gets() { # ours|system's
  local got
  got=$(wine "$system32_only" 2>/dev/null </dev/null | tr -d '\r')
  [ "$got" = "${1/system/the system}" ] || { say_why "any program gets $got"; return 1; }
}
# Of the registry all that is this user's, but for what a Wine that runs writes by itself.
snapshot() { # FILE
  wine regedit /E "$1.reg" 'HKEY_CURRENT_USER\Software' >/dev/null 2>&1 </dev/null
  { (cd "$WINEPREFIX/drive_c" && find games windows -name '*phlp*' -o -path 'games/*' | sort | while read -r file; do
    stat -c '%F %N' "$file"
    [ ! -f "$file" ] || sha256sum "$file"
  done); iconv -f UTF-16 -t UTF-8 "$1.reg"; } >"$1"
}
is_as_before() {
  snapshot "$work/after"
  diff "$work/before" "$work/after" >>"$work/why" || { say_why "files or registry are not as before"; return 1; }
}
override_of() { # NAME VALUE...
  wine reg add "HKCU\\Software\\Wine\\AppDefaults\\$1\\DllOverrides" /f "${@:2}" >/dev/null 2>&1 </dev/null
}
overrides_of() { # NAME
  wine reg query "HKCU\\Software\\Wine\\AppDefaults\\$1\\DllOverrides" 2>/dev/null </dev/null | tr -d '\r'
}

# A program that has loaded the DLL, until it is ended.
start_program() { # PROGRAM
  rm -f "$work/started"
  wine "$1" "Z:${work//\//\\}\\started" >/dev/null 2>&1 </dev/null &
  running=$!
  while [ ! -e "$work/started" ]; do
    kill -0 "$running" 2>/dev/null || { say_why "$1 did not start"; return 1; }
    sleep 0.05
  done
}
end_program() {
  rm "$work/started"
  wait "$running"
}
# What was loaded when it was taken away goes when the prefix starts next.
has_ended_its_prefix() {
  stop_wine
  start_wine
}

# ---- one program ----

names_of_all_kinds_are_enabled_and_disabled_as_if_nothing_had_been() {
  local folder file
  for folder in 'Größe (ü)' "Spiele [GOG] & 'Co', 100%" '游戏 游戏'; do
    for file in 'Straße.exe' 'Игра 2.exe' "游戏 [a] {b} 'c' \$d.exe"; do
      mkdir -p "$games/$folder"
      cp "$program" "$games/$folder/$file"
    done
  done
  snapshot "$work/before"
  while read -r file; do
    gets "$file" "system's"
    run 0 enable "$file"
    gets "$file" ours
    run 0 status "$file"
    run 0 disable "$file"
    run 1 status "$file"
  done < <(if "$emulated"; then ls "$games"/游*/И*; else ls "$games"/*/*.exe; fi)
  is_as_before
}

a_program_that_is_enabled_closes_connections() {
  cp "$program" "$games/close.exe"
  snapshot "$work/before"
  run 0 enable "$games/close.exe"
  "$test_live" "$games/close.exe" >>"$work/why" || return 1
  run 0 disable "$games/close.exe"
  is_as_before
}

while_a_program_runs_it_can_be_enabled_and_disabled() {
  cp "$loads" "$games/loads.exe"
  snapshot "$work/before"
  run 0 enable "$games/loads.exe"
  start_program "$games/loads.exe"
  run 0 enable "$games/loads.exe"
  if compgen -G "$games/$dll.*" >/dev/null; then say_why "what was in place was replaced"; return 1; fi
  run 0 disable "$games/loads.exe"
  [ ! -e "$games/$dll" ] || { say_why "$dll is still there"; return 1; }
  end_program
  has_ended_its_prefix
  is_as_before
}

enabling_twice_is_undone_by_disabling_once() {
  cp "$program" "$games/game.exe"
  snapshot "$work/before"
  run 0 enable "$games/game.exe"
  run 0 enable 'C:\GAMES\Game.exe'
  run 0 disable "$games/game.exe"
  is_as_before
  run 1 disable "$games/game.exe"
  says "was not enabled"
}

a_program_is_the_same_by_whatever_path() {
  cp "$program" "$games/game.exe"
  ln -s "$games" "$work/link"
  snapshot "$work/before"
  run 0 enable "$work/link/game.exe"
  run 0 disable 'c:\Games\GAME.exe'
  is_as_before
  rm "$work/link"
}

capital_letters_of_any_script_make_no_other_name() {
  mkdir "$games/second"
  cp "$program" "$games/Игра ü.exe"
  cp "$program" "$games/second/ИГРА Ü.exe"
  snapshot "$work/before"
  run 0 enable "$games/Игра ü.exe"
  run 0 enable "$games/second/ИГРА Ü.exe"
  run 0 disable 'C:\games\игра Ü.exe'
  gets "$games/second/ИГРА Ü.exe" ours
  run 0 disable "$games/second/ИГРА Ü.exe"
  is_as_before
}

# The first files of two file systems have the same numbers, and to Wine both are drive Z.
folders_of_two_file_systems_are_two_folders() {
  local disk
  for disk in one two; do
    mkdir "$work/$disk"
    mount -t tmpfs tmpfs "$work/$disk"
    cp "$program" "$work/$disk/game.exe"
  done
  snapshot "$work/before"
  run 0 enable "$work/one/game.exe"
  run 0 enable "$work/two/game.exe"
  run 0 disable "$work/two/game.exe"
  [ -e "$work/one/$dll" ] && [ ! -e "$work/two/$dll" ]
  gets "$work/one/game.exe" ours
  run 0 disable "$work/one/game.exe"
  [ ! -e "$work/one/$dll" ]
  umount "$work/one" "$work/two"
  rmdir "$work/one" "$work/two"
  is_as_before
}

an_override_that_was_there_comes_back_whatever_it_was() {
  local value
  cp "$program" "$games/game.exe"
  for value in '/v iphlpapi /d builtin' '/v iphlpapi /t REG_DWORD /d 7' '/v IPHLPAPI' '/v d3d9 /d native' '' \
    "/v iphlpapi /t REG_EXPAND_SZ /d $(printf 'é%.0s' {1..300})" '/ve'; do
    # shellcheck disable=SC2086 # words
    override_of game.exe $value
    if [ -z "$value" ]; then # a key with nothing in it
      wine reg delete 'HKCU\Software\Wine\AppDefaults\game.exe\DllOverrides' /f /ve >/dev/null 2>&1 </dev/null
    fi
    snapshot "$work/before"
    run 0 enable "$games/game.exe"
    run 0 disable "$games/game.exe"
    is_as_before
    wine reg delete 'HKCU\Software\Wine\AppDefaults\game.exe' /f >/dev/null 2>&1 </dev/null
  done
}

an_override_that_is_too_long_to_be_kept_is_left_alone() {
  cp "$program" "$games/game.exe"
  override_of game.exe /v iphlpapi /d "$(printf 'x%.0s' {1..600})"
  snapshot "$work/before"
  run 1 enable "$games/game.exe"
  says "cannot be kept"
  is_as_before
  wine reg delete 'HKCU\Software\Wine\AppDefaults\game.exe' /f >/dev/null 2>&1 </dev/null
}

two_programs_of_one_name_share_the_override_until_both_are_disabled() {
  mkdir "$games/second"
  cp "$program" "$games/game.exe"
  cp "$program" "$games/second/Game.exe"
  override_of game.exe /v iphlpapi /d builtin
  snapshot "$work/before"
  run 0 enable "$games/game.exe"
  run 0 enable "$games/second/Game.exe"
  run 0 disable "$games/game.exe"
  gets "$games/second/Game.exe" ours
  run 0 disable "$games/second/Game.exe"
  is_as_before
  wine reg delete 'HKCU\Software\Wine\AppDefaults\game.exe' /f >/dev/null 2>&1 </dev/null
}

two_programs_of_one_folder_share_the_dll_until_both_are_disabled() {
  cp "$program" "$games/game.exe"
  cp "$program" "$games/launcher.exe"
  snapshot "$work/before"
  run 0 enable "$games/game.exe"
  run 0 enable "$games/launcher.exe"
  run 0 status
  says 'launcher.exe is a'
  run 0 disable "$games/launcher.exe"
  gets "$games/game.exe" ours
  gets "$games/launcher.exe" "system's"
  run 0 disable "$games/game.exe"
  is_as_before
}

two_architectures_cannot_share_a_folder() {
  cp "$program" "$games/game.exe"
  cp "$other" "$games/other.exe"
  snapshot "$work/before"
  run 0 enable "$games/game.exe"
  run 1 enable "$games/other.exe"
  says "for another program"
  run 0 disable "$games/game.exe"
  is_as_before
}

# Windows, and Wine, look for DLLs in a list of folders, with that between them.
a_folder_with_a_semicolon_in_its_name_is_told_to_be_in_the_way() {
  mkdir "$games/a;b"
  cp "$program" "$games/a;b/game.exe"
  snapshot "$work/before"
  run 1 enable "$games/a;b/game.exe"
  says "a name without a semicolon"
  gets "$games/a;b/game.exe" "system's"
  run 0 disable "$games/a;b/game.exe"
  is_as_before
}

ours_that_was_there_before_stays() {
  cp "$program" "$games/game.exe"
  cp "$ours" "$games/$dll"
  snapshot "$work/before"
  run 0 enable "$games/game.exe"
  gets "$games/game.exe" ours
  run 0 disable "$games/game.exe"
  is_as_before
}

# To delete the name of a link, or to rename it, Wine does to what it leads to.
a_link_is_followed_by_nobody() {
  cp "$program" "$games/game.exe"
  cp "$ours" "$work/target.dll"
  ln -s "$work/target.dll" "$games/$dll"
  snapshot "$work/before"
  run 0 enable "$games/game.exe"
  run 0 disable "$games/game.exe"
  is_as_before
  cmp "$ours" "$work/target.dll"
}

what_cannot_be_enabled_is_refused_and_nothing_changes() {
  cp "$program" "$games/game.exe"
  printf 'text' >"$games/text.exe"
  snapshot "$work/before"
  run 1 enable "$games/text.exe"
  says "is no Windows program"
  run 1 enable "$games/none.exe"
  says "cannot be read"
  run 2 enable "C:\\$(printf '%02000d' 0)"
  run 2 enable ""
  run 2 enable 'C:\games\*.exe'
  run 2 enable
  run 2 enable --all "$games/game.exe"
  is_as_before
  printf 'somebody else' >"$games/$dll"
  snapshot "$work/before"
  run 1 enable "$games/game.exe"
  says "is there already, and not ours"
  is_as_before
  rm "$games/$dll"
  mkdir "$games/$dll"
  snapshot "$work/before"
  run 1 enable "$games/game.exe"
  says "is there already, and not ours"
  is_as_before
}

a_program_that_was_deleted_can_be_disabled() {
  snapshot "$work/before"
  cp "$program" "$games/game.exe"
  run 0 enable "$games/game.exe"
  rm "$games/game.exe"
  run 1 status
  run 0 disable "$games/game.exe"
  is_as_before
  mkdir "$games/folder"
  cp "$program" "$games/folder/game.exe"
  run 0 enable "$games/folder/game.exe"
  rm -r "$games/folder"
  run 0 disable "$games/folder/game.exe"
  says "should it come back"
  is_as_before
}

a_folder_that_cannot_be_written_changes_nothing() {
  mkdir "$work/sealed"
  mount -t tmpfs tmpfs "$work/sealed"
  cp "$program" "$work/sealed/game.exe"
  mount -o remount,ro "$work/sealed"
  snapshot "$work/before"
  run 1 enable "$work/sealed/game.exe"
  says "cannot be written"
  is_as_before
  umount "$work/sealed"
}

two_at_once_do_no_harm() {
  local round left right
  cp "$program" "$games/game.exe"
  cp "$program" "$games/launcher.exe"
  snapshot "$work/before"
  for round in $(seq "$rounds"); do
    for command in enable disable; do
      wine "$settcpentry" "$command" "$games/game.exe" >"$work/left" 2>&1 </dev/null &
      left=$!
      wine "$settcpentry" "$command" "$games/launcher.exe" >"$work/right" 2>&1 </dev/null &
      right=$!
      wait "$left" || { say_why "round $round, $command: $(cat "$work/left")"; return 1; }
      wait "$right" || { say_why "round $round, $command: $(cat "$work/right")"; return 1; }
      if [ "$command" = enable ] && ! cmp "$ours" "$games/$dll" >>"$work/why"; then return 1; fi
    done
    if [ -e "$games/$dll" ]; then say_why "round $round: $dll is still there"; return 1; fi
  done
  is_as_before
}

whoever_is_killed_leaves_what_can_be_undone() {
  local round command process
  cp "$program" "$games/game.exe"
  snapshot "$work/before"
  for round in $(seq 20); do
    for command in enable disable; do
      wine "$settcpentry" "$command" "$games/game.exe" >/dev/null 2>&1 </dev/null &
      process=$!
      sleep "0.$(printf %03d "$((round * 10))")"
      kill -9 "$process" 2>/dev/null || true
      wait "$process" 2>/dev/null || true
    done
    wine "$settcpentry" disable "$games/game.exe" >/dev/null 2>&1 </dev/null || says "was not enabled" || true
    [ $((round % 10)) != 0 ] || is_as_before
  done
}

what_somebody_who_was_stopped_has_left_is_tidied_up() {
  cp "$program" "$games/game.exe"
  snapshot "$work/before"
  wine reg add 'HKCU\Software\settcpentry\Enabled\7' /v 'Keys before' /t REG_DWORD /d 2 >/dev/null 2>&1 </dev/null
  printf 'half' >"$games/$dll.settcpentry-00000001"
  run 0 enable "$games/game.exe"
  run 0 disable "$games/game.exe"
  is_as_before
}

# ---- all programs ----

# Why not, in settcpentry's words; nothing if all programs can be enabled.
why_not_all() {
  if [ "$(basename "$(dirname "$settcpentry")")" = x86 ] && [ -f "$windows/syswow64/$dll" ]; then
    echo "is for the settcpentry.exe of 64 bits"
  elif grep -aq 'Wine placeholder DLL' "$windows/system32/$dll"; then
    echo "is a placeholder"
  fi
}
all_can_be_enabled() { [ -z "$(why_not_all)" ]; }

all_programs_get_ours_and_afterwards_all_is_as_before() {
  snapshot "$work/before"
  if ! all_can_be_enabled; then
    ! wine "$settcpentry" enable --all >"$work/output" 2>&1 </dev/null || return 1
    says "$(why_not_all)"
  else
    any_program_gets "system's"
    run 0 enable --all
    any_program_gets ours
    run 0 status --all
    run 0 disable --all
    run 1 status --all
    any_program_gets "system's"
  fi
  is_as_before
}

what_programs_have_loaded_does_not_hinder_it() {
  local command
  all_can_be_enabled || return 0
  cp "$loads" "$games/loads.exe"
  snapshot "$work/before"
  for command in enable disable; do
    start_program "$games/loads.exe"
    run 0 "$command" --all
    end_program
  done
  has_ended_its_prefix
  is_as_before
}

what_was_done_by_hand_stays() {
  local system
  all_can_be_enabled || return 0
  for system in "$windows"/sys*; do
    [ ! -f "$system/$dll" ] || mv "$system/$dll" "$system/iphlpapi-system.dll"
  done
  run 0 enable --all
  wine reg delete 'HKCU\Software\settcpentry' /f >/dev/null 2>&1 </dev/null
  snapshot "$work/before"
  run 0 enable --all
  run 0 disable --all
  is_as_before
  wine reg delete 'HKCU\Software\Wine\DllOverrides' /f /v iphlpapi >/dev/null 2>&1 </dev/null
  for system in "$windows"/sys*; do
    [ ! -f "$system/$dll" ] || mv "$system/iphlpapi-system.dll" "$system/$dll"
  done
}

a_program_by_the_name_of_all_is_none() {
  all_can_be_enabled || return 0
  snapshot "$work/before"
  run 0 enable --all
  run 2 disable '*'
  run 2 disable 'C:\games\*'
  run 0 disable --all
  is_as_before
}

an_update_that_puts_wines_own_back_is_noticed_and_overcome() {
  local system
  all_can_be_enabled || return 0
  snapshot "$work/before"
  run 0 enable --all
  system=$(dirname "$(find "$windows" -name iphlpapi-system.dll | head -n 1)")
  cp --remove-destination "$system/iphlpapi-system.dll" "$system/$dll"
  run 1 status --all
  run 0 enable --all
  run 0 status --all
  cp --remove-destination "$system/iphlpapi-system.dll" "$system/$dll"
  run 0 disable --all
  is_as_before
}

disabling_needs_wines_own() {
  local system
  all_can_be_enabled || return 0
  snapshot "$work/before"
  run 0 enable --all
  system=$(dirname "$(find "$windows" -name iphlpapi-system.dll | head -n 1)")
  mv "$system/iphlpapi-system.dll" "$work/own.dll"
  run 1 disable --all
  says "is missing"
  mv "$work/own.dll" "$system/$dll"
  run 0 disable --all
  is_as_before
}

# Proton's prefixes have links to the files of its installation: they come back as the files themselves.
a_system_dll_that_is_a_link_leaves_its_target_as_it_was() {
  local system file
  all_can_be_enabled || return 0
  for system in "$windows"/sys*; do
    file=$system/$dll
    [ -f "$file" ] || continue
    mv "$file" "$games/$(basename "$system").dll"
    cp -a "$games/$(basename "$system").dll" "$work"
    ln -s "$games/$(basename "$system").dll" "$file"
  done
  cp "$loads" "$games/loads.exe"
  start_program "$games/loads.exe"
  run 0 enable --all
  end_program
  any_program_gets ours
  run 0 disable --all
  for file in "$games"/sys*.dll; do
    cmp "$file" "$work/$(basename "$file")"
    cmp "$file" "$windows/$(basename "$file" .dll)/$dll"
  done
  any_program_gets "system's"
}

# ---- the way through ----

# check NAME: the commands of the function of that name, each of which must succeed
check() {
  local status start=$SECONDS
  rm -rf "$games"
  mkdir "$games"
  : >"$work/why"
  # Not as a condition, where a function would go on after its first failure.
  set +e
  (set -e; "$1")
  status=$?
  set -e
  if [ "$status" = 0 ]; then
    echo "ok: $1 ($((SECONDS - start)) s)"
  else
    echo "FAILED: $1"
    cat "$work/why" "$work/output" || true
    failures=$((failures + 1))
  fi
}

rm -rf "$original-enabled"
(export WINEPREFIX=$original; "$(dirname "$0")/../support/copy_prefix.sh" "$original-enabled")
start_wine
# Emulated programs start slowly; what is not about architectures is tried by those that are not.
readonly everywhere='names_of|_closes_|all_programs_get|two_architectures|while_a_program_runs'
tests=$(sed -nE '/^# ---- one program/,$s/^([a-z0-9_]{20,})\(\) \{$/\1/p' "${BASH_SOURCE[0]}")
while read -r name; do
  if "$emulated" && ! [[ $name =~ $everywhere ]]; then
    echo "skipped: $name: it is tried where nothing is emulated"
  else
    check "$name"
  fi
done < <(grep -E "${ENABLE_ONLY:-.}" <<<"$tests")
exit "$((failures > 0))"
