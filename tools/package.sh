# shellcheck shell=bash disable=SC2154 # sourced by ./dev
# SPDX-License-Identifier: MIT
# What can be downloaded, in dist/: the same bytes for the same commit, wherever and whenever it is made.

package_version() {
  sed -nE 's/.*SETTCPENTRY_VERSION_(MAJOR|MINOR|PATCH) ([0-9]+)$/\2/p' include/settcpentry.h | paste -sd .
}

# All that is installed to /usr/local, in a new folder.
install_into() { # FOLDER PRESET...
  local folder=$1 preset
  shift
  for preset; do
    DESTDIR=$folder.root cmake --install "build/$preset" --prefix /usr/local --component Unspecified
  done
  mkdir -p "$(dirname "$folder")"
  mv "$folder.root/usr/local" "$folder"
  rm -r "$folder.root"
}

# Of a folder the files, with modes that do not depend on who made it, and one time for all.
plain() { # FOLDER
  find "$1" -type d -exec chmod 755 {} +
  find "$1" -type f -perm /100 -exec chmod 755 {} +
  find "$1" -type f ! -perm /100 -exec chmod 644 {} +
  find "$1" -name '*.exe' -exec chmod 644 {} + -o -name '*.dll' -exec chmod 644 {} +
  find "$1" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
}

pack_tar() { # FOLDER-NAME
  plain "$packing/$1"
  tar -C "$packing" --sort=name --owner=0 --group=0 --numeric-owner --format=gnu -c "$1" | xz -9e -T1 >"$dist/$1.tar.xz"
}

package_linux() {
  local name=settcpentry-$version-linux-x86_64
  install_into "$packing/$name" linux "${windows[@]}"
  rm -r "$packing/$name/include" "$packing/$name/share/cmake"
  find "$packing/$name/lib" -mindepth 1 -maxdepth 1 ! -name systemd -exec rm -r {} +
  cp tools/package/install.sh tools/package/uninstall.sh LICENSE "$packing/$name"
  ln -s share/doc/settcpentry/README.md "$packing/$name/README.md"
  pack_tar "$name"
}

package_windows() {
  local name=settcpentry-$version-windows
  install_into "$packing/$name" "${windows[@]}"
  mkdir "$packing/$name/docs"
  cp LICENSE README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md "$packing/$name"
  cp docs/*.md docs/*.svg "$packing/$name/docs"
  cp -r examples "$packing/$name"
  plain "$packing/$name"
  (cd "$packing" && find "$name" -type f | LC_ALL=C sort | TZ=UTC zip -Xq9 "$dist/$name.zip" -@)
}

# Programs for Windows are no programs of this system: not in its path, and not executable.
package_deb() {
  local tree=$packing/deb kilobytes
  install_into "$tree/usr" linux "${windows[@]}"
  rm -r "$tree/usr/include" "$tree/usr/share/cmake"
  find "$tree/usr/lib" -mindepth 1 -maxdepth 1 ! -name systemd -exec rm -r {} +
  mkdir "$tree/usr/lib/settcpentry"
  mv "$tree"/usr/bin/{x86,amd64,arm64} "$tree/usr/lib/settcpentry"
  sed -i 's|^ExecStart=.* --serve|ExecStart=/usr/libexec/settcpentry-host --serve|' \
    "$tree/usr/lib/systemd/user/settcpentry-host.service"
  mv "$tree/usr/share/doc/settcpentry/LICENSE" "$tree/usr/share/doc/settcpentry/copyright"
  cp "$tree/usr/share/doc/settcpentry/CHANGELOG.md" "$tree/usr/share/doc/settcpentry/changelog"
  find "$tree/usr/share/man" "$tree/usr/share/doc/settcpentry/changelog" -type f -exec gzip -9n {} +
  mkdir "$tree/DEBIAN"
  kilobytes=$(find "$tree/usr" -type f -printf '%s\n' | awk '{ sum += int(($1 + 1023) / 1024) } END { print sum }')
  sed "s/@VERSION@/$version/; s/@SIZE@/$kilobytes/" tools/package/deb/control.in >"$tree/DEBIAN/control"
  cp tools/package/deb/postinst "$tree/DEBIAN"
  plain "$tree"
  dpkg-deb --root-owner-group -Zxz --build "$tree" "$dist" >/dev/null
}

# package_binaries DIST: from what was built, all but the source.
package_binaries() {
  local packing version
  dist=$1
  packing=$(mktemp -d)
  version=$(package_version)
  mkdir -p "$dist"
  package_linux
  package_windows
  package_deb
  rm -rf "$packing"
}

package_all() {
  rm -rf dist
  package_binaries "$root/dist"
  git -c tar.umask=0022 archive --format=tar --prefix="settcpentry-$(package_version)/" HEAD | xz -9e -T1 \
    >"dist/settcpentry-$(package_version)-source.tar.xz"
  (cd dist && LC_ALL=C && sha256sum -- * >../build/SHA256SUMS && mv ../build/SHA256SUMS .)
}

cmd_package() { # make what can be downloaded, in dist/
  need "${build_packages[@]}" git zip
  [ -z "$(git status --porcelain)" ] || die "what was changed is not committed, and the source's archive would lack it"
  SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
  export SOURCE_DATE_EPOCH
  build_all
  quietly package package_all
  (cd dist && sha256sum -c SHA256SUMS && ls -l)
}
