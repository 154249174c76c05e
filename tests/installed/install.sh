#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# install.sh PREFIX BUILD...: installs these builds together, and moves what was installed to PREFIX. What
# others build with must not know where it was first.
set -euo pipefail
prefix=$1
shift
rm -rf "$prefix" "$prefix-first"
for build; do
  cmake --install "$build" --prefix "$prefix-first"
done
mv "$prefix-first" "$prefix"
if grep -rF -e "$prefix-first" "$prefix"; then
  exit 1
fi
for file in include/settcpentry.h lib/cmake/settcpentry/settcpentry-config.cmake libexec/settcpentry-host \
  share/man/man1/tcpdrop.1 bin/settcpentry-wine; do
  [ -f "$prefix/$file" ] || { echo "$file is missing"; exit 1; }
done
