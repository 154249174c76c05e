#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# doctor.sh SETTCPENTRY PROGRAM OUR_DLL OTHER_PROGRAM OTHER_DLL NOT_ELEVATED: settcpentry doctor and status in the good
# state and in bad ones, each made so; what they say of a program is compared with what the program then gets. The
# program calls SetTcpEntry by the system's DLL; the others are of another architecture.
set -euo pipefail
readonly settcpentry=$1 ours=$3 other=$4 others=$5 not_elevated=$6
work=$(mktemp -d)
servers=()
trap '[ ${#servers[@]} = 0 ] || kill "${servers[@]}"; rm -rf "$work"' EXIT
failures=0
readonly good=iphlpapi=n,b helper=$SETTCPENTRY_HOST
unset WINEDLLOVERRIDES XDG_RUNTIME_DIR SETTCPENTRY_DIR
export LC_ALL=C.UTF-8 # so that Wine takes names for UTF-8

# windows_path FILE: as Wine's programs name it
windows_path() { printf 'Z:%s\n' "${1//\//\\}"; }

# without_console PROGRAM COPY: the same without a console: one word of its header, 92 bytes after its beginning
without_console() {
  local header
  header=$(od -An -tu4 -j60 -N4 "$1" | tr -d ' ')
  cp "$1" "$2"
  printf '\2' | dd of="$2" bs=1 seek="$((header + 92))" conv=notrunc status=none
}

# The names of the checks that are wrong, in one line.
wrong() { tr -d '\r' <"$work/output" | sed -nE 's/^WRONG ([^:]*):.*/\1/p' | paste -sd ' '; }

report() { # FINE STATE
  if "$1"; then
    echo "ok: $2"
  else
    echo "FAILED: $2: status $got, wrong: $(wrong)${code:+, the program got $code}"
    cat "$work/output"
    failures=$((failures + 1))
  fi
}

run() { # COMMAND...: its output, and in got its status
  got=0
  timeout 60 "$@" >"$work/output" 2>&1 </dev/null || got=$?
}

# expect STATE STATUS WRONG TEXT COMMAND...: this status, exactly these checks wrong, and this text
expect() {
  local state=$1 status=$2 names=$3 text=$4 fine=false code=''
  shift 4
  run "$@"
  if [ "$got" = "$status" ] && [ "$(wrong)" = "$names" ] && grep -qF -- "$text" "$work/output"; then
    fine=true
  fi
  report "$fine" "$state"
}

# What a program really gets for a connection that is not there: the code and LastError; "nothing" if it does not start.
gets() { # PROGRAM COMMAND...
  local program=$1
  shift
  timeout 60 "$@" wine "$program" 127.0.0.1:1 127.0.0.1:1 >"$work/output" 2>&1 </dev/null || true
  grep -oP '^SetTcpEntry returned \K\d+, LastError \d+' "$work/output" || echo nothing
}

# agree STATE PROGRAM COMMAND...: doctor, status and the program itself, in an environment that the command makes
agree() {
  local state=$1 program=$2 fine=false code names
  shift 2
  code=$(gets "$program" "$@")
  run "$@" wine "$settcpentry" doctor "$(windows_path "$program")"
  names=$(wrong)
  case $code in
    '317, LastError 1168') [[ -z $names || $names == "system's DLL" ]] && fine=true ;; # ours, with its helper
    '0, LastError '*) [[ $names == DLL\ *trial ]] && fine=true ;; # Wine's own, which closes nothing
    nothing) [[ $names == DLL* || $names == trial ]] && fine=true ;;
    *) [[ $names == trial ]] && grep -qF "returned $code" "$work/output" && fine=true ;;
  esac
  report "$fine" "$state: $code"
  $fine || return 0
  # The helper is none of status' business; whose DLL it is, is.
  fine=false
  run "$@" wine "$settcpentry" status "$(windows_path "$program")"
  case $code in
    '0, LastError '* | nothing) [[ $(wrong) == "${names% trial}" ]] && [ "$got" = 1 ] && fine=true ;;
    *) [[ $(wrong) == "${names%trial}" ]] && fine=true ;;
  esac
  report "$fine" "$state: status, too"
}

touch "$work/beginning"
cp "$2" "$work/game.exe"
without_console "$work/game.exe" "$work/gui.exe"
doctor=(wine "$settcpentry" doctor "$(windows_path "$work/game.exe")")
doctor_of_gui=(wine "$settcpentry" doctor "$(windows_path "$work/gui.exe")")
with_override=(env "WINEDLLOVERRIDES=$good")
without_capability=(setpriv --bounding-set=-net_admin)

cp "$ours" "$work/iphlpapi.dll"
expect "the good state" 0 '' "is a console program" "${with_override[@]}" "${doctor[@]}"
expect "the good state of a GUI program" 0 '' "is a GUI program" "${with_override[@]}" "${doctor_of_gui[@]}"
expect "the good state without a program" 0 '' "A drop works here." wine "$settcpentry" doctor
expect "as JSON" 0 '' '"works": true}' "${with_override[@]}" "${doctor[@]}" --json
expect "no override" 1 "DLL override trial" "WRONG override: none" "${doctor[@]}"
expect "an override of another DLL" 1 "DLL override trial" "x_$good;iphlpapix=n,b" \
  env "WINEDLLOVERRIDES=x_$good;iphlpapix=n,b" "${doctor[@]}"
expect "an override of several DLLs" 0 '' "A drop works here." env "WINEDLLOVERRIDES=x,*IPHLPAPI.dll=n,b" "${doctor[@]}"
expect "no DLL for anybody" 1 "DLL override" "it gets none" env WINEDLLOVERRIDES=iphlpapi= "${doctor[@]}"
expect "n instead of n,b" 1 "system's DLL" 'overrides: WINEDLLOVERRIDES "iphlpapi=n"' \
  env WINEDLLOVERRIDES=iphlpapi=n "${doctor[@]}"
expect "no helper" 1 "helper trial" "there is none at /nonexistent/helper" \
  "${with_override[@]}" SETTCPENTRY_HOST=/nonexistent/helper "${doctor[@]}"
# As Steam's looks from within.
expect "no helper in a container" 1 "helper trial" "run settcpentry-host --serve outside" \
  unshare --mount sh -c 'mount -t tmpfs tmpfs /run && mkdir /run/pressure-vessel && exec "$@"' sh \
  "${with_override[@]}" SETTCPENTRY_HOST=/nonexistent/helper "${doctor[@]}"
expect "no capability" 1 "capability trial" "setcap cap_net_admin+ep" \
  "${without_capability[@]}" "${with_override[@]}" "${doctor[@]}"
expect "no_new_privs" 1 "capability trial" "settcpentry-host --serve outside" \
  "${without_capability[@]}" --no-new-privs "${with_override[@]}" "${doctor[@]}"
expect "not elevated" 0 '' "who need not be elevated under Wine" \
  wine "$not_elevated" "$(windows_path "$settcpentry")" doctor
expect "filtered as by UAC" 1 "token trial GUI trial" "you are an administrator, but not elevated" \
  wine "$not_elevated" --filtered "$(windows_path "$settcpentry")" doctor

# Programs without a console lead their own session, and so does a helper that they start.
cat >"$work/helper" <<END
#!/bin/sh
read -r _ _ _ _ _ session _ </proc/\$\$/stat
[ "\$session" != \$\$ ] || exit 1
exec '$helper' "\$@"
END
chmod +x "$work/helper"
with_helper=("${with_override[@]}" "SETTCPENTRY_HOST=$work/helper")
expect "a helper for console programs only: a console program" 0 '' "A drop works here." \
  "${with_helper[@]}" "${doctor[@]}"
expect "a helper for console programs only: a GUI program" 1 trial "returned 109" \
  "${with_helper[@]}" "${doctor_of_gui[@]}"
expect "a helper for console programs only: no program" 1 "GUI trial" "returned 109" \
  "${with_helper[@]}" wine "$settcpentry" doctor
agree "a helper for console programs only, a console program" "$work/game.exe" "${with_helper[@]}"
# 64-bit Wine starts a 32-bit program by its start.exe, from which that has a console.
[ "${SETTCPENTRY_PRIVATE_NETWORK:-}" = x86 ] ||
  agree "a helper for console programs only, a GUI program" "$work/gui.exe" "${with_helper[@]}"

# However an override is spelt: what counts is what Wine makes of it.
for spelling in n,b b,n n builtin 'native, builtin' N,B nb x,y ''; do
  agree "WINEDLLOVERRIDES=iphlpapi=$spelling" "$work/game.exe" env "WINEDLLOVERRIDES=iphlpapi=$spelling"
done
key='HKCU\Software\Wine\AppDefaults\gui.exe'
for entry in 'iphlpapi native, builtin' 'iphlpapi builtin' 'iphlpapi disabled' \
  '*iphlpapi native,builtin' 'iphlpapi.dll native,builtin'; do
  wine reg add "$key\DllOverrides" /f /v "${entry%% *}" /d "${entry#* }" >/dev/null 2>&1
  agree "in the registry: $entry" "$work/gui.exe" env
  wine reg delete "$key" /f >/dev/null 2>&1
done
# Whatever the registry holds, it is shown, what is no string and what is long; what comes of it is Wine's affair.
shows() { # STATE TEXT VALUE...
  local fine=false code=''
  wine reg add "$key\DllOverrides" /f /v iphlpapi "${@:3}" >/dev/null 2>&1
  run "${doctor_of_gui[@]}"
  ! grep -qF "for this program $2" "$work/output" || fine=true
  report "$fine" "$1"
}
shows "a number for an override" "a value of type 4, 4 bytes long" /t REG_DWORD /d 1
shows "a long override" "\"$(printf 'é%.0s' {1..300})\"" /d "$(printf 'é%.0s' {1..300})"
wine reg delete "$key" /f >/dev/null 2>&1

mkdir "$work/Ж (ü)"
cp "$work/gui.exe" "$work/Ж (ü)/Spiel é.exe"
cp "$ours" "$work/Ж (ü)/iphlpapi.dll"
expect "names beyond ASCII" 0 '' "Spiel é.exe is a GUI program" "${with_override[@]}" \
  wine "$settcpentry" doctor "$(windows_path "$work/Ж (ü)/Spiel é.exe")"

# All of it is UTF-8, also where a name is long enough to be cut.
long=$(printf '中%.0s' {1..80})
mkdir -p "$work/$long/$long/$long"
cp "$work/gui.exe" "$work/$long/$long/$long/$long.exe"
run "${with_override[@]}" wine "$settcpentry" doctor --json "$(windows_path "$work/$long/$long/$long/$long.exe")"
says=false
iconv -f UTF-8 -t UTF-16 "$work/output" >/dev/null && grep -qF "$long.exe is a GUI program" "$work/output" && says=true
report "$says" "long names as JSON"

# A sparse file: its size is more than 32 bits hold, or than a 32-bit program could read.
for size in 4294967295 5G; do
  cp "$work/game.exe" "$work/large.exe"
  truncate -s "$size" "$work/large.exe"
  expect "a program of $size bytes" 0 '' "A drop works here." \
    "${with_override[@]}" wine "$settcpentry" doctor "$(windows_path "$work/large.exe")"
done
truncate -s 0 "$work/large.exe"
expect "an empty program" 1 program "is no Windows program" \
  wine "$settcpentry" doctor "$(windows_path "$work/large.exe")"
expect "a path longer than any" 2 '' "or too long" wine "$settcpentry" doctor "Z:\\$(printf '%03000d' 0)"

"$helper" --serve "$work/outside" &
servers+=($!)
while [ ! -s "$work/outside/serving" ]; do sleep 0.05; done
expect "no_new_privs, but a helper outside" 0 '' "helper: outside, in $work/outside" \
  "${without_capability[@]}" --no-new-privs "${with_override[@]}" "SETTCPENTRY_DIR=$work/outside" "${doctor[@]}"
mkdir "$work/home"
HOME=$work/home "$helper" --serve &
servers+=($!)
while [ ! -s "$work/home/.local/share/settcpentry/serving" ]; do sleep 0.05; done
expect "no_new_privs, but a helper that serves the home folder" 0 '' '.local\share\settcpentry' \
  "${without_capability[@]}" --no-new-privs "${with_override[@]}" HOME="$work/home" "${doctor[@]}"

# Where it is installed, nobody but root may write.
mkdir "$work/bin"
cp "$settcpentry" "$(dirname "$settcpentry")/iphlp.dll" "$work/bin"
chmod 555 "$work/bin/"*
expect "a settcpentry.exe that nobody may write" 0 '' "A drop works here." wine "$work/bin/settcpentry.exe" doctor
# Where nobody gives its helper a standard output.
without_console "$settcpentry" "$work/bin/gui.exe"
expect "doctor itself without a console" 0 '' "A drop works here." wine "$work/bin/gui.exe" doctor
expect "no folder for temporary files" 1 "GUI trial" "cannot be made" \
  wine cmd /c "set TMP=Z:\\nonexistent&& $(windows_path "$settcpentry") doctor"

# Of another architecture: the program may or may not run here.
mkdir "$work/other"
cp "$other" "$work/other/game.exe"
cp "$others" "$work/other/iphlpapi.dll"
agree "a program of another architecture" "$work/other/game.exe" "${with_override[@]}"
expect "no settcpentry.exe of its architecture" 1 trial "settcpentry.exe cannot be copied" "${with_override[@]}" \
  wine "$work/bin/settcpentry.exe" doctor "$(windows_path "$work/other/game.exe")"

cp "$others" "$work/iphlpapi.dll"
agree "the wrong architecture" "$work/game.exe" "${with_override[@]}" # some Wines go on with their own, some end it
says=false
! grep -qF "and the program for" "$work/output" || says=true
report "$says" "the wrong architecture is named"
rm "$work/iphlpapi.dll"
expect "no DLL" 1 "DLL trial" "is not there" "${with_override[@]}" "${doctor[@]}"
expect "no program" 1 program "cannot be read" wine "$settcpentry" doctor 'Z:\nonexistent.exe'

left=$(find "$WINEPREFIX/drive_c/users" /dev/shm -name 'settcpentry-*' -newer "$work/beginning")
[ -z "$left" ] || { printf 'FAILED: left behind:\n%s\n' "$left"; failures=$((failures + 1)); }
exit "$((failures > 0))"
