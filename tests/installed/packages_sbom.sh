#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# packages_sbom.sh DIST: the SBOM there is an SPDX 2.3 document by its structure; it names every archive by its sum,
# every program that is in one, and the packages of this machine that are linked into them.
set -euo pipefail
dist=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sbom=$(echo "$dist"/*.spdx.json)
fail() { echo "FAILED: $*"; exit 1; }

jq -e '([.packages[].SPDXID] + ["SPDXRef-DOCUMENT"]) as $ids
  | .spdxVersion == "SPDX-2.3" and .dataLicense == "CC0-1.0" and .SPDXID == "SPDXRef-DOCUMENT"
    and (.documentNamespace | test("^https://[^#]+$")) and (.creationInfo.created | fromdateiso8601 > 0)
    and (.creationInfo.creators | all(test("^(Tool|Organization): .")))
    and ($ids | length == (unique | length) and all(test("^SPDXRef-[A-Za-z0-9.-]+$")))
    and (.packages | all(.name and .downloadLocation and .versionInfo and .filesAnalyzed == false
      and ([.checksums // [] | .[].checksumValue | test("^[0-9a-f]{64}$")] | all)))
    and (.relationships | length > 0 and all(.spdxElementId, .relatedSpdxElement | IN($ids[]))
      and all(.relationshipType | IN("DESCRIBES", "CONTAINS", "GENERATED_FROM", "STATIC_LINK")))' "$sbom" >/dev/null ||
  fail "it is no SPDX document"

diff <(jq -r '.packages[] | select(.packageFileName)
    | "\(.checksums[0].checksumValue)  \(.packageFileName)"' "$sbom" | sort) \
  <(grep -v "  ${sbom##*/}\$" "$dist/SHA256SUMS" | sort)

# What the archives have that begins as a program does; and what it says that they have.
for archive in "$dist"/settcpentry*; do
  unpacked=$work/${archive##*/}
  case $archive in *-source.* | *.json) continue ;; esac
  mkdir "$unpacked"
  case $archive in
    *.deb) dpkg-deb -x "$archive" "$unpacked" ;;
    *) (cd "$unpacked" && cmake -E tar xf "$archive") ;;
  esac
  find "$unpacked" -type f | while read -r file; do
    [[ ! $(od -An -tx1 -N4 "$file") =~ ^\ (4d\ 5a|7f\ 45\ 4c\ 46) ]] || sha256sum "$file"
  done | sed "s|  .*| ${archive##*/}|"
done >"$work/programs"
diff <(sort "$work/programs") \
  <(jq -r '(.packages | map({key: .SPDXID, value: .}) | from_entries) as $of
    | .relationships[] | select(.relationshipType == "CONTAINS")
    | "\($of[.relatedSpdxElement].checksums[0].checksumValue) \($of[.spdxElementId].name)"' "$sbom" | sort)
echo "ok: the SBOM names what is in the archives"

jq -r '.packages[] | select(.supplier == "Organization: Debian") | "\(.name) \(.versionInfo)"' "$sbom" >"$work/debian"
for package in libc6-dev libcap-dev libseccomp-dev mingw-w64; do
  grep -q "^$package " "$work/debian" || fail "$package is linked in, but not named"
done
# shellcheck disable=SC2016 # dpkg's variables
grep -v '^mingw-w64 ' "$work/debian" | while read -r package version; do
  [ "$(dpkg-query -W -f '${Version}' "$package")" = "$version" ] || fail "$package $version is not what is here"
done
linked=$(jq -r '.relationships[] | select(.relationshipType == "STATIC_LINK" and
  (.spdxElementId == "SPDXRef-settcpentry-host")).relatedSpdxElement' "$sbom" | sort | tr '\n' ' ')
[[ $linked =~ ^SPDXRef-debian-libc6-dev\ .*-libcap-dev\ .*-libgcc-[0-9]+-dev\ .*-libseccomp-dev\ $ ]] ||
  fail "settcpentry-host has $linked"
echo "ok: it names what is linked into them"

if command -v pyspdxtools >/dev/null; then
  pyspdxtools --infile "$sbom"
  echo "ok: pyspdxtools has no complaints"
else
  echo "skipped: pyspdxtools is not installed, which would validate it (in Debian: python3-spdx-tools, after 13)"
fi
