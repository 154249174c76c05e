#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# unpack_zip.sh FOLDER: what somebody has in this folder who has downloaded the archive for Windows, and nothing else;
# without the notices of what is linked in, which take a while to find.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
folder=$1
readonly windows=(x86 amd64 arm64)
for arch in "${windows[@]}"; do
  [ -f "stage/bin/$arch/iphlp.dll" ] || { echo "skipped: not all architectures have been built"; exit 77; }
done
source tools/package.sh
dist=$(mktemp -d)
packing=$dist/packing version=$(package_version)
trap 'rm -rf "$dist"' EXIT
mkdir "$packing"
: >"$packing/linked"
export SOURCE_DATE_EPOCH=1700000000
package_windows >/dev/null
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
cmake -E tar xf "$dist/settcpentry-$version-windows.zip"
mv "settcpentry-$version-windows"/* .
"$OLDPWD/tests/installed/links.sh" .
