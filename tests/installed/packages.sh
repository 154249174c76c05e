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
(umask 077; TZ=Pacific/Kiritimati package_all "$work/first") >/dev/null
(umask 002; TMPDIR=/dev/shm package_all "$work/second") >/dev/null
diff <(cd "$work/first" && sha256sum -- *) <(cd "$work/second" && sha256sum -- *)
version=$(package_version)
made=("settcpentry-$version-linux-x86_64.tar.xz" "settcpentry-$version-windows.zip" "settcpentry.$version.nupkg"
  "settcpentry_${version}_amd64.deb" "settcpentry-dev_${version}_all.deb" SHA256SUMS)
[ ! -e .git ] || made+=("settcpentry-$version-source.tar.xz" "settcpentry-$version.spdx.json")
diff <(printf '%s\n' "${made[@]}" | sort) <(find "$work/first" -type f -printf '%f\n' | sort)
(cd "$work/first" && sha256sum --quiet -c SHA256SUMS)
[ "$(wc -l <"$work/first/SHA256SUMS")" = "$((${#made[@]} - 1))" ] || fail "SHA256SUMS does not name them all"
echo "ok: packages made twice are the same"

tests/installed/packages_deb.sh "$work/first"
tests/installed/packages_nuget.sh "$work/first"
[ ! -e .git ] || tests/installed/packages_sbom.sh "$work/first"

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
if [ "$(stat -c %u /)" != 0 ]; then
  echo "skipped: install.sh wants folders that are root's, and in an ordinary user's namespace / is not"
  exit
fi
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
[ "$(stat -c '%G %a' "$helper")" = "root 750" ] || fail "no more for the group alone"
"$work/disk/p/share/settcpentry/uninstall.sh" >/dev/null
install || fail "$(cat "$work/output")"
[ -z "$(find "$work/disk/p" ! -perm -004)" ] || fail "not for everybody: $(find "$work/disk/p" ! -perm -004)"
diff <(cd "$work/disk/p" && find . -type f -perm /111 | sort) - <<END
./bin/settcpentry-wine
./bin/tcpdrop
./libexec/settcpentry-host
./share/settcpentry/uninstall.sh
END
for command in settcpentry-host settcpentry-wine tcpdrop; do
  [ -f "$work/disk/p/share/bash-completion/completions/$command" ] || fail "no completion for $command"
done
closes_with=$(env -u SETTCPENTRY_HOST "$work/disk/p/bin/tcpdrop" --version)
[[ $closes_with == *", settcpentry-host $helper" ]] || fail "it is $closes_with"
grep -Eqx "ExecStart=$helper --serve( .*)?" "$work/disk/p/lib/systemd/user/settcpentry-host.service" ||
  fail "the unit names another helper"
echo "ok: it is installed, and installed again"

# Another version, with another file in place of one.
mkdir "$unpacked/share/doc/settcpentry/new"
mv "$unpacked/share/doc/settcpentry/LICENSE" "$unpacked/share/doc/settcpentry/new"
touch "$work/disk/p/bin/amd64/of-the-user"
install || fail "$(cat "$work/output")"
[ ! -e "$work/disk/p/share/doc/settcpentry/LICENSE" ] || fail "a file of the old version stays"
[ -f "$work/disk/p/share/doc/settcpentry/new/LICENSE" ] || fail "a file of the new version is not there"
"$work/disk/p/share/settcpentry/uninstall.sh"
[ "$(cd "$work/disk/p" && find . -type f)" = ./bin/amd64/of-the-user ] || fail "there is $(find "$work/disk/p")"
rm -r "$work/disk/p"
echo "ok: a version takes the other's place, and what is the user's stays"

mkdir -p "$work/disk/p/bin" "$work/disk/kept"
touch "$work/disk/p/bin/tcpdrop"
! install || fail "installed over another's file"
grep -q "not from here: $work/disk/p/bin/tcpdrop\$" "$work/output" || fail "it says: $(cat "$work/output")"
[ "$(find "$work/disk/p" -type f)" = "$work/disk/p/bin/tcpdrop" ] || fail "there is $(find "$work/disk/p")"
rm -r "$work/disk/p"
ln -s kept "$work/disk/link"
"$unpacked/install.sh" --prefix "$work/disk/link" >/dev/null
"$work/disk/link/share/settcpentry/uninstall.sh" >/dev/null
[ "$(ls -A "$work/disk/kept")" = "" ] || fail "left behind: $(find "$work/disk/kept")"
echo "ok: another's files are left alone, and so is a folder that was there, also by a link"
