#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# without_inotify.sh COMMAND...: runs it where no inotify instance can be had, as for the user of a busy desktop
set -euo pipefail
if ! unshare --user --map-root-user --net true; then
  echo "skipped: no user namespace can be made here"
  exit 77
fi
# shellcheck disable=SC2016 # expanded inside
WITHOUT_INOTIFY=1 exec unshare --user --map-root-user --net bash -c '
  echo 0 >/proc/sys/user/max_inotify_instances
  ip link set lo up
  exec "$@"' bash "$@"
