#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# links.sh FOLDER: the documents there link to no file that is not there, and to no section that is not.
set -euo pipefail
status=0

# A heading's anchor, as GitHub makes it.
anchors() { sed -nE 's/^#+ +//p' "$1" | tr '[:upper:]' '[:lower:]' | tr -d '`.,:?!()' | tr ' ' '-'; }

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
done < <(find "$1" \( -name build -o -name stage -o -name .git \) -prune -o -name '*.md' -print)
exit "$status"
