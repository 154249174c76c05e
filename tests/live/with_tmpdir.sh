#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# with_tmpdir.sh COMMAND...: runs it with a TMPDIR that nobody expects. Debian's Wine has its server there: so
# this one gets a prefix of its own, too.
set -euo pipefail
"$(dirname "$0")/../support/copy_prefix.sh" "$WINEPREFIX-tmpdir"
export WINEPREFIX=$WINEPREFIX-tmpdir
TMPDIR=$(mktemp -d "/tmp/not where it was.XXXXXX")
export TMPDIR
trap 'wineserver -k || true; rm -rf "$TMPDIR"' EXIT
status=0
"$@" || status=$?
exit "$status"
