# shellcheck shell=bash disable=SC2154 # sourced by tools/package.sh
# SPDX-License-Identifier: MIT
# Debian's two packages: settcpentry for those who use it, settcpentry-dev for those who link their programs with it.
# The second takes the DLLs from the first, so that the program runs with the one that it was tried with, and there is
# one copy.

# What has changed last, as Debian writes it.
debian_changelog() {
  local maintainer
  maintainer=$(sed -n 's/^Maintainer: //p' tools/package/deb/settcpentry.control)
  printf 'settcpentry (%s) unstable; urgency=medium\n\n' "$version"
  awk '/^## / && entries { exit }
    /^- / { printf "%s%s", entries++ ? "\n" : "", $0 }
    /^  / { sub(/^  */, " "); printf "%s", $0 }
    END { print "" }' CHANGELOG.md | fold -sw 74 | sed 's/ *$//; /^- /!s/^/    /; s/^- /  * /'
  printf '\n -- %s  %s\n' "$maintainer" "$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")"
}

debian_copyright() {
  grep -m1 '^Format: ' /usr/share/doc/libcap-dev/copyright # the name of the format
  cat <<END
Upstream-Name: settcpentry
Comment: settcpentry-host, tcpdrop and the programs for Windows have parts of others in them, which
 are linked statically. Their notices are in /usr/share/doc/settcpentry/linked. The licence
 of two, the LGPL 2.1, is in /usr/share/common-licenses/LGPL-2.1.

Files: *
Copyright: $(sed -n 's/^Copyright (c) //p' LICENSE)
License: Expat
$(sed '1,/^Copyright/d' LICENSE | sed '/./,$!d; s/^$/./; s/^/ /')
END
}

# pack_deb PACKAGE TREE
pack_deb() {
  local package=$1 tree=$2 kilobytes
  mkdir -p "$tree/DEBIAN" "$tree/usr/share/lintian/overrides"
  cp "tools/package/deb/$package.lintian-overrides" "$tree/usr/share/lintian/overrides/$package"
  kilobytes=$(find "$tree/usr" -type f -printf '%s\n' | awk '{ sum += int(($1 + 1023) / 1024) } END { print sum }')
  sed "s/@VERSION@/$version/; s/@SIZE@/$kilobytes/" "tools/package/deb/$package.control" >"$tree/DEBIAN/control"
  (cd "$tree" && find usr -type f | LC_ALL=C sort | xargs md5sum) >"$tree/DEBIAN/md5sums"
  plain "$tree"
  dpkg-deb --root-owner-group -Zxz --build "$tree" "$dist" >/dev/null
  made "${package}_${version}_$(sed -n 's/^Architecture: //p' "$tree/DEBIAN/control").deb" "$tree/usr"
}

# dev_part TREE DEV: moves there what only builds need.
dev_part() {
  local arch from to
  mkdir -p "$2/usr/share/doc"
  mv "$1/usr/include" "$2/usr"
  mv "$1/usr/share/cmake" "$2/usr/share"
  for arch in "${windows[@]}"; do
    from=$1/usr/lib/settcpentry/$arch to=$2/usr/lib/settcpentry/$arch
    mkdir -p "$to"
    mv "$from"/*.a "$from"/*.lib "$from"/*.def "$from/pkgconfig" "$to"
  done
  ln -s settcpentry "$2/usr/share/doc/settcpentry-dev"
}

package_debs() {
  local tree=$packing/deb dev=$packing/deb-dev doc=$packing/deb/usr/share/doc/settcpentry
  install_as /usr Unspecified "$tree/usr" linux
  install_as /usr debian "$packing/deb-windows" "${windows[@]}"
  cp -r "$packing/deb-windows/." "$tree/usr"
  dev_part "$tree" "$dev"
  install_as /usr debian_mock "$packing/deb-mock" "${windows[@]}"
  cp -r "$packing/deb-mock/." "$dev/usr"
  rm "$doc/LICENSE"
  debian_copyright >"$doc/copyright"
  add_notices "$doc/linked" .
  debian_changelog >"$doc/changelog"
  find "$tree/usr/share/man" "$doc/changelog" -type f -exec gzip -9n {} +
  mkdir "$tree/DEBIAN"
  cp tools/package/deb/postinst "$tree/DEBIAN"
  pack_deb settcpentry "$tree"
  pack_deb settcpentry-dev "$dev"
}
