#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tree.sh KIND COMMAND...: runs it where `wine` is that of build/KIND-wine (tools/wines.sh), emulated by qemu
# if it is of another architecture. Only in a mount namespace of its own, for arm64 and x86 in a user
# namespace, too, as private_network.sh --KIND makes them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$here/../../build
kind=$1
tree=$(cd "$build/$kind-wine" && pwd)
shift

die() { echo "$*" >&2; exit 1; }

# emulate NAME EMULATOR CLASS MACHINE: ELF files of that class and machine are opened by it, whatever their
# system's name says; NAME is what a Debian package calls it, if it is installed.
emulate() {
  local name=$1 emulator=$2 binfmt=/proc/sys/fs/binfmt_misc
  local magic="\\x7fELF\\x$3\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x$4\\x00"
  local mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
  [ -x "$emulator" ] || die "$emulator is missing"
  export SETTCPENTRY_EMULATED=1 # for tests that take long
  if mount -t binfmt_misc none "$binfmt" 2>/dev/null; then
    printf '%s' ":settcpentry:M::$magic:$mask:$emulator:F" >"$binfmt/register"
  elif ! grep -q '^enabled' "$binfmt/$name" 2>/dev/null; then
    die "binfmt_misc cannot be mounted in a user namespace (Linux 6.7 allows it), and there is no $binfmt/$name"
  fi
}

case $kind in
  arm64) emulate qemu-aarch64 /usr/bin/qemu-aarch64-static 02 b7 ;;
  # 64-bit programs and Wine's server are this machine's own.
  x86) emulate qemu-i386 "$(realpath "$build/qemu/usr/bin/qemu-i386")" 01 03 ;;
esac

# Its libraries beside this machine's, and instead of those of the same name.
mount -t overlay -o "lowerdir=$tree/lib:$tree/usr/lib:/usr/lib" none /usr/lib 2>/dev/null ||
  die "nothing can be laid over /usr/lib in a user namespace (overlayfs)"
mount --bind "$tree/usr/share/wine" /usr/share/wine
PATH=$here/wine64:$PATH exec "$@"
