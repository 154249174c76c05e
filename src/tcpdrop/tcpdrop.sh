#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs tcpdrop.exe by $WINE, or wine: in $WINEPREFIX, or ~/.wine.
set -eu
here=$(dirname "$(readlink -f "$0")")
program=$here/amd64/tcpdrop.exe
[ -f "$program" ] || program=${here%/*}/lib/settcpentry/amd64/tcpdrop.exe # so Debian has it
wine=${WINE:-$(command -v wine || command -v wine64 || echo /usr/lib/wine/wine64)}
if ! "$wine" --version >/dev/null 2>&1; then
  echo "tcpdrop: a Windows program, and there is no Wine to run it ($wine): install Wine, or set \$WINE to one" >&2
  exit 2
fi
export WINEDEBUG="${WINEDEBUG--all}"
exec "$wine" "$program" "$@"
