#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# sdk.sh ARCHITECTURE MINGW SDK: as much of MSVC's libraries and of the Windows SDK's as small programs
# need, in their formats and under their names, made of mingw-w64's in the folder MINGW. The real ones
# cannot be had here.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mingw=$(cd "$2" && pwd) sdk=$3
case $1 in
  x86) clang=i686 dlltool=i386 lib=x86 prefix=__imp__ ;;
  amd64) clang=x86_64 dlltool=i386:x86-64 lib=x64 prefix=__imp_ ;;
  arm64) clang=aarch64 dlltool=arm64 lib=arm64 prefix=__imp_ ;;
esac
rm -rf "$sdk"
mkdir -p "$sdk"
cd "$sdk"

ln -s "$(command -v clang)" clang-cl # by this name it takes cl's options

# What mingw-w64's library imports from that DLL; on x86 with the names' decorations.
import() { # DLL
  {
    printf 'LIBRARY "%s.dll"\nEXPORTS\n' "$1"
    llvm-nm --defined-only "$mingw/lib$1.a" 2>/dev/null | sed -nE "s/^.* [A-Z] $prefix([A-Za-z_0-9@]+)$/\\1/p" | sort -u
  } >"$1.def"
  llvm-dlltool -m "$dlltool" -k -d "$1.def" -l "$1.lib"
}
import kernel32
import ws2_32
import iphlpapi

# The C runtime is msvcrt.dll, and what a program begins with.
import msvcrt
clang --target="$clang-pc-windows-msvc" -O2 -D_MSVCR_VER=0 -isystem /usr/include/wine/wine/msvcrt \
  -isystem /usr/include/wine/wine/windows -c "$here/start.c" -o start.obj
llvm-lib /nologo "/machine:$lib" /out:msvcrt-whole.lib msvcrt.lib start.obj
mv msvcrt-whole.lib msvcrt.lib
llvm-ar rcs oldnames.lib # asked for, but nothing in it

# The helper for /DELAYLOAD has no exception handlers; @feat.00 says so, as link.exe asks on x86.
mapfile -t delayimp < <(llvm-ar t "$mingw/libmingwex.a" | grep -E 'delay(imp|-f|-n)')
llvm-ar x "$mingw/libmingwex.a" "${delayimp[@]}"
for object in "${delayimp[@]}"; do
  llvm-objcopy --strip-debug "$object"
  [ "$1" != x86 ] || i686-w64-mingw32-objcopy --add-symbol @feat.00=1 "$object"
done
llvm-lib /nologo "/machine:$lib" /out:delayimp.lib "${delayimp[@]}"
