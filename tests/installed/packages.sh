#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# packages.sh: what ./dev package makes of what was built: the same bytes each time; and what its
# installer does, in a file system of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly root=$PWD windows=(x86 amd64 arm64)
work=$(mktemp -d)
trap 'umount "$work/disk" 2>/dev/null || true; rm -rf "$work"' EXIT
source tools/package.sh
export SOURCE_DATE_EPOCH=1700000000

fail() { echo "FAILED: $*"; exit 1; }
(umask 077; TZ=Pacific/Kiritimati package_binaries "$work/first") >/dev/null
(umask 002; TMPDIR=/dev/shm package_binaries "$work/second") >/dev/null
diff <(cd "$work/first" && sha256sum -- *) <(cd "$work/second" && sha256sum -- *)
[ "$(find "$work/first" -type f | wc -l)" = 3 ] || fail "not all packages were made"
echo "ok: packages made twice are the same"

dpkg-deb -c "$work/first/"*.deb >"$work/deb"
for file in usr/libexec/settcpentry-host usr/bin/settcpentry-wine usr/lib/settcpentry/amd64/iphlpapi.dll \
  usr/lib/settcpentry/x86/settcpentry.exe usr/share/man/man1/settcpentry.1.gz usr/share/doc/settcpentry/copyright; do
  grep -q " \./$file\$" "$work/deb" || fail "$file is not in the .deb"
done
! grep -E '^-..x.*\.(exe|dll)$' "$work/deb" || fail "programs for Windows are executable"
echo "ok: the .deb has what it should"

# As a careful user unpacks it.
(umask 077; tar -C "$work" --no-same-permissions -xf "$work/first/"*-linux-x86_64.tar.xz)
unpacked=$(echo "$work"/settcpentry-*-linux-x86_64)
"$root/tests/installed/links.sh" "$unpacked/share/doc"
install() { "$unpacked/install.sh" --prefix "$work/disk/p" "$@" >"$work/output" 2>&1; }
refused() { # WHY ARGUMENT...
  ! install "${@:2}" || fail "installed: $1"
  grep -q "$1" "$work/output" || fail "it says: $(cat "$work/output")"
  [ ! -e "$work/disk/p" ] || fail "left behind: $(find "$work/disk/p")"
}
mkdir "$work/disk"
mount -t ramfs ramfs "$work/disk"
refused "cannot hold capabilities"
umount "$work/disk"
mount -t tmpfs -o nosuid tmpfs "$work/disk"
refused "mounted nosuid"
mount -o remount,suid "$work/disk"
refused "wants a group" --group ''
chmod 777 "$work/disk"
refused "written by others"
chmod 755 "$work/disk"
refused "no group nobody-has-this" --group nobody-has-this
echo "ok: where a capability is of no use, nothing is installed"
install --group root || fail "$(cat "$work/output")"
helper=$work/disk/p/libexec/settcpentry-host
[ "$(getcap "$helper")" = "$helper cap_net_admin=ep" ] || fail "no capability: $(getcap "$helper")"
[ "$(stat -c '%G %a' "$helper")" = "root 750" ] || fail "not for the group alone"
install || fail "$(cat "$work/output")"
[ -z "$(find "$work/disk/p" ! -perm -004)" ] || fail "not for everybody: $(find "$work/disk/p" ! -perm -004)"
grep -qx "ExecStart=$helper --serve %t/settcpentry" "$work/disk/p/lib/systemd/user/settcpentry-host.service" ||
  fail "the unit names another helper"
echo "ok: it is installed, and installed again"
"$work/disk/p/share/settcpentry/uninstall.sh"
[ ! -e "$work/disk/p" ] || fail "left behind: $(find "$work/disk/p")"
echo "ok: and removed"
