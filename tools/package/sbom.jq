# SPDX-License-Identifier: MIT
# $archives: "SUM  ARCHIVE"; $contents: "ARCHIVE SUM  PATH";
# $linked: "PROGRAM FILE PACKAGE VERSION SOURCE COPYRIGHT-FILE"

def lines: split("\n") | map(select(. != "") | split(" ") | map(select(. != "")));
def id: "SPDXRef-" + gsub("[^A-Za-z0-9.]"; "-");
def sum: [{algorithm: "SHA256", checksumValue: .}];

# Of Debian's source packages those of which something is in our programs; for another one it has to be looked up.
def licence:
  {
    "gcc": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "glibc": "LGPL-2.1-or-later",
    "libcap2": "BSD-3-Clause OR GPL-2.0-only",
    "libseccomp": "LGPL-2.1-only",
    "mingw-w64": "ZPL-2.1"
  }[sub("^gcc-.*"; "gcc")] // error("sbom.jq: what is the licence of \(.)?");
def all_of: unique | map(if test(" OR ") then "(\(.))" else . end) | join(" AND ");

($archives | lines | map({sum: .[0], name: .[1]})) as $archives
| ($linked | lines | map({program: .[0], file: .[1], package: .[2], version: .[3], source: .[4]})) as $linked
# Windows' programs are named with the folder that says for which architecture; one package names it otherwise.
| def program_name: [.[].path | capture("(?<name>(mock/)?(x86|amd64|arm64)/[^/]+)$").name][0] // (.[0].path | split("/")[-1]);
($contents | lines | map({archive: .[0], sum: .[1], path: .[2]}) | group_by(.sum)
   | map({sum: .[0].sum, name: program_name, archives: map(.archive) | unique}) | sort_by(.name)) as $programs
| ($archives[] | select(.name | test("-source[.]")).name) as $source
| def linked_into: . as $name | [$linked[] | select(.program == $name)];
  def licences: ["MIT"] + [linked_into[].source | licence] | all_of;
  def package($id; $name; $rest): {SPDXID: $id, name: $name, downloadLocation: "NOASSERTION", filesAnalyzed: false,
    copyrightText: "NOASSERTION"} + $rest;
  def ours($rest): {supplier: "Organization: The settcpentry project", versionInfo: $version, licenseDeclared: "MIT",
    copyrightText: "The settcpentry authors"} + $rest;
  def relate($from; $type; $to): {spdxElementId: $from, relationshipType: $type, relatedSpdxElement: $to};
{
  spdxVersion: "SPDX-2.3",
  dataLicense: "CC0-1.0",
  SPDXID: "SPDXRef-DOCUMENT",
  name: "settcpentry-\($version)",
  documentNamespace: "https://spdx.org/spdxdocs/settcpentry-\($version)-\($commit)",
  creationInfo: {created: $created, comment: "Made with these packages of Debian: \($tools).",
    creators: ["Organization: The settcpentry project", "Tool: settcpentry-package-\($version)"]},
  packages: (
    [$archives[] | . as $archive
      | package(.name | id; .name; ours({packageFileName: .name, checksums: (.sum | sum),
          primaryPackagePurpose:
            (if .name == $source then "SOURCE" elif .name | test("[.]deb$") then "INSTALL" else "ARCHIVE" end),
          licenseConcluded: ([$programs[] | select(.archives | index($archive.name)).name | licences] + ["MIT"]
            | map(split(" AND ")) | add | unique | join(" AND "))}))]
    + [$programs[]
      | package(.name | id; .name; ours({checksums: (.sum | sum), licenseConcluded: (.name | licences),
          primaryPackagePurpose: (if .name | test("[.]dll$") then "LIBRARY" else "APPLICATION" end)}))]
    + [$linked | unique_by(.package)[]
      | package("debian " + .package | id; .package; {versionInfo: .version, supplier: "Organization: Debian",
          licenseDeclared: (.source | licence), licenseConcluded: "NOASSERTION", primaryPackagePurpose: "LIBRARY",
          licenseComments: "Its notices, and parts under other licences: linked/\(.source).txt in the archives.",
          sourceInfo: "built from Debian's source package \(.source)",
          externalRefs: [{referenceCategory: "PACKAGE-MANAGER", referenceType: "purl",
            referenceLocator: ("pkg:deb/debian/\(.package)@\(.version | @uri)"
              + if .package == .source then "?arch=source" else "" end)}]})]),
  relationships: (
    [$archives[] | relate("SPDXRef-DOCUMENT"; "DESCRIBES"; .name | id)]
    + [$programs[] | . as $program | (.archives[] | relate(id; "CONTAINS"; $program.name | id)),
      relate(.name | id; "GENERATED_FROM"; $source | id)]
    + [$programs[].name | . as $name | linked_into | group_by(.package)[]
      | relate($name | id; "STATIC_LINK"; "debian " + .[0].package | id)
        + {comment: "of it: \(map(.file) | unique | join(", "))"}])
}
