#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# ordinary_user.sh TEST PROGRAM HELPER [ARGUMENT...]: runs a test with that Windows program, a helper that has the
# file capability, another one that has not, and a prefix that belongs to a user who is not root. Only root can set
# that up.
set -euo pipefail
readonly test=$1 program=$2 helper=$3 user=12345
shift 3
if [ "$(id -u)" != 0 ] || ! grep -q '^ *0 *0 *4294967295' /proc/self/uid_map; then
  echo "skipped: only root of the machine can give the helper its file capability"
  exit 77
fi
scratch=$(mktemp -d /tmp/ordinary-user.XXXXXX)
as_user() {
  setpriv --reuid=$user --regid=$user --clear-groups env HOME="$scratch/prefix" WINEPREFIX="$scratch/prefix" "$@"
}
clean_up() {
  as_user wineserver -k 2>/dev/null || true
  server=$(cat "$scratch/prefix/wineserver" 2>/dev/null || true) # the name of its folder in /tmp
  [[ $server != wine-* ]] || rm -rf "/tmp/$server"
  rm -rf "$scratch"
}
trap clean_up EXIT
chmod 755 "$scratch"
cp "$program" "$(dirname "$program")/iphlp.dll" "$helper" "$scratch"
cp "$helper" "$scratch/without-capability"
if ! setcap cap_net_admin+ep "$scratch/settcpentry-host"; then
  echo "skipped: files in $scratch cannot have capabilities"
  exit 77
fi
cp -a "$WINEPREFIX" "$scratch/prefix"
rm -f "$scratch/prefix/wineserver" # where root's server is to be met
chown -R $user:$user "$scratch/prefix"
SETTCPENTRY_HOST=$scratch/settcpentry-host \
  "$test" "$scratch/$(basename "$program")" $user "$scratch/prefix" "$scratch/settcpentry-host" \
  "$scratch/without-capability" "$@"
