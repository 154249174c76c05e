#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# reproducible.sh: builds all that was built once more, from a copy of the source, in folders that lie
# differently, at another time, by a user with other habits; installs both; and compares every file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly presets=(linux x86 amd64 arm64) first=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
host_path=$(sed -n 's/^SETTCPENTRY_HOST_PATH:STRING=//p' build/amd64/CMakeCache.txt)

# All files in it, with sums of what is in them.
sums() { (cd "$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum); }

for preset in "${presets[@]}"; do
  DESTDIR=$work/first cmake --install "build/$preset" --prefix /usr/local --component Unspecified
done

copy=$work/source/of/another
mkdir -p "$copy/build/source"
tar -c --exclude ./build --exclude ./dist --exclude ./stage --exclude ./.git . | tar -xC "$copy"
cp -r build/source/mingw-w64-*/ "$copy/build/source"
cd "$copy"
umask 077
export TZ=Pacific/Kiritimati LC_ALL=C HOME=$work
cmake/arm64/sysroot.sh build/source/mingw-w64-*/ build/arm64-sysroot
for preset in "${presets[@]}"; do
  cmake --preset "$preset" -B "$work/b/$preset" -DBUILD_TESTING=OFF -DSETTCPENTRY_STAGE="$work/a stage" \
    -DSETTCPENTRY_HOST_PATH="$host_path"
  cmake --build "$work/b/$preset"
  DESTDIR=$work/second cmake --install "$work/b/$preset" --prefix /usr/local --component Unspecified
done

diff <(sums "$first/stage") <(sums "$work/a stage")
diff <(sums "$work/first") <(sums "$work/second")
sums "$work/second" | grep -E '/bin/arm64/iphlpapi.dll$' # it was all there
echo "The same $(sums "$first/stage" | wc -l) files in stage/, and $(sums "$work/second" | wc -l) installed."
