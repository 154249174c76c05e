#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# reproducible.sh: builds all once more, from a copy in another folder, at another time, by a user with other
# habits; and compares it with stage/, byte for byte.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
stage=$PWD/stage
copy=$(mktemp -d)/another/place
trap 'rm -rf "${copy%/another/place}"' EXIT
mkdir -p "$copy/build/source"
tar -c --exclude ./build --exclude ./stage --exclude ./.git . | tar -xC "$copy"
cp -r build/source/mingw-w64-*/ "$copy/build/source"
cd "$copy"

umask 077
export TZ=Pacific/Kiritimati LC_ALL=C HOME=$copy
unset SOURCE_DATE_EPOCH
cmake/arm64/sysroot.sh build/source/mingw-w64-*/ build/arm64-sysroot
for preset in linux x86 amd64 arm64; do
  cmake --preset "$preset" -DBUILD_TESTING=OFF
  cmake --build --preset "$preset"
done

sums() { (cd "$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum); }
sums "$stage" >build/theirs
sums stage >build/ours
diff build/theirs build/ours
grep -cE '/bin/arm64/iphlpapi.dll$' build/ours >/dev/null
echo "The same $(wc -l <build/ours) files."
