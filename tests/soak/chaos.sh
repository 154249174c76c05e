#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# chaos.sh TEST CALLER CALLER_WINDOW SHIFTED_CLOCK SECONDS: runs test_chaos where all processes, and the limit on
# inotify, are its own; and as another user than the machine's root, for whom limits on processes do not count.
set -euo pipefail
readonly test=$1 caller=$2 window=$3 shifted_clock=$4 seconds=$5 user=12345
shift
scratch=$(mktemp -d /tmp/chaos.XXXXXX)
as_user=(env)
namespaces=(unshare --user --map-root-user --net --mount --pid --fork --kill-child --mount-proc)
export WINEPREFIX
clean_up() {
  server=$(cat "$WINEPREFIX/wineserver" 2>/dev/null || true) # the name of its folder in /tmp
  [[ $server != wine-* || $WINEPREFIX != "$scratch"/* ]] || rm -rf "/tmp/$server"
  rm -rf "$scratch"
}
trap clean_up EXIT
chmod 755 "$scratch"
cp "$test" "$caller" "$window" "$(dirname "$caller")/iphlp.dll" "$shifted_clock" "$SETTCPENTRY_HOST" "$scratch"
export SETTCPENTRY_HOST=$scratch/settcpentry-host
if [ "$(id -u)" = 0 ] && setpriv --reuid=$user --regid=$user --clear-groups true 2>/dev/null; then
  cp -a "$WINEPREFIX" "$scratch/prefix"
  rm -f "$scratch/prefix/wineserver"
  chown -R $user:$user "$scratch/prefix"
  WINEPREFIX=$scratch/prefix
  as_user=(setpriv "--reuid=$user" "--regid=$user" --clear-groups env HOME="$scratch/prefix")
else
  wineserver -k 2>/dev/null || true # the next one starts inside
fi
if ! "${as_user[@]}" "${namespaces[@]}" true; then
  echo "skipped: no such namespaces can be made here: ${namespaces[*]}"
  exit 77
fi
# shellcheck disable=SC2016 # expanded inside
"${as_user[@]}" "${namespaces[@]}" sh -c '
  ip link set lo up
  mount -t tmpfs -o mode=1777 tmpfs /dev/shm
  exec "$@"
  ' sh "$scratch/$(basename "$test")" "$scratch/$(basename "$caller")" "$scratch/$(basename "$window")" \
  "$scratch/$(basename "$shifted_clock")" "$seconds"
