#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# links.sh FOLDER: the documents there link to no file that is not there, and to no section that is not. Of the
# project itself they name no file either that is neither there nor built, in code or in a list of files.
set -euo pipefail
status=0

# A heading's anchor, as GitHub makes it.
anchors() { sed -nE 's/^#+ +//p' "$1" | tr '[:upper:]' '[:lower:]' | tr -d '`.,:?!()' | tr ' ' '-'; }

# What can be the path of a file of the project, or of one that is built for an architecture.
named_files() { # DOCUMENT
  local folders='(?:\.ci|cmake|def|docs|examples|include|src|stage|tests|tools|bin|lib|libexec)' at file
  # shellcheck disable=SC2016 # quotes as Markdown has them
  grep -oP '`\K(\./)?'"$folders"'/[^\s`<>{}$,]*(?=[^`]*`)' "$1" | sed 's/ARCHITECTURE/amd64/' || true
  # "    src/host/server.[ch], page.[ch]   what they do": of the second the folder is that of the first
  grep -oP "^    \K$folders/[^ ,]+(, [^ ,]+)*(?= )" "$1" | while IFS=$', \t' read -ra files; do
    at=$(dirname "${files[0]}")
    for file in "${files[@]}"; do
      [[ $file == */* ]] || file=$at/$file
      printf '%s\n' "${file/%\[ch]/c}" "${file/%\[ch]/h}"
    done
  done
}

is_there() { # FOLDER FILE
  local place
  for place in "$1/$2" "$1/stage/$2"; do
    if compgen -G "$place" >/dev/null || compgen -G "$place.*" >/dev/null; then
      return
    fi
  done
  return 1
}

while read -r document; do
  while read -r link; do
    target=${link%%#*} section=
    [[ $link != *'#'* ]] || section=${link#*#}
    target=$(dirname "$document")/${target:-$(basename "$document")}
    if [ ! -e "$target" ] || { [ -n "$section" ] && ! anchors "$target" | grep -qxF -- "$section"; }; then
      echo "$document: a dead link: $link"
      status=1
    fi
  done < <(grep -oP '\]\(\K(?![a-z]+://)[^)]+' "$document")
  [ -f "$1/CMakePresets.json" ] || continue # installed documents speak of files of the source, too
  while read -r file; do
    is_there "$1" "$file" || { echo "$document: there is no such file: $file"; status=1; }
  done < <(named_files "$document")
done < <(find "$1" \( -name build -o -name stage -o -name .git \) -prune -o -name '*.md' -print)
exit "$status"
