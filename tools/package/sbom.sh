# shellcheck shell=bash disable=SC2154 # sourced by tools/package.sh
# SPDX-License-Identifier: MIT
# Which archive has which program, and what of others is linked into that: SPDX 2.3.

# "PACKAGE VERSION" of tools and headers that decide what the bytes are. Debian 12 has some in /bin, in dpkg's words.
tools_packages() {
  local paths
  mapfile -t paths < <(for tool in gcc ld {i686,x86_64}-w64-mingw32-{gcc,ld,windres,dlltool} clang ld.lld lld-link \
    llvm-ar llvm-dlltool cmake ninja tar gzip xz zip dpkg-deb; do realpath "$(command -v "$tool")"; done)
  paths+=(/usr/include/linux/inet_diag.h /usr/share/mingw-w64/include/windows.h)
  # shellcheck disable=SC2016 # dpkg's variables
  { dpkg -S "${paths[@]}" "${paths[@]#/usr}" 2>/dev/null || true; } | cut -d: -f1 | sort -u |
    xargs dpkg-query -W -f '${Package} ${Version}\n'
}

package_sbom() {
  (cd "$dist" && LC_ALL=C sha256sum -- *) >"$packing/archives"
  jq -nS --arg version "$version" --arg commit "$(git rev-parse HEAD)" \
    --arg created "$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)" \
    --arg tools "$(tools_packages | paste -sd , | sed 's/,/, /g')" \
    --rawfile archives "$packing/archives" --rawfile contents "$packing/contents" --rawfile linked "$packing/linked" \
    -f tools/package/sbom.jq >"$dist/settcpentry-$version.spdx.json"
}
