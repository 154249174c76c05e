# shellcheck shell=bash disable=SC2034,SC2154 # sourced by ./dev
# SPDX-License-Identifier: MIT
# The Wines that programs run on: this machine's, and others in build/KIND-wine, which tests/support/tree.sh enters.

# wine_of KIND: where it comes from, as Debian's release, architecture and packages
wine_of() {
  case $1 in
    x86) echo "$(own_release) i386 wine32" ;; # where 32-bit programs are emulated
    arm64) echo "$(own_release) arm64 wine64" ;;
    trixie) echo "trixie amd64 wine64" ;;
  esac
}

unpack() { # FOLDER PACKAGE...
  local folder=$1 package
  shift
  for package; do
    dpkg-deb -x "$package" "$folder"
  done
}

# Debian's packages with all that they need, in a folder.
fetch_wine() { # KIND
  local kind=$1 release arch packages tree=build/$1-wine
  read -r release arch packages < <(wine_of "$kind")
  rm -rf "$tree"
  foreign_apt "apt-$kind" "$release" "$arch" update
  foreign_apt "apt-$kind" "$release" "$arch" clean # or another version, fetched before, would be unpacked over it
  foreign_apt "apt-$kind" "$release" "$arch" install --download-only -y --no-install-recommends "$packages"
  unpack "$tree" "build/apt-$kind"/cache/archives/*.deb
  foreign_apt "apt-$kind" "$release" "$arch" clean
  mkdir -p "$tree/lib" # by now there may be nothing but links there
  [ "$kind" != x86 ] || complete_x86_wine "$tree"
  touch "$tree/ready"
}

# What the packages' scripts would make, and an emulator: this release's may be too old for it.
complete_x86_wine() { # TREE
  local builtin=$1/usr/lib/i386-linux-gnu/wine/i386-windows/zlib1.dll zlib=$1/usr/i686-w64-mingw32/lib/zlib1.dll
  # Wine takes for its own what says so behind the DOS header.
  { head -c 64 "$zlib" && printf 'Wine builtin DLL' && head -c 16 /dev/zero && tail -c +97 "$zlib"; } >"$builtin"
  foreign_apt apt-trixie trixie amd64 update
  rm -rf build/qemu
  mkdir -p build/qemu
  (cd build/qemu && foreign_apt apt-trixie trixie amd64 download qemu-user)
  unpack build/qemu build/qemu/*.deb
}

# Says why not, where this machine's own Wine runs no x86 programs.
x86_runs_here() {
  tests/support/runs32.sh || { echo "this machine runs no 32-bit programs"; return 1; }
  [ -z "$(missing_packages "$package32")" ] || { echo "$package32 is not installed"; return 1; }
}

# x86_kind: of the Wine for x86's programs
x86_kind() { if tests/support/runs32.sh; then echo native; else echo x86; fi; }

prefix_of() { # KIND
  case $1 in
    native) echo "$prefix" ;;
    *) echo "$prefix-$1" ;;
  esac
}

# wine_version KIND: or, where it does not run, why not, and status 1
wine_version() {
  local kind=$1 loader=/usr/lib/wine/wine64
  if [ "$kind" = native ]; then
    $loader --version
    return
  fi
  if [ ! -f "build/$kind-wine/ready" ]; then
    echo "it cannot be had: $(tail -n 1 "build/log/$kind-wine.log")"
    return 1
  fi
  [ "$kind" != x86 ] || loader=/usr/lib/wine/wine
  unshare --user --map-root-user --mount tests/support/tree.sh "$kind" $loader --version 2>&1
}

# A prefix that was made without 32-bit Wine stays without.
prefix_is_complete() { # KIND
  local at
  at=$(prefix_of "$1")
  [ -f "$at.ready" ] || return 1
  case $1 in
    native) ! x86_runs_here >/dev/null ;;
    x86) false ;;
    *) true ;;
  esac || [ -f "$at/drive_c/windows/syswow64/kernel32.dll" ]
}

make_prefix() { # KIND
  local at
  at=$(prefix_of "$1")
  rm -rf "$at" "$at.ready" "$at"-{drop-in,enabled}
  tests/support/private_network.sh "--$1" env WINEDLLOVERRIDES='mscoree,mshtml=' \
    sh -c 'wine wineboot -i && wineserver -w'
  touch "$at.ready"
}

# Made once, it takes 20 seconds, and longer under emulation.
need_prefix() { # KIND
  ! prefix_is_complete "$1" || return 0
  say "Making a Wine prefix ($1) ..."
  quietly "prefix-$1" make_prefix "$1"
}

# Not every machine can have it: wine_version tells.
need_wine() { # KIND
  if [ "$1" != native ] && [ ! -f "build/$1-wine/ready" ]; then
    say "Fetching another Wine ($1) ..."
    attempt "$1-wine" fetch_wine "$1"
  fi
  ! wine_version "$1" >/dev/null || need_prefix "$1"
}
