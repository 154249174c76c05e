#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# documents.sh [NAME...]: does what the documents say, and compares what comes of it. Before each block of code in
# them, and before code within a line where it is to be run, there is a comment that does not show:
#   <!-- test: NAME -->    The commands are run, in order, in a system that is thrown away: a fresh copy of the project
#                          with what was built, a home folder with a Wine prefix, and /usr, /opt, /etc and /var that may
#                          be written to. Blocks of one name share it. One with "$ " is what a terminal is to show.
#                          before_NAME and after_NAME below prepare and check what a reader would have and see.
#   <!-- not run: WHY -->
# Run by private_network.sh.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")

# Commands that are not run where they stand among others.
declare -A not_run=(
  ['./dev test']="this is one of its tests"
  ['./dev coverage']="it builds and tests anew"
  ['./dev soak']="it takes an hour"
)

fail() {
  echo "FAILED: $*"
  [ ! -s "${output:-}" ] || tail -n 40 "$output"
  exit 1
}

# ---- what the documents have ----

# Each block to a file in FOLDER; prints its name there, where it was, its language, and what the comment says. perl is
# in every Debian.
find_blocks() { # FOLDER DOCUMENT
  perl -e '
    my ($folder, $document) = @ARGV;
    my ($mark, $fence, $code, $text, $before, $at) = ("none:", undef, "", "", 1, 0);
    open(my $in, "<", $document) or die "$document: $!";
    sub emit { # LINE LANGUAGE MARK CODE
      my $name = sprintf("%s:%03d", $document =~ s|/|_|gr, $_[0]);
      $name .= "b" while -e "$folder/$name";
      open(my $out, ">", "$folder/$name") or die;
      print $out $_[3] =~ s/\n*\z/\n/r;
      print "$name\t$document:$_[0]\t", $_[1] || "-", "\t$_[2]\n";
      $mark = "none:";
    }
    sub end { # of a paragraph, or of a block that is indented
      emit($at, "", $mark, $code) if $code;
      while ($text =~ /<!-- (test|not run): ([^>]*) -->\s*`([^`]+)`/g) {
        my ($kind, $code) = ("$1:$2", $3 =~ s/\s+/ /gr);
        emit($at, "", $kind, $code);
      }
      $code = $text = "";
    }
    while (<$in>) {
      if (defined $fence) {
        if (/^ *```/) { emit($at, $fence, $mark, $code); ($code, $fence) = ("", undef) } else { $code .= $_ }
      } elsif (/^ *```(\w*)/) { end(); ($fence, $at) = ($1, $.) }
      elsif (/^ *<!-- (test|not run): ([^>]*) -->$/) { end(); ($mark, $before) = ("$1:$2", 1) }
      elsif (/^    (.*\n)/ && ($before || $code)) { end() if $text; $at = $. unless $code; $code .= $1 }
      elsif (/^$/) { if ($code) { $code .= "\n" } else { end() } $before = 1 }
      else {
        end() if $code;
        # No block behind it; or the rest of the line is not taken for Markdown.
        emit($., "", "none:", $_) if $mark ne "none:" || /^ *<!--.*-->./;
        $at = $. unless $text;
        ($text, $before) = ("$text$_", 0);
      }
    }
    end();' "$1" "$2"
}

# "NAME PLACE LANGUAGE KIND ARGUMENT" of each block
index() { sed 's/\t\(none\|test\|not run\):/\t\1\t/' "$work/index"; }

commands_in() { # BLOCK
  if grep -q '^\$ ' "$1"; then sed -n 's/^\$ //p' "$1"; else sed -E 's/ +# .*//; /^#|^$/d' "$1"; fi
}

# ---- a system that is thrown away ----

# lay FOLDER [PLACE]: there, or in its own place, it can be written to, and stays as it is.
lay() {
  local place=${2:-$1} above
  above=$(mktemp -d "$work/system/above.XXXXXX")
  mkdir -p "$place" "$above/new" "$above/work"
  mount -t overlay -o "lowerdir=$1,upperdir=$above/new,workdir=$above/work" none "$place" 2>/dev/null ||
    fail "nothing can be laid over $1 here (overlayfs)"
}

new_system() {
  local folder
  mount -t tmpfs -o mode=755 tmpfs "$work/system"
  lay "$work/project" "$work/system/project"
  for folder in build stage; do
    lay "$root/$folder" "$work/system/project/$folder"
  done
  lay "$root/build/prefix" "$work/system/home/.wine"
  for folder in /usr /opt /etc /var; do
    lay "$folder"
  done
  mount --rbind "$work/system/project" "$root"
  cd "$root"
  export HOME=$work/system/home PATH=$work/system/bin:/usr/local/bin:$PATH
  mkdir "$work/system/bin"
  stand_in sudo 'exec "$@"'
  unset WINEPREFIX SETTCPENTRY_HOST SETTCPENTRY_PRIVATE_NETWORK
}

stand_in() { # NAME SCRIPT
  printf '#!/bin/sh\n%s\n' "$2" >"$work/system/bin/$1"
  chmod +x "$work/system/bin/$1"
}

# connect HERE THERE: a connection between two ends of this machine, until it is closed.
connect() {
  rm -f "$work/system/connection"
  perl -MIO::Socket::INET -e '
    my ($here, $there, $file) = @ARGV;
    sub note { open(my $out, ">>", $file); print $out "$_[0]\n"; }
    my $listener = IO::Socket::INET->new(LocalAddr => $there, Listen => 1, ReuseAddr => 1) or die "$there: $!";
    my $client = IO::Socket::INET->new(LocalAddr => $here, PeerAddr => $there, ReuseAddr => 1) or die "$here: $!";
    my $server = $listener->accept;
    note("connected");
    alarm(900);
    note(defined(sysread($server, my $byte, 1)) ? "ended in peace" : "closed: $!");
  ' "$1" "$2" "$work/system/connection" </dev/null >/dev/null 2>>"$output" &
  connection=$!
  connection_says connected || fail "no connection could be made"
}

connection_says() { # WORD, within ten seconds
  local tries=0
  until grep -qs "$1" "$work/system/connection"; do
    [ "$((tries += 1))" -lt 100 ] || return 1
    sleep 0.1
  done
}

is_closed() { connection_says closed || fail "the connection is not closed: $(cat "$work/system/connection")"; }

# ---- what a reader has and sees ----

give_game() {
  mkdir -p ~/.wine/drive_c/games
  cp build/amd64/examples/close_connection_window.exe ~/.wine/drive_c/games/game.exe
}

install_built() {
  local part
  for part in linux x86 amd64 arm64; do
    cmake --install "build/$part" >/dev/null
  done
  setcap cap_net_admin+ep /usr/local/libexec/settcpentry-host
}

after_demo() { grep -q "^Ours, IPv6: SetTcp6Entry returns 0" "$output" || fail "the demo shows something else"; }

before_packages() {
  give_game
  connect 127.0.0.1:50000 127.0.0.1:8080
}
after_packages() {
  is_closed
  /opt/settcpentry/bin/settcpentry-wine doctor >"$output" 2>&1 || fail "what the archive installs does not work"
}

# The program of the first page, with the libraries that the comment in it names.
compile() { # ARGUMENT...
  local libraries
  libraries=$(sed -nE 's/.* or (-l.*) \*\/$/\1/p' "$(block_of program c)")
  [ -n "$libraries" ] || fail "the program does not say what to link it with"
  # shellcheck disable=SC2086 # words
  x86_64-w64-mingw32-gcc -Wall -Werror program.c "$@" $libraries
}
closes() { # PROGRAM FOLDER: with the DLL that is there
  cp "$2/iphlp.dll" .
  connect 127.0.0.1:50000 127.0.0.1:8080
  wine "$1" 2>/dev/null </dev/null | tr -d '\r' >"$output"
  grep -qx "0, LastError 0" "$output" || fail "$1 does not close it"
  is_closed
}
after_program() {
  install -D stage/libexec/settcpentry-host /usr/local/libexec/settcpentry-host
  cp "$(block_of program c)" program.c
  compile -Istage/include -Lstage/lib/amd64
  closes a.exe stage/bin/amd64
}

before_built() {
  give_game
  connect 127.0.0.1:50000 127.0.0.1:8080
}
after_built() { is_closed; }

before_tcpdrop() {
  install_built
  connect 127.0.0.1:50000 127.0.0.1:8080
}
after_tcpdrop() { is_closed; }

before_uninstall() { install_built; }
after_uninstall() { [ ! -e /usr/local/libexec/settcpentry-host ] || fail "the helper is still there"; }

after_helper_alone() { /usr/local/libexec/settcpentry-host --check >"$output" || fail "the helper does not work"; }

# Whose DLL is it? The program asks as the document does.
before_by_hand() {
  printf '%s\n' '#include <windows.h>' '#include <stdio.h>' \
    'int main(void)' '{' 'LoadLibraryA("iphlpapi.dll");' "$(cat "$(block_of by_hand c)")" \
    'puts(ours ? "ours" : "another");' '}' | x86_64-w64-mingw32-gcc -xc - -o program.exe
  cp stage/bin/amd64/iphlpapi.dll .
  [ "$(wine program.exe | tr -d '\r')" = another ] || fail "ours is used before anything was done"
}
after_by_hand() {
  tr -d '\r' <"$output" | grep -qx ours || fail "for one run it is not ours"
  [ "$(wine program.exe 2>/dev/null | tr -d '\r')" = ours ] || fail "for good it is not ours"
}

# Where it was installed, with that program.
prepare_linking() {
  install_built
  cd /usr/local
  cp "$(block_of program c)" program.c
}
before_mingw() {
  prepare_linking
  # As MinGW for Windows has them, without a prefix.
  stand_in gcc 'exec x86_64-w64-mingw32-gcc "$@"'
  stand_in dlltool 'exec x86_64-w64-mingw32-dlltool "$@"'
}
after_mingw() {
  closes a.exe bin/amd64
  x86_64-w64-mingw32-gcc program.c -Iinclude/settcpentry -L. -liphlp-delayed -lws2_32 -o delayed.exe
  closes delayed.exe bin/amd64
}
before_pkg_config() { prepare_linking; }
after_pkg_config() {
  read -ra flags <"$output"
  compile "${flags[@]}"
  closes a.exe bin/amd64
}
before_cmake() { prepare_linking; }
after_cmake() {
  { printf '%s\n' 'cmake_minimum_required(VERSION 3.21)' 'project(program C)' 'add_executable(program program.c)' &&
    cat "$(block_of cmake cmake)"; } >CMakeLists.txt
  cmake -B out -DCMAKE_SYSTEM_NAME=Windows -DCMAKE_C_COMPILER=x86_64-w64-mingw32-gcc -DCMAKE_PREFIX_PATH=/usr/local \
    >"$output" 2>&1 || fail "it cannot be configured"
  cmake --build out >"$output" 2>&1 || fail "it cannot be built"
  cd out
  [ -f iphlp.dll ] || fail "the DLL is not beside the program"
  closes program.exe ../bin/amd64
}

# winetricks where it is installed; else what the verb uses of it, whose result is the same.
before_winetricks() {
  install_built
  # shellcheck disable=SC2016 # the stand-in's
  command -v winetricks >/dev/null || stand_in winetricks '
    set -e
    verb=$1 WINE=wine W_ARCH=win64 W_TMP=$HOME/.wine/drive_c/windows/temp W_TMP_WIN="C:\\windows\\temp"
    w_metadata() { [ "$*" ]; }
    w_try() { "$@"; }
    w_die() { echo "$@"; exit 1; }
    . "$verb"
    load_settcpentry'
}

# Launchers' folders, by their documentation, around the one prefix that is here.
before_launchers() {
  local game wine prefix steam=.local/share/Steam/steamapps
  install_built
  give_game
  cd ~
  for game in Games/Heroic/Game $steam/common/Game; do
    mkdir -p "$game"
    cp .wine/drive_c/games/game.exe "$game"
  done
  for prefix in Games/game Games/Heroic/Prefixes/default/Game/pfx $steam/compatdata/4711/pfx; do
    mkdir -p "$prefix"
    mount --bind .wine "$prefix"
    printf '%s\n' 9.0-203 "$HOME/proton/files/share/fonts/" >"$(dirname "$prefix")/config_info"
  done
  for wine in .local/share/lutris/runners/wine/wine-ge-8-26-x86_64 proton/files; do
    mkdir -p "$wine/bin"
    stand_in wine-of-launcher "touch '$HOME/$wine/used'; exec '$(command -v wine)' \"\$@\""
    mv "$work/system/bin/wine-of-launcher" "$wine/bin/wine"
  done
}
after_launchers() {
  local dll wine
  for dll in .wine/drive_c/games .local/share/Steam/steamapps/common/Game Games/Heroic/Game; do
    cmp -s ~/"$dll/iphlpapi.dll" "$root/stage/bin/amd64/iphlpapi.dll" || fail "ours is not in $dll"
  done
  for wine in .local/share/lutris/runners/wine/wine-ge-8-26-x86_64 proton/files; do
    [ -e ~/"$wine/used" ] || fail "$wine was not used"
  done
}

after_contributing() { [ -z "$(git status --porcelain)" ] || fail "./dev format changes $(git status --porcelain)"; }

# ---- running it ----

block_of() { # NAME LANGUAGE
  index | awk -F '\t' -v name="$1" -v language="$2" -v folder="$work/blocks/" '
    $4 == "test" && $5 == name && $3 == language { print folder $1; exit }'
}

# What the terminal shows, with the Wine that is here.
any_wine() { sed -E 's/Wine [0-9.]+$/Wine/; /^$/d' "$1"; }
compare() { # BLOCK
  local command
  commands_in "$1" | while IFS= read -r command; do
    printf '$ %s\n' "$command"
    bash -c "$command" 2>&1 </dev/null | tr -d '\r'
  done >"$output"
  diff <(any_wine "$1") <(any_wine "$output") >"$output.diff" || { mv "$output.diff" "$output"; return 1; }
}

run_commands() { # BLOCK
  commands_in "$1" | while IFS= read -r command; do
    [ -n "${not_run[$command]:-}" ] || printf '%s\n' "$command"
  done >"$work/system/commands"
  bash -e "$work/system/commands" >>"$output" 2>&1 </dev/null
}

# What is not run, and why: the smaller part, and nothing without a word.
look_for_marks() {
  local block place language kind argument lines command run=0 not=0 unmarked=0
  while IFS=$'\t' read -r block place language kind argument; do
    lines=1 # of a program, or of what is not run
    [[ ! $kind:$language =~ ^test:(-|sh|console)$ ]] || lines=-0
    while IFS= read -r command; do
      case $kind:${not_run[$command]:-} in
        test:) run=$((run + 1)) ;;
        test:*) echo "not run: $place: $command: ${not_run[$command]}"; not=$((not + 1)) ;;
        not*) echo "not run: $place: $command: $argument"; not=$((not + 1)) ;;
        none*) echo "FAILED: $place: no <!-- test: NAME --> or <!-- not run: WHY --> before $command"; unmarked=1 ;;
      esac
    done < <(commands_in "$work/blocks/$block" | head -n "$lines")
  done < <(index)
  echo "$run commands are run or programs built, $not are not"
  [ "$unmarked" = 0 ] && [ "$run" -gt "$not" ]
}

names() { index | awk -F '\t' '$4 == "test" && !seen[$5]++ { print $5 }'; }

# A misspelt name would go without its checks.
look_for_names() {
  local name unused=0
  while read -r name; do
    names | grep -qx "$name" || { echo "FAILED: no block has the name $name"; unused=1; }
  done < <(compgen -A function | sed -nE 's/^(before|after)_//p' | sort -u)
  return "$unused"
}

call_if_there() { [ "$(type -t "$1")" != function ] || "$1"; }

run_name() { # NAME
  local block place language kind name
  new_system
  trap leave EXIT
  output=$work/system/output
  : >"$output"
  call_if_there "before_$1"
  while IFS=$'\t' read -r block place language kind name; do
    [ "$kind:$name" = "test:$1" ] || continue
    block=$work/blocks/$block
    case $language in
      c | cmake) ;; # for after_NAME
      *)
        if grep -q '^\$ ' "$block"; then compare "$block"; else run_commands "$block"; fi ||
          fail "$place: it does not do what it says:"
        ;;
    esac
  done < <(index)
  call_if_there "after_$1"
}

leave() {
  [ -z "${connection:-}" ] || kill "$connection" 2>/dev/null || true
  WINEPREFIX=$HOME/.wine wineserver -k || true
}

if [ "${1:-}" = --inside ]; then
  ip link set lo up
  set +e # not as a condition, where a function would go on after its first failure
  (set -e; run_name "$2") >"$work/$2.log" 2>&1
  status=$?
  if [ "$status" = 0 ]; then echo "ok: $2, $SECONDS s"; else cat "$work/$2.log"; echo "FAILED: $2"; fi
  exit "$status"
fi

work=$(mktemp -d)
export work
trap 'rm -rf "$work"' EXIT
mkdir "$work/blocks" "$work/system" "$work/project"
cd "$root"
find . \( -path ./build -o -path ./stage -o -path ./dist -o -path ./.git \) -prune -o -name '*.md' -printf '%P\n' |
  LC_ALL=C sort | while read -r document; do find_blocks "$work/blocks" "$document"; done >"$work/index"
status=0
look_for_marks || status=1
look_for_names || status=1
[ -O /usr ] || { echo "skipped: only root can write to what is laid over /usr"; exit "$((status ? status : 77))"; }

tar -c --exclude ./build --exclude ./dist --exclude ./stage --exclude ./.git . | tar -xC "$work/project"
(cd "$work/project" && git init -q && git add -A && git -c user.name=A -c user.email=a@example.invalid commit -qm all)
mapfile -t chosen < <(if [ $# -gt 0 ]; then printf '%s\n' "$@"; else names; fi)
printf '%s\0' "${chosen[@]}" |
  xargs -0 -n 1 -P "$(($(nproc) + 1))" unshare --mount --net "${BASH_SOURCE[0]}" --inside || status=1
exit "$status"
