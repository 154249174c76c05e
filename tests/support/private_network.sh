#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# private_network.sh [--KIND|--ARCHITECTURE] COMMAND...: runs it with a network and a /dev/shm of its own, where
# nobody else's connections and pages are, and where closing connections takes no root; and with this machine's
# Wine, or the one of that KIND (tools/wines.sh), or one for that architecture. Inside one already, it just
# runs it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
kind=native
if [[ $1 == --* ]]; then
  kind=${1#--}
  shift
fi
[ -z "${SETTCPENTRY_PRIVATE_NETWORK:-}" ] || exec "$@"

runs32=false
! "$here/runs32.sh" || runs32=true
case $kind:$runs32 in
  linux:* | amd64:* | x86:true) kind=native ;;
esac
prefix=prefix enter=(/usr/bin/env)
if [ "$kind" != native ]; then
  prefix=prefix-$kind enter=("$here/tree.sh" "$kind")
elif [ "$runs32" = false ]; then
  enter=(/usr/bin/env "PATH=$here/wine64:$PATH")
fi
cd "$here/../.."
export SETTCPENTRY_PRIVATE_NETWORK=$kind WINEPREFIX=$PWD/build/$prefix WINEDEBUG=-all
# Nobody else's helper either; and Debian's Wine 10 dies with the one, and complains of the other.
unset TMPDIR XDG_RUNTIME_DIR SETTCPENTRY_DIR
user=()
# Root in a container may not be allowed to without a user namespace; emulation needs one.
{ [[ $kind =~ ^(native|trixie)$ ]] && [ "$(id -u)" = 0 ] && unshare --net --mount true 2>/dev/null; } ||
  user=(--user --map-root-user)
# Linux puts a program's heap anywhere in the gigabyte behind it. For Wine 8 that includes 0x7ffe0000, which it needs
# itself: one start in some thousands ended with status 1, and without a word.
fixed=()
if [ "$kind" = native ] && setarch -R true 2>/dev/null; then
  fixed=(setarch -R)
fi
if ! unshare "${user[@]}" --net --mount true; then
  echo "No network namespace can be made here (unshare ${user[*]} --net --mount)." >&2
  echo "In a container, allow it: docker run --privileged, or --cap-add SYS_ADMIN." >&2
  exit 1
fi
# Wine's sockets belong to the network of its server, so that has to start inside.  A Windows program
# that waits for input keeps the server and Wine's services running until the end: started anew by
# each test they take seconds, and keep its output open for seconds more.
status=0
# shellcheck disable=SC2016 # expanded inside
"${fixed[@]}" unshare "${user[@]}" --net --mount "${enter[@]}" bash -c '
  wineserver -k 2>/dev/null
  ip link set lo up
  mount -t tmpfs -o mode=1777 tmpfs /dev/shm
  [ ! -d "$WINEPREFIX" ] || { coproc wine cmd 2>&1; wine cmd /c exit >/dev/null 2>&1 </dev/null; }
  "$@"
  status=$? # else bash becomes the command, and the coprocess loses its input
  wineserver -k 2>/dev/null
  exit $status
  ' bash "$@" || status=$?
exit "$status"
