# shellcheck shell=bash disable=SC2154 # sourced by ./dev
# SPDX-License-Identifier: MIT
# Building, with what Debian has no packages of; and the demo.

# A Debian package's source, unpacked in build/source; afresh, as it may be there in part.
fetch_source() { # PACKAGE
  rm -rf "build/source/$1"[-_]*
  mkdir -p build/source
  private_apt update
  (cd build/source && private_apt source "$1")
}

# Debian has no C runtime for Windows programs on arm64, but its source.
build_arm64_sysroot() {
  fetch_source mingw-w64
  cmake/arm64/sysroot.sh build/source/mingw-w64-*/ build/arm64-sysroot
  touch build/arm64-sysroot/ready
}

need_arm64_sysroot() {
  local ready=build/arm64-sysroot/ready
  [ ! $ready -nt cmake/arm64/sysroot.sh ] || [ ! $ready -nt cmake/arm64/chkstk.S ] || return 0
  say "Building mingw-w64's runtime for arm64 ..."
  quietly arm64-sysroot build_arm64_sysroot
}

# Debian has no cmocka for mingw, but its source. Linked statically, tests need no DLL beside them.
# Without thread-local storage, as Debian's Wine for arm64 loses the register that leads to it.
build_cmocka() {
  local arch source
  [ ! -f build/cmocka/ready ] || return 0
  rm -rf build/cmocka
  mkdir -p build/cmocka
  fetch_source cmocka
  source=$(echo build/source/cmocka-*/)
  for arch in "${windows[@]}"; do
    cmake -G Ninja -S "$source" -B "build/cmocka/build-$arch" -DCMAKE_BUILD_TYPE=Release \
      -DCMAKE_TOOLCHAIN_FILE="$PWD/cmake/mingw.cmake" -DSETTCPENTRY_ARCH="$arch" \
      -DCMAKE_INSTALL_PREFIX="$PWD/build/cmocka/$arch" -DWITH_STATIC_LIB=ON -DWITH_EXAMPLES=OFF \
      -DHAVE_GCC_THREAD_LOCAL_STORAGE=OFF -DHAVE_MSVC_THREAD_LOCAL_STORAGE=OFF
    cmake --build "build/cmocka/build-$arch" --target install
  done
  touch build/cmocka/ready
}

# With the tests once what they need is there.
build() { # PRESET...
  local preset testing=OFF
  [ ! -f build/cmocka/ready ] || testing=ON
  for preset; do
    quietly "configure-$preset" cmake --preset "$preset" -DBUILD_TESTING="$testing"
    quietly "build-$preset" cmake --build --preset "$preset"
  done
}

build_all() {
  need_arm64_sysroot
  build linux "${windows[@]}"
}

cmd_demo() { # show a real connection being closed, with and without this project
  local arch built reason status=0
  need "${demo_packages[@]}"
  build linux x86 amd64
  need_prefix native
  for arch in x86 amd64; do
    say "" "-- $arch"
    if [ "$arch" = x86 ] && ! reason=$(x86_runs_here); then
      say "skipped: $reason"
      continue
    fi
    built=build/$arch/examples
    mkdir -p "$built/drop_in"
    cp "$built/close_connection_system.exe" "stage/bin/$arch/iphlpapi.dll" "$built/drop_in"
    SETTCPENTRY_HOST=$root/stage/libexec/settcpentry-host tests/support/private_network.sh build/linux/tests/live/demo \
      "$built/close_connection_system.exe" "$built/close_connection.exe" \
      "$built/drop_in/close_connection_system.exe" "$built/close_connection_ipv6.exe" \
      "$built/close_connection_window.exe" || status=1
  done
  return "$status"
}

cmd_build() { # build everything into stage/
  need "${build_packages[@]}"
  build_all
  find stage -type f | sort
}

cmd_clean() { # remove everything that was built
  [ ! -d "$prefix" ] || WINEPREFIX=$prefix wineserver -k || true
  rm -rf build dist stage
}
