#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# install.sh SOURCE PREFIX BUILD...: installs these builds together, and moves what was installed to PREFIX. It
# must know neither where it was first nor where it was built.
set -euo pipefail
source=$1 prefix=$2
shift 2
rm -rf "$prefix" "$prefix-first"
for build; do
  cmake --install "$build" --prefix "$prefix-first" --component Unspecified
done
mv "$prefix-first" "$prefix"
if grep -rF -e "$source" -e build/ --exclude '*.md' --exclude settcpentry-host.service "$prefix"; then
  exit 1
fi
# The unit cannot move with it, and names where it was installed.
grep -qx "ExecStart=$prefix-first/libexec/settcpentry-host --serve" \
  "$prefix/lib/systemd/user/settcpentry-host.service"
for file in include/settcpentry/settcpentry.h share/cmake/settcpentry/settcpentry-config.cmake \
  libexec/settcpentry-host share/man/man1/settcpentry.1 share/man/man1/settcpentry-wine.1 share/man/man1/tcpdrop.1 \
  share/man/man8/settcpentry-host.8 bin/settcpentry-wine bin/tcpdrop share/bash-completion/completions/tcpdrop; do
  [ -f "$prefix/$file" ] || { echo "$file is missing"; exit 1; }
done
[ ! -e "$prefix/mock" ] || { echo "the mock is installed"; exit 1; }
"$(dirname "$0")/links.sh" "$prefix/share/doc"
