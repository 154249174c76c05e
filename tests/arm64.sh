#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# arm64.sh COMMAND...: runs it where `wine` is that of arm64, in build/arm64-wine, emulated by qemu. Only
# in a user and a mount namespace of its own, as private_network.sh --arm64 makes them.
set -euo pipefail
tree=$(cd "$(dirname "${BASH_SOURCE[0]}")/../build/arm64-wine" && pwd)
qemu=/usr/bin/qemu-aarch64-static
binfmt=/proc/sys/fs/binfmt_misc

die() { echo "$*" >&2; exit 1; }

# An ELF file for 64-bit ARM, whatever its system's name says, is opened by qemu.
magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
[ -x "$qemu" ] || die "$qemu is missing"
if mount -t binfmt_misc none "$binfmt" 2>/dev/null; then
  printf '%s' ":settcpentry:M::$magic:$mask:$qemu:F" >"$binfmt/register"
elif ! grep -q '^enabled' "$binfmt/qemu-aarch64" 2>/dev/null; then
  die "binfmt_misc cannot be mounted in a user namespace (Linux 6.7 allows it), and there is no $binfmt/qemu-aarch64"
fi

# Its libraries beside this machine's, its Wine instead.
mount -t overlay -o "lowerdir=$tree/lib:$tree/usr/lib:/usr/lib" none /usr/lib 2>/dev/null ||
  die "nothing can be laid over /usr/lib in a user namespace (overlayfs)"
mount --bind "$tree/usr/lib/wine" /usr/lib/wine
exec "$@"
