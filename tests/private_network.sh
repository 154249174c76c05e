#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# private_network.sh COMMAND...: runs it with a network and a /dev/shm of its own, where nobody else's
# connections and pages are, and where closing connections takes no root. Inside one already, it just
# runs it.
set -euo pipefail
if [ -n "${SETTCPENTRY_PRIVATE_NETWORK:-}" ]; then
  exec "$@"
fi
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export SETTCPENTRY_PRIVATE_NETWORK=1 WINEPREFIX=$PWD/build/prefix WINEDEBUG=-all
user=()
# Root in a container may not be allowed to without a user namespace.
{ [ "$(id -u)" = 0 ] && unshare --net --mount true 2>/dev/null; } || user=(--user --map-root-user)
if ! unshare "${user[@]}" --net --mount true; then
  echo "No network namespace can be made here (unshare ${user[*]} --net --mount)." >&2
  echo "In a container, allow it: docker run --privileged, or --cap-add SYS_ADMIN." >&2
  exit 1
fi
# Wine's sockets belong to the network of its server, so that has to start inside.  A Windows program
# that waits for input keeps the server and Wine's services running until the end: started anew by
# each test they take seconds, and keep its output open for seconds more.
wineserver -k 2>/dev/null || true
status=0
unshare "${user[@]}" --net --mount bash -c '
  ip link set lo up
  mount -t tmpfs -o mode=1777 tmpfs /dev/shm
  coproc wine cmd 2>&1
  wine cmd /c exit >/dev/null 2>&1 </dev/null
  "$@"
  exit $? # else bash becomes the command, and the coprocess loses its input
  ' bash "$@" || status=$?
wineserver -k 2>/dev/null || true
exit "$status"
