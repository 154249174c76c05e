#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# user_drops.sh TEST TCPDROP HELPER SCHEMA: runs test_user_drops with a helper that has the file capability. Only root
# can give it that.
set -euo pipefail
readonly test=$1 tcpdrop=$2 helper=$3 schema=$4 user=12345
if [ "$(id -u)" != 0 ] || ! grep -q '^ *0 *0 *4294967295' /proc/self/uid_map; then
  echo "skipped: only root of the machine can give the helper its file capability"
  exit 77
fi
scratch=$(mktemp -d /tmp/user-drops.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"
cp "$tcpdrop" "$scratch/tcpdrop"
cp "$helper" "$scratch/settcpentry-host"
cp "$helper" "$scratch/without-capability"
if ! setcap cap_net_admin+ep "$scratch/settcpentry-host"; then
  echo "skipped: files in $scratch cannot have capabilities"
  exit 77
fi
"$test" "$scratch/tcpdrop" $user "$scratch/settcpentry-host" "$scratch/without-capability" "$schema"
