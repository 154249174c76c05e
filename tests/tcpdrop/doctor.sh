#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# doctor.sh TCPDROP PROGRAM OUR_DLL OTHER_DLL NOT_ELEVATED: tcpdrop doctor in the good state and in bad
# ones, each made so. OTHER_DLL is of the other architecture.
set -euo pipefail
readonly tcpdrop=$1 ours=$3 others=$4 not_elevated=$5
work=$(mktemp -d)
server=''
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
cp "$2" "$work/game.exe"
game="Z:${work//\//\\}\\game.exe"
failures=0
readonly good=iphlpapi=n,b
unset WINEDLLOVERRIDES XDG_RUNTIME_DIR SETTCPENTRY_DIR

# The names of the checks that are wrong, in one line.
wrong() { tr -d '\r' <"$work/output" | sed -nE 's/^WRONG ([^:]*):.*/\1/p' | paste -sd ' '; }

# expect STATE STATUS WRONG TEXT COMMAND...: this status, exactly these checks wrong, and this text
expect() {
  local state=$1 status=$2 names=$3 text=$4 got=0
  shift 4
  timeout 60 "$@" >"$work/output" 2>&1 </dev/null || got=$?
  if [ "$got" = "$status" ] && [ "$(wrong)" = "$names" ] && grep -qF -- "$text" "$work/output"; then
    echo "ok: $state"
  else
    echo "FAILED: $state: status $got, wrong: $(wrong)"
    cat "$work/output"
    failures=$((failures + 1))
  fi
}

doctor=(wine "$tcpdrop" doctor "$game")
with_override=(env "WINEDLLOVERRIDES=$good")
without_capability=(setpriv --bounding-set=-net_admin)

cp "$ours" "$work/iphlpapi.dll"
expect "the good state" 0 '' "A drop works here." "${with_override[@]}" "${doctor[@]}"
expect "the good state without a program" 0 '' "A drop works here." wine "$tcpdrop" doctor
expect "as JSON" 0 '' '"works": true}' "${with_override[@]}" "${doctor[@]}" --json
expect "no override" 1 override "none, so Wine prefers its own" "${doctor[@]}"
expect "an override of another DLL" 1 override "none, so Wine prefers its own" \
  env "WINEDLLOVERRIDES=x_$good;iphlpapix=n,b" "${doctor[@]}"
expect "an override of several DLLs" 0 '' "A drop works here." env "WINEDLLOVERRIDES=x,*IPHLPAPI.dll=n,b" "${doctor[@]}"
expect "no DLL for anybody" 1 override "Wine lets nobody have it" env WINEDLLOVERRIDES=iphlpapi= "${doctor[@]}"
expect "n instead of n,b" 1 override "n alone" env WINEDLLOVERRIDES=iphlpapi=n "${doctor[@]}"
expect "no helper" 1 "helper trial" "there is none at /nonexistent/helper" \
  "${with_override[@]}" SETTCPENTRY_HOST=/nonexistent/helper "${doctor[@]}"
expect "no capability" 1 "capability trial" "setcap cap_net_admin+ep" \
  "${without_capability[@]}" "${with_override[@]}" "${doctor[@]}"
expect "no_new_privs" 1 "capability trial" "settcpentry-host --serve outside" \
  "${without_capability[@]}" --no-new-privs "${with_override[@]}" "${doctor[@]}"
expect "not elevated" 0 '' "who need not be elevated under Wine" \
  wine "$not_elevated" "Z:${tcpdrop//\//\\}" doctor
expect "filtered as by UAC" 1 "token trial" "you are an administrator, but not elevated" \
  wine "$not_elevated" --filtered "Z:${tcpdrop//\//\\}" doctor

# A sparse file: its size is more than 32 bits hold, or than a 32-bit program could read.
for size in 4294967295 5G; do
  cp "$work/game.exe" "$work/large.exe"
  truncate -s "$size" "$work/large.exe"
  expect "a program of $size bytes" 0 '' "A drop works here." "${with_override[@]}" wine "$tcpdrop" doctor "Z:${work//\//\\}\\large.exe"
done
truncate -s 0 "$work/large.exe"
expect "an empty program" 1 program "is no Windows program" wine "$tcpdrop" doctor "Z:${work//\//\\}\\large.exe"
expect "a path longer than any" 1 program "give its path" wine "$tcpdrop" doctor "Z:\\$(printf '%03000d' 0)"

"$SETTCPENTRY_HOST" --serve "$work/outside" &
server=$!
while [ ! -e "$work/outside/serving" ]; do sleep 0.05; done
expect "no_new_privs, but a helper outside" 0 '' "outside, settcpentry-host " \
  "${without_capability[@]}" --no-new-privs "${with_override[@]}" "SETTCPENTRY_DIR=$work/outside" "${doctor[@]}"

cp "$others" "$work/iphlpapi.dll"
expect "the wrong architecture" 1 DLL "and the program for" "${with_override[@]}" "${doctor[@]}"
rm "$work/iphlpapi.dll"
expect "no DLL" 1 DLL "is not there" "${with_override[@]}" "${doctor[@]}"
expect "no program" 1 program "cannot be read" wine "$tcpdrop" doctor 'Z:\nonexistent.exe'
exit "$((failures > 0))"
