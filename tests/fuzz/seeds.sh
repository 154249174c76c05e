#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Writes the seeds in tests/fuzz/corpus/ anew: what a well-behaved other side would write.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# seed TARGET/NAME: from standard input
seed() {
  mkdir -p "corpus/${1%/*}"
  cat >"corpus/$1"
}

# le VALUE BYTES: a number as it lies in a file
le() {
  local value=$1 count
  for ((count = $2; count > 0; count--, value >>= 8)); do
    printf '%b' "\\x$(printf %02x "$((value & 255))")"
  done
}

zeros() { # COUNT
  head -c "$1" /dev/zero
}

# ---- connection_name: arguments, each up to a NUL ----

printf '127.0.0.1\0008080\00010.0.0.1\000443' | seed connection_name/four
printf '127.0.0.1:8080\00010.0.0.1:443' | seed connection_name/two
printf '[fe80::1%%2]:80\000[fe80::2%%2]:65535' | seed connection_name/scopes
printf '::ffff:1.2.3.4\0001\000::1\0002' | seed connection_name/mapped

# ---- pe_exports: a file of one section, whose export directory has two names ----

pe() { # MAGIC BYTES_BEFORE_DIRECTORIES
  local optional=$(($2 + 8 * 16)) data=512
  printf MZ && zeros 58 && le 64 4
  printf 'PE\0\0' && le 0x8664 2 && le 1 2 && zeros 12 && le "$optional" 2 && zeros 2
  le "$1" 2 && zeros 66 && le 3 2 && zeros $(($2 - 4 - 70)) && le 16 4
  le 4096 4 && le 128 4 && zeros 120
  printf .edata && zeros 2 && le 128 4 && le 4096 4 && le 128 4 && le "$data" 4 && zeros 16
  zeros $((data - 64 - 24 - optional - 40))
  zeros 20 && le 2 4 && le 2 4 && le 4136 4 && le 4144 4 && le 4152 4
  le 8192 4 && le 8193 4 && le 4156 4 && le 4158 4 && le 0 2 && le 1 2 && printf 'A\0GetTcpTable\0'
  zeros 54
}
pe 0x10B 96 | seed pe_exports/pe32
pe 0x20B 112 | seed pe_exports/pe32_plus

# ---- request: who the helper's user is, then steps ----

ordinary() { le 0 2; }              # no fault of the kernel's, an ordinary user
arrive() { le 0 1 && le 0 4 && le 12 1 && printf settcpentry-; } # as a page should
answer() { le 2 1; }
# post FAMILY PORT LOCAL REMOTE: from page 0, from port 1
post() { le 1 1 && le 0 1 && le 0 2 && le "$1" 2 && le 0 4 && "$3" && "$4" && le 1 2 && le "$2" 2 && le 2 4 && le 2 4; }
loopback() { le 0x0100007F 4 && zeros 12; }
mapped() { le 127 4 && zeros 12; }
link_local() { le 0x80FE 2 && zeros 14; }

{ ordinary && arrive && post 4 1 loopback loopback && answer; } | seed request/own
{ ordinary && arrive && post 4 2 loopback loopback && answer; } | seed request/others
{ ordinary && arrive && post 6 3 link_local link_local && answer; } | seed request/link_local
{ ordinary && arrive && post 4 4 mapped mapped && answer; } | seed request/mapped
{ ordinary && arrive && arrive && le 0x05000006 4 && arrive && le 0x070108 3; } | seed request/coming_and_going
