#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What bash offers behind our commands: keys go to an interactive bash that has bash-completion, and stand-ins for
# the commands write down what they were called with.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
readonly root=$PWD ours=completions/settcpentry.bash commands=(settcpentry-wine settcpentry-host tcpdrop)
readonly all=$'\e*' # bash's insert-completions
failures=0

new_program() { # NAME SCRIPT
  printf '#!/bin/sh\n%s\n' "$2" >"$work/bin/$1"
  chmod +x "$work/bin/$1"
}

# press KEYS: in a bash of $user, root (0) or another, and in the folder $work/games; the arguments of what was run by
# that are in $work/arguments, and what was to be seen meanwhile in $work/screen.
press() {
  local bash="bash --noprofile --rcfile $work/rc -i"
  rm -f "$work/arguments"
  (
    cd "$work/games"
    export HOME=$work/home PATH=$work/bin:$PATH INPUTRC=/dev/null
    printf '%s\nexit\n' "$1" | unshare --user --map-user="${user:-12345}" script -qec "$bash" "$work/screen" >/dev/null
  )
}

# offers LINE WORD...: these, in whatever order, and nothing else, are all that can come next
offers() {
  local line=$1 words
  shift
  press "$line$all"
  # shellcheck disable=SC2206 # words
  words=($line)
  [[ $line == *' ' ]] || unset 'words[-1]'
  diff <(printf '%s\n' "${words[@]:1}" "$@" | grep . | sort) <(grep . "$work/arguments" | sort)
}

# check NAME: the commands of the function of that name, each of which must succeed
check() {
  local command status
  rm -rf "${work:?}"/*
  mkdir -p "$work/bin" "$work/games" "$work/home/.local/share/bash-completion/completions"
  printf '%s\n' 'source /usr/share/bash-completion/bash_completion' "PS1='$ '" >"$work/rc"
  for command in "${commands[@]}"; do
    cp "$ours" "$work/home/.local/share/bash-completion/completions/$command"
    new_program "$command" "printf '%s\n' \"\$@\" >'$work/arguments'"
  done
  # Not as a condition, where a function would go on after its first failure.
  set +e
  (set -e; "$1") >"$work/output" 2>&1
  status=$?
  set -e
  if [ "$status" = 0 ]; then
    echo "ok: $1"
  else
    echo "FAILED: $1"
    cat "$work/output" "$work/screen" || true
    failures=$((failures + 1))
  fi
}

# ---- options, as the sources have them ----

table_of() { # FILE.c
  grep -oE '\{"[a-z-]+", [a-z]+_argument' "$1" | sed -E 's/\{"([a-z-]+)".*/--\1/'
}

every_option_is_offered_and_no_other() {
  local options
  mapfile -t options < <(table_of src/tcpdrop/options.c)
  offers "tcpdrop -" "${options[@]}" -4 -6
  mapfile -t options < <(table_of src/host/main.c)
  offers "settcpentry-host -" "${options[@]}"
  mapfile -t options < <({
    table_of src/setup/settcpentry.c
    sed -n '/^usage() {/,/^}/p; /^while \[ \$#/,/^done/p' src/setup/settcpentry-wine.in | grep -oE -- '--[a-z]+'
  } | sort -u)
  offers "settcpentry-wine -" "${options[@]}"
}

# Rows of settcpentry's own table: {"status", run_status, true, true, false}
every_command_is_offered_and_the_options_that_it_takes() {
  local name json all_programs names=() options
  while read -r name json all_programs; do
    names+=("$name") options=(--prefix --steam)
    [ "$json" = false ] || options+=(--json)
    [ "$all_programs" = false ] || options+=(--all)
    offers "settcpentry-wine $name -" "${options[@]}"
  done < <(sed -nE 's/^ *\{"([a-z]+)", run_[a-z]+, (true|false), (true|false), .*/\1 \2 \3/p' src/setup/settcpentry.c)
  [ "${#names[@]}" -ge 4 ]
  offers "settcpentry-wine " "${names[@]}"
}

# ---- programs, folders, Steam's games ----

programs_and_folders_are_offered_in_whatever_case_they_are_spelt() {
  mkdir "$work/games/Some folder"
  touch "$work/games/"{game.exe,"SETUP 2.EXE",Tool.Exe,read.me,iphlpapi.dll}
  offers "settcpentry-wine enable " game.exe "SETUP 2.EXE" Tool.Exe "Some folder"
  offers "settcpentry-wine doctor --json g" game.exe
  offers "settcpentry-wine enable --prefix=x " game.exe "SETUP 2.EXE" Tool.Exe "Some folder"
  offers "settcpentry-wine --prefix x status --steam 5 g" game.exe
  offers "settcpentry-wine status --all "
  offers "settcpentry-wine enable game.exe -" --prefix --steam
  offers "settcpentry-wine disable game.exe "
}

a_user_who_presses_tab_gets_the_one_that_is_left() {
  touch "$work/games/"{"my game.exe","my game.txt"}
  press $'settcpentry-wine ena\tm\t--pre\t/\n'
  [ "$(paste -sd '|' "$work/arguments")" = "enable|my game.exe|--prefix|/" ]
}

folders_are_offered_for_prefixes_and_for_helpers() {
  mkdir "$work/games/"{prefix,place}
  touch "$work/games/page"
  offers "settcpentry-wine status --prefix " prefix place
  press $'settcpentry-wine status --prefix=pr\t'
  [ "$(paste -sd ' ' "$work/arguments")" = "status --prefix=prefix/" ]
  offers "settcpentry-host --serve " prefix place
  offers "settcpentry-host --serve x " prefix place
  offers "settcpentry-host --page p" prefix place page
  press $'settcpentry-host --check=pag\t'
  [ "$(cat "$work/arguments")" = --check=page ]
  offers "settcpentry-host --check "
}

steams_games_are_offered_by_their_ids_and_shown_with_their_names() {
  local steam=$work/home/.local/share/Steam/steamapps disk="$work/a disk/steamapps" id
  mkdir -p "$work/home/.steam" "$steam/compatdata/"{4711,4712}/pfx/drive_c "$disk/compatdata/"{5,99}/pfx/drive_c
  mkdir "$disk/compatdata/6" # never started
  ln -s ../.local/share/Steam "$work/home/.steam/steam"
  printf '"libraryfolders"\n{\n\t"1"\n\t{\n\t\t"path"\t\t"%s"\n\t}\n}\n' "$work/a disk" >"$steam/libraryfolders.vdf"
  printf '"AppState"\n{\n\t"appid"\t\t"4711"\n\t"name"\t\t"A Game: 2nd (GOTY)"\n}\n' >"$steam/appmanifest_4711.acf"
  printf '"AppState"\n{\n\t"name"\t\t"Another"\n}\n' >"$disk/appmanifest_5.acf"
  offers "settcpentry-wine status --steam " 4711 4712 5 99
  press $'settcpentry-wine status --steam 47\t\t\t1'
  grep -qF '4711 (A Game: 2nd (GOTY))' "$work/screen"
  [ "$(paste -sd ' ' "$work/arguments")" = "status --steam 4711" ]
  for id in $'--steam 5\t' $'--steam=5\t'; do
    press "settcpentry-wine status $id"
    [[ $(paste -sd ' ' "$work/arguments") =~ ^status\ --steam[\ =]5$ ]]
  done
}

steams_libraries_are_those_of_settcpentry_wine() {
  diff <(sed -n '/^steam_libraries() {/,/^}/p' src/setup/settcpentry-wine.in) \
    <(sed -n '/^_settcpentry_steam_libraries() {/,/^}/p' "$ours" | sed 's/^_settcpentry_//')
}

# ---- connections ----

# By RFC 9293's names, as tcpdrop prints them.
every_state_is_offered() {
  local states
  mapfile -t states < <(grep -oE '\[STATE_[A-Z0-9_]+\] = "[^"]+"' src/tcpdrop/tcp_state.c | cut -d '"' -f 2 |
    tr '[:upper:]' '[:lower:]')
  [ "${#states[@]}" -ge 11 ]
  offers "tcpdrop --list --state " "${states[@]}" all
}

# Whoever connects to the only port that connections are made from meets themselves.
connections_of_this_system_are_offered_by_their_local_ends_then_their_other_ends() {
  unshare --user --map-root-user --net "$root/tests/completion.sh" in_a_network "$work"
}
in_a_network() { # WORK
  work=$1
  trap - EXIT
  ip link set lo up
  ip address add fe80::5/64 dev lo nodad
  echo 50000 50000 >/proc/sys/net/ipv4/ip_local_port_range
  exec 5<>/dev/tcp/127.0.0.1/50000 6<>/dev/tcp/::1/50000 7<>/dev/tcp/fe80::5%lo/50000
  offers "tcpdrop " 127.0.0.1:50000 '[::1]:50000' '[fe80::5]:50000'
  offers "tcpdrop [::1]:50000 " '[::1]:50000'
  offers "tcpdrop 127.0.0.1:50000 127.0.0.1:5" 127.0.0.1:50000
  offers "tcpdrop 127.0.0.1:50000 127.0.0.1:50000 "
  offers "tcpdrop --close --remote 127.0" 127.0.0.1:50000
  press $'tcpdrop 127\t127.0.0.1:\t'
  [ "$(paste -sd ' ' "$work/arguments")" = "127.0.0.1:50000 127.0.0.1:50000" ]
}

ones_own_connections_are_offered_and_to_root_everybodys() {
  new_program ss "cat '$work/sockets'"
  cat >"$work/sockets" <<'ROWS'
ESTAB 0 0 10.0.0.1:22 10.0.0.2:50000 timer:(keepalive,109min,0) ino:1 sk:1 cgroup:/ <->
ESTAB 0 0 10.0.0.1:50001 10.0.0.2:443 timer:(on,20ms,0) uid:12345 ino:2 sk:2 cgroup:/ <->
ESTAB 0 0 10.0.0.1%eth0:50002 10.0.0.2:443 uid:123456 ino:3 sk:3 cgroup:/ <->
ROWS
  offers "tcpdrop " 10.0.0.1:50001
  user=0 offers "tcpdrop " 10.0.0.1:22 10.0.0.1:50001 10.0.0.1:50002
}

if [ $# -gt 0 ]; then
  "$@"
  exit
fi
while read -r name; do
  check "$name"
done < <(sed -nE 's/^([a-z0-9_]{20,})\(\) \{$/\1/p' "${BASH_SOURCE[0]}")
exit "$((failures > 0))"
