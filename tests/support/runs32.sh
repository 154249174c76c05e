#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# runs32.sh: status 0 where 32-bit programs run. No file of the kernel's tells, so one is run.
# $SETTCPENTRY_RUNS32 names a program to be asked in its place, for trying the other kind of machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
[ -z "${SETTCPENTRY_RUNS32:-}" ] || exec "$SETTCPENTRY_RUNS32"
mkdir -p build
program=$(mktemp build/runs32.XXXXXX)
trap 'rm -f "$program"' EXIT
# An ELF header, one segment, and: xor %ebx, %ebx; lea 1(%ebx), %eax; int $0x80, which is exit(0).
printf '\x7fELF\x01\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x03\0\x01\0\0\0\x54\x80\x04\x08\x34\0\0\0\0\0\0\0\0\0\0\0\x34\0\x20\0\x01\0\0\0\0\0\0\0' >"$program"
printf '\x01\0\0\0\0\0\0\0\0\x80\x04\x08\0\x80\x04\x08\x5b\0\0\0\x5b\0\0\0\x05\0\0\0\0\x10\0\0\x31\xdb\x8d\x43\x01\xcd\x80' >>"$program"
chmod +x "$program"
{ "$program"; } >/dev/null 2>&1
