# shellcheck shell=bash disable=SC2154 # sourced by ./dev
# SPDX-License-Identifier: MIT
# What can be downloaded, in dist/: the same bytes for the same commit, wherever and whenever it is made.

source tools/package/linked.sh
source tools/package/deb.sh
source tools/package/sbom.sh

package_version() {
  sed -nE 's/.*SETTCPENTRY_VERSION_(MAJOR|MINOR|PATCH) ([0-9]+)$/\2/p' include/settcpentry.h | paste -sd .
}

# install_as PREFIX COMPONENT FOLDER PRESET...: what of these builds is installed to PREFIX, in FOLDER.
install_as() {
  local to=$1 component=$2 folder=$3 preset strip
  shift 3
  for preset; do
    strip=() # those for Windows are linked so
    [ "$preset" != linux ] || strip=(--strip)
    DESTDIR=$folder.root cmake --install "build/$preset" --prefix "$to" --component "$component" "${strip[@]}"
  done
  mkdir -p "$(dirname "$folder")"
  mv "$folder.root$to" "$folder"
  rm -r "$folder.root"
}

# Of a folder the files, with modes that do not depend on who made it, and one time for all. Programs for Windows are
# not executable here.
plain() { # FOLDER
  find "$1" -type d -exec chmod 755 {} +
  find "$1" -type f -perm /100 -exec chmod 755 {} +
  find "$1" -type f ! -perm /100 -exec chmod 644 {} +
  find "$1" -name '*.exe' -exec chmod 644 {} + -o -name '*.dll' -exec chmod 644 {} +
  find "$1" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
}

# made ARCHIVE FOLDER: writes down which programs the archive has, for the SBOM.
made() {
  (cd "$2" && programs_in . | xargs -r sha256sum | sed "s|^|$1 |") >>"$packing/contents"
}

# add_notices FOLDER PROGRAM: the copyright notices of what is linked into the programs whose names match.
add_notices() {
  local source copyright
  mkdir -p "$1"
  awk -v "program=$2" '$1 ~ program { print $5, $6 }' "$packing/linked" | while read -r source copyright; do
    cp "$copyright" "$1/$source.txt"
  done
}

pack_tar() { # FOLDER-NAME
  plain "$packing/$1"
  tar -C "$packing" --sort=name --owner=0 --group=0 --numeric-owner --format=gnu -c "$1" | xz -9e -T1 >"$dist/$1.tar.xz"
  made "$1.tar.xz" "$packing/$1"
}

# pack_zip ARCHIVE FOLDER FILE...: with these, and all that is in them, in this order.
pack_zip() {
  local archive=$1 folder=$2
  shift 2
  plain "$folder"
  (cd "$folder" && for file; do find "$file" -type f | LC_ALL=C sort; done | TZ=UTC zip -nw -Xq9 "$dist/$archive" -@)
  made "$archive" "$folder"
}

package_linux() {
  local name=settcpentry-$version-linux-x86_64 tree
  tree=$packing/$name
  install_as /usr/local Unspecified "$tree" linux "${windows[@]}"
  rm -r "$tree/include" "$tree/share/cmake"
  find "$tree/lib" -mindepth 1 -maxdepth 1 ! -name systemd -exec rm -r {} +
  cp tools/package/install.sh tools/package/uninstall.sh LICENSE "$tree"
  sed "s/@VERSION@/$version/" tools/package/README >"$tree/README"
  add_notices "$tree/share/doc/settcpentry/linked" .
  cp /usr/share/common-licenses/LGPL-2.1 "$tree/share/doc/settcpentry/linked/LGPL-2.1.txt"
  pack_tar "$name"
}

package_windows() {
  local name=settcpentry-$version-windows tree
  tree=$packing/windows/$name
  install_as /usr/local Unspecified "$tree" "${windows[@]}"
  install_as /usr/local Unspecified_mock "$packing/mock" "${windows[@]}"
  mv "$packing/mock/mock" "$tree"
  cp LICENSE README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md tests/on-windows.ps1 "$tree"
  cp -r docs examples "$tree"
  rm "$tree/examples/CMakeLists.txt" # which is a part of the source's
  find "$tree/docs" -type f ! -name '*.md' ! -name '*.svg' -delete
  add_notices "$tree/linked" /
  pack_zip "$name.zip" "$packing/windows" "$name"
}

# Made without nuget.exe: a zip file, whose parts [Content_Types].xml and _rels/.rels tell apart.
package_nuget() {
  local tree=$packing/nuget native=$packing/nuget/build/native pair arch
  mkdir -p "$native/include"
  cp -r tools/package/nuget/. "$tree"
  mv "$tree/settcpentry.targets" "$native"
  sed "s/@VERSION@/$version/" tools/package/nuget/settcpentry.nuspec >"$tree/settcpentry.nuspec"
  cp LICENSE "$tree"
  cp include/settcpentry.h "$native/include"
  for pair in Win32:x86 x64:amd64 ARM64:arm64; do
    arch=${pair#*:}
    mkdir -p "$native/lib/${pair%:*}"
    cp "stage/lib/$arch/"*.lib "stage/bin/$arch/"*.dll "$native/lib/${pair%:*}"
  done
  add_notices "$tree/linked" '^[^/]*/[^/]*[.]dll$'
  pack_zip "settcpentry.$version.nupkg" "$tree" '[Content_Types].xml' _rels settcpentry.nuspec LICENSE README.md build \
    linked
}

package_source() {
  local name=settcpentry-$version-source
  git -c tar.umask=0022 archive --format=tar --prefix="settcpentry-$version/" HEAD | xz -9e -T1 >"$dist/$name.tar.xz"
}

# package_all DIST: from what was built. An unpacked source has no history: there the source's archive is not made, nor
# the SBOM, which names it; both came with it.
package_all() {
  local dist=$1 packing version
  packing=$(mktemp -d)
  version=$(package_version)
  mkdir -p "$dist"
  linked_parts >"$packing/linked"
  package_linux
  package_windows
  package_debs
  package_nuget
  if [ -e .git ]; then
    package_source
    package_sbom
  fi
  (cd "$dist" && LC_ALL=C && sha256sum -- * >"$packing/SHA256SUMS" && mv "$packing/SHA256SUMS" .)
  rm -rf "$packing"
}

# The time of the commit, which all files have that were unpacked from its archive.
package_time() {
  if [ -e .git ]; then git log -1 --format=%ct; else stat -c %Y include/settcpentry.h; fi
}

cmd_package() { # make what can be downloaded, in dist/
  need "${build_packages[@]}" git jq zip
  [ ! -e .git ] || [ -z "$(git status --porcelain)" ] ||
    die "what was changed is not committed, and the source's archive would lack it"
  SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(package_time)}
  export SOURCE_DATE_EPOCH
  build_all
  rm -rf dist
  quietly package package_all "$root/dist"
  (cd dist && sha256sum -c SHA256SUMS && ls -l)
}
