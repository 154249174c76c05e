#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# copy_prefix.sh FOLDER: makes a Wine prefix there as $WINEPREFIX is, if there is none yet.
set -euo pipefail
here=$1
[ ! -d "$here" ] || exit 0

# Hard links make it in no time; what is written to must be a copy.
rm -rf "$here.new"
cp -al "$WINEPREFIX" "$here.new"
for file in "$here.new"/*.reg; do
  cp "$file" "$file.copy" && mv "$file.copy" "$file"
done
mv "$here.new" "$here"
