#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# sysroot.sh SOURCE SYSROOT: mingw-w64's C runtime and import libraries for arm64, from the unpacked
# SOURCE of Debian's package mingw-w64; for clang and lld, as Debian has no GCC for that. A minute.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source=$(cd "$1" && pwd) sysroot=$2
triplet=aarch64-w64-mingw32
headers=/usr/share/mingw-w64/include # mingw-w64-common's, the same for all architectures

rm -rf "$sysroot" "$sysroot.build"
mkdir -p "$sysroot/$triplet" "$sysroot.build"
sysroot=$(cd "$sysroot" && pwd)
ln -s "$headers" "$sysroot/$triplet/include"

cd "$sysroot.build"
# Without debug information and this machine's paths, it is the same wherever it is built.
"$source/mingw-w64-crt/configure" --host=$triplet --prefix="$sysroot" --with-default-msvcrt=msvcrt \
  --disable-lib32 --disable-lib64 --disable-libarm32 --enable-libarm64 \
  CC="clang --target=$triplet" AS="clang --target=$triplet" \
  AR=llvm-ar RANLIB=llvm-ranlib DLLTOOL=llvm-dlltool \
  CPPFLAGS="-isystem $headers" CFLAGS="-O2 -ffile-prefix-map=$source=. -Wno-unused-command-line-argument"
make -j"$(nproc)"
make install

# What else clang expects to find is GCC's; it needs one function of that.
clang --target=$triplet -c "$here/chkstk.S" -o chkstk.o
llvm-ar rcs "$sysroot/lib/libgcc.a" chkstk.o
llvm-ar rcs "$sysroot/lib/libgcc_eh.a"
llvm-ar rcs "$sysroot/lib/libgcc_s.a"
rm -rf "$sysroot.build"
