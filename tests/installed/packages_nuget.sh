#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# packages_nuget.sh DIST: the NuGet package there is one by its structure: its XML is well-formed, every part has a
# content type, and all that it names is there. MSBuild, which would use it, there is none here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
stage=$PWD/stage package=$(echo "$(realpath "$1")"/settcpentry.*.nupkg)
fail() { echo "FAILED: $*"; exit 1; }
xpath() { xmllint --xpath "$1" "$2"; } # EXPRESSION FILE

mkdir "$work/package"
cd "$work/package"
cmake -E tar xf "$package"
xmllint --noout settcpentry.nuspec '[Content_Types].xml' _rels/.rels build/native/settcpentry.targets
find . -type f ! -name '[[]Content_Types].xml' -printf '%P\n' >"$work/parts"
while read -r part; do
  [ "$(xpath "count(//*[local-name() = 'Default'][@Extension = '${part##*.}'] |
    //*[local-name() = 'Override'][@PartName = '/$part'])" '[Content_Types].xml')" = 1 ] ||
    fail "$part has no content type"
done <"$work/parts"

named() { sed -nE 's/^ *(Target|PartName)="\/([^"]+)".*/\2/p'; } # of attributes that begin a line
{
  xpath "//@Target" _rels/.rels
  xpath "//@PartName" '[Content_Types].xml'
} | named >"$work/named"
xpath "string(//*[local-name() = 'readme'])" settcpentry.nuspec >>"$work/named"
# shellcheck disable=SC2016 # MSBuild's
for platform in Win32 x64 ARM64; do
  for library in iphlp iphlpapi; do
    grep -oE '\$\(MSBuildThisFileDirectory\)[^;<"]+' build/native/settcpentry.targets |
      sed "s|\\\\|/|g; s|\$(MSBuildThisFileDirectory)|build/native/|
        s|\$(Platform)|$platform|; s|\$(SettcpentryLibrary)|$library|"
  done
done >>"$work/named"
[ "$(sort -u "$work/named" | wc -l)" = 16 ] || fail "not all names were found: $(sort -u "$work/named")"
while read -r name; do
  [ -e "$name" ] || fail "$name is named, but not there"
done <"$work/named"

version=${package##*/settcpentry.} version=${version%.nupkg}
[ "$(xpath "string(//*[local-name() = 'version'])" settcpentry.nuspec)" = "$version" ] || fail "another version"
[ "$(xpath "string(//*[local-name() = 'id'])" settcpentry.nuspec)" = settcpentry ] || fail "another id"
for pair in Win32:x86 x64:amd64 ARM64:arm64; do
  for library in iphlp iphlpapi; do
    cmp "build/native/lib/${pair%:*}/$library.dll" "$stage/bin/${pair#*:}/$library.dll"
    cmp "build/native/lib/${pair%:*}/$library.lib" "$stage/lib/${pair#*:}/$library.lib"
  done
done
echo "ok: the NuGet package has all that it names, and names what it has"
