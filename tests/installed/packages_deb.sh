#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# packages_deb.sh DIST: Debian's packages there: what is in them, what lintian says, what their programs do without
# Wine; and programs are linked with what they install.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
dist=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; exit 1; }

for deb in "$dist"/*.deb; do
  package=$(dpkg-deb -f "$deb" Package)
  mkdir "$work/$package"
  dpkg-deb -x "$deb" "$work/root"
  dpkg-deb -x "$deb" "$work/$package"
  dpkg-deb -e "$deb" "$work/$package/DEBIAN"
  (cd "$work/$package" && md5sum --quiet -c DEBIAN/md5sums)
  [ "$(wc -l <"$work/$package/DEBIAN/md5sums")" = "$(find "$work/$package/usr" -type f | wc -l)" ] ||
    fail "not all md5sums of $package"
done
both=$(cd "$work" && cat settcpentry/DEBIAN/md5sums settcpentry-dev/DEBIAN/md5sums | cut -c35- | sort | uniq -d)
[ -z "$both" ] || fail "in both packages: $both"

cd "$work/settcpentry/usr"
for file in libexec/settcpentry-host bin/settcpentry-wine bin/tcpdrop lib/settcpentry/{x86,amd64,arm64}/iphlpapi.dll \
  lib/settcpentry/x86/settcpentry.exe share/man/man1/{settcpentry,settcpentry-wine,tcpdrop}.1.gz \
  share/man/man8/settcpentry-host.8.gz share/doc/settcpentry/copyright share/doc/settcpentry/linked/glibc.txt \
  share/bash-completion/completions/{tcpdrop,settcpentry-wine,settcpentry-host}; do
  [ -f "$file" ] || fail "$file is not in the .deb"
done
diff <(find . -type f -perm /111 | sort) <(printf './%s\n' bin/settcpentry-wine bin/tcpdrop libexec/settcpentry-host)
grep -Eqx 'ExecStart=/usr/libexec/settcpentry-host --serve( .*)?' lib/systemd/user/settcpentry-host.service ||
  fail "the unit names another helper"
cd - >/dev/null
[ -z "$(find "$work/settcpentry" -path '*/mock/*')" ] || fail "the mock is in the .deb"
for arch in x86 amd64 arm64; do
  for dll in iphlp iphlpapi; do
    [ -f "$work/settcpentry-dev/usr/share/settcpentry/mock/$arch/$dll.dll" ] || fail "the mock is not in the -dev .deb"
  done
done
tests/installed/links.sh "$work/settcpentry/usr/share/doc"
echo "ok: the .debs have what they should"

# The script that gives the capability, with setcap's name but not its might.
cat >"$work/setcap" <<'END'
#!/bin/sh
echo "setcap $*"
exit "$STATUS"
END
chmod 755 "$work/setcap"
configured() { STATUS=$1 PATH=$work:$PATH "$work/settcpentry/DEBIAN/postinst" "${@:2}" 2>&1; }
[ "$(configured 0 configure '')" = "setcap cap_net_admin+ep /usr/libexec/settcpentry-host" ] || fail "no capability"
configured 1 configure '' | grep -q 'gets no capability here' || fail "it does not say that there is no capability"
[ -z "$(configured 0 abort-remove)" ] || fail "a capability at the wrong time"
echo "ok: it is configured where the file system can hold a capability, and where it cannot"

if command -v lintian >/dev/null; then
  lintian --fail-on error,warning --tag-display-limit 0 "$dist"/*.deb >"$work/output" 2>&1 ||
    fail "$(cat "$work/output")"
  echo "ok: lintian has no complaints"
else
  echo "skipped: lintian is not installed"
fi

export WARNINGS='-Wall -Wextra -Wconversion -Werror'
for arch in x86 amd64 arm64; do
  tests/installed/build.sh tests/consumer "$work/$arch" -DCMAKE_TOOLCHAIN_FILE="$PWD/cmake/mingw.cmake" \
    -DSETTCPENTRY_ARCH="$arch" -DCMAKE_PREFIX_PATH="$work/root/usr" >"$work/output" 2>&1 || fail "$(cat "$work/output")"
  cmp "$work/$arch/iphlp.dll" "$work/root/usr/lib/settcpentry/$arch/iphlp.dll"
done
for pair in x86:i686 amd64:x86_64; do
  (mkdir "$work/make" && cd "$work/make" && PKG_CONFIG_PATH=$work/root/usr/lib/settcpentry/${pair%:*}/pkgconfig \
    make -f "$OLDPWD/tests/consumer/Makefile" VPATH="$OLDPWD/tests/consumer" CC="${pair#*:}-w64-mingw32-gcc") \
    >"$work/output" 2>&1 || fail "$(cat "$work/output")"
  cmp "$work/make/iphlpapi.dll" "$work/root/usr/lib/settcpentry/${pair%:*}/iphlpapi.dll"
  rm -r "$work/make"
done
echo "ok: programs are linked with what settcpentry-dev installs, by CMake and by pkg-config"
