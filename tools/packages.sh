# shellcheck shell=bash disable=SC2034,SC2154 # sourced by ./dev
# SPDX-License-Identifier: MIT
# Debian's packages: those that this machine has to have, and those that are only unpacked in build/.

# To build and run; to build for arm64, too; to test besides; to check besides.
readonly demo_packages=(cmake ninja-build gcc libc6-dev linux-libc-dev libcap-dev libseccomp-dev llvm lld
  gcc-mingw-w64-i686-win32 gcc-mingw-w64-x86-64-win32 libwine-dev wine wine64 iproute2 util-linux)
readonly build_packages=("${demo_packages[@]}" clang make dpkg-dev ca-certificates)
readonly test_packages=("${build_packages[@]}" libcmocka-dev qemu-user-static
  g++-mingw-w64-i686-win32 g++-mingw-w64-x86-64-win32 pkgconf git jq python3-jsonschema libxml2-utils lintian zip
  libcap2-bin procps bubblewrap strace gcovr bash-completion doxygen reuse xsltproc
  libclang-rt-dev clang-format clang-tidy cppcheck shellcheck)
# Only where 32-bit programs run. Elsewhere it would break 64-bit Wine, too.
readonly package32=wine32:i386

missing_packages() {
  local package
  for package; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || printf '%s\n' "$package"
  done
}

own_release() { (. /etc/os-release && printf %s "$VERSION_CODENAME"); }

# "SUITE URI OPTIONS" for every source that apt has.
apt_sources() {
  { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true; } |
    sed -nE 's/^deb +(\[[^]]*\] +)?([^ ]+) +([^ ]+) +(.*)$/\3 \2 \1/p'
  { cat /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } | awk -v RS= '{
      uri = suites = key = ""
      n = split($0, line, "\n")
      for (i = 1; i <= n; i++) {
        if (line[i] ~ /^URIs:/) { sub(/^URIs: */, "", line[i]); uri = line[i] }
        if (line[i] ~ /^Suites:/) { sub(/^Suites: */, "", line[i]); suites = line[i] }
        if (line[i] ~ /^Signed-By: *\//) { sub(/^Signed-By: */, "", line[i]); key = "[signed-by=" line[i] "]" }
      }
      m = split(suites, suite, " ")
      for (i = 1; i <= m; i++) print suite[i], uri, key
    }'
}

# Those for this release, or for another, without the security archive: its i386 index is at times out of
# step with amd64's, and then 32-bit Wine cannot be installed.
debian_sources() { # [RELEASE]
  local own suite uri options
  own=$(own_release)
  apt_sources | while read -r suite uri options; do
    case $suite in
      "$own") suite=${1:-$own} ;;
      "$own-updates") [ "${1:-$own}" = "$own" ] || continue ;;
      *) continue ;;
    esac
    printf 'deb %s %s %s main\ndeb-src %s %s %s main\n' "$options" "$uri" "$suite" "$options" "$uri" "$suite"
  done
}

# apt_in FOLDER RELEASE ARGUMENT...: apt-get with these sources alone, and with lists of its own in
# build/FOLDER; needs no root to fetch things.
apt_in() {
  local apt=$root/build/$1 release=$2
  shift 2
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
  debian_sources "$release" >"$apt/sources.list"
  grep -q . "$apt/sources.list" || die "no Debian sources found in /etc/apt"
  [ "$(id -u)" != 0 ] || chmod 755 "$root/build" "$apt" "$apt/lists" "$apt/cache"
  apt-get -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt/cache" -o APT::Sandbox::User=root "$@"
}

private_apt() {
  apt_in apt "$(own_release)" "$@"
}

# As if nothing were installed, and as one who installs nothing.
foreign_apt() { # FOLDER RELEASE ARCHITECTURE ARGUMENT...
  local folder=$1 release=$2 arch=$3
  shift 3
  mkdir -p "$root/build/$folder"
  touch "$root/build/$folder/status"
  apt_in "$folder" "$release" -o Dir::State::status="$root/build/$folder/status" \
    -o APT::Architecture="$arch" -o APT::Architectures::="$arch" "$@"
}

readonly amd64_alone=(-o APT::Architectures::=amd64)

install_packages() {
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update && apt-get install -y --no-install-recommends "$@"; } ||
    { private_apt update && private_apt install -y --no-install-recommends "$@"; } ||
    {
      private_apt "${amd64_alone[@]}" update &&
        private_apt "${amd64_alone[@]}" install -y --no-install-recommends "$@"
    }
}

# An architecture that turns out to be of no use is not left behind.
install_package32() {
  local added=false
  dpkg --print-foreign-architectures | grep -qx i386 || { dpkg --add-architecture i386 && added=true; }
  install_packages "$package32" && return
  [ "$added" = false ] || dpkg --remove-architecture i386
  return 1
}

ask_for_packages() { # PACKAGE...
  local update='apt-get update'
  ! tests/support/runs32.sh || update="dpkg --add-architecture i386 && $update"
  say "These packages are missing. As root:" \
    "  $update && apt-get install -y --no-install-recommends $*" \
    "or, which also gets over an archive that is out of step:" \
    "  ./dev packages"
}

# All of these packages, and 32-bit Wine if it can be had: without it there is no x86, and all else goes on.
need() { # PACKAGE...
  local missing missing32=()
  mapfile -t missing < <(missing_packages "$@")
  ! tests/support/runs32.sh || mapfile -t missing32 < <(missing_packages "$package32")
  if [ "${#missing[@]}" -gt 0 ]; then
    command -v apt-get >/dev/null || die "needs these Debian packages: ${missing[*]}"
    [ "$(id -u)" = 0 ] || { ask_for_packages "${missing[@]}" "${missing32[@]}"; exit 1; }
    say "Installing ${#missing[@]} Debian packages ..."
    quietly install install_packages "${missing[@]}"
  fi
  if [ "${#missing32[@]}" -gt 0 ] && [ "$(id -u)" = 0 ]; then
    say "Installing 32-bit Wine ..."
    attempt install32 install_package32
    [ "$attempted" = 0 ] || say "It cannot be installed; see build/log/install32.log."
  fi
}

cmd_packages() { # as root: install what all the commands need
  need "${test_packages[@]}"
}
