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

# ---- request: the kernel's faults, who the helper's user is, then steps ----

ordinary() { le 0 2; } # without a fault, an ordinary user
arrive() { le 0 1 && le 0 4 && le 12 1 && printf settcpentry-; }
post() { le 1 2 && le "$1" 1 && le 0 2; } # on the first page, for this one of fuzz_request.c's sockets
answer() { le 2 1 && le 0 2; }
come_and_go() { le 0 1 && le 5 1 && le 0 1 && le 0 1 && le 7 1 && le 0 1 && le 8 1 && le 0 1 && le 6 1 && le 9 1; }

for socket in 0 1 2 3 4 5 6 7; do
  { ordinary && arrive && post "$socket" && answer; } | seed "request/socket_$socket"
done
loopback() { le 0x0100007F 4 && zeros 12; }
{ ordinary && arrive && le 1 2 && le 3 1 && le 2 1 && le 38 1 && le 4 2 && le 1 4 && loopback && loopback &&
  answer; } | seed request/mapped # asked for as IPv4
{ ordinary && arrive && arrive && come_and_go && post 0 && answer; } | seed request/coming_and_going
{ le 28 2 && le 0 3 && arrive && post 0 && answer; } | seed request/faults
# while it is answered
{ le 0x100 2 && arrive && post 0 && le 2 1 && le 42 1 && le 2 1 && le 2 2; } | seed request/changing

# ---- answer: what the program finds, then what the helper does whenever it is waited for ----

# find FLAGS: our own helper, or with 2 one outside; it is ready, in our network, and a living process
find() { le "$1" 1 && le 1 1 && zeros 2; }
answer() { le 0 1 && le 2 2 && le "$1" 1; } # of this kind, and still living
part() { # TEXT
  le "${#1}" 2 && printf %s "$1"
}

{ find 0 && answer 1 && answer 2 && answer 8; } | seed answer/own
{ find 2 && answer 1 && answer 3 && answer 4; } | seed answer/outside
{ find 0 && answer 1 && answer 0 && answer 9; } | seed answer/of_no_kind
{ find 0 && answer 1 && le 0 1 && le 5 1 && le 1 1; } | seed answer/dies_taking
{ le 0 1 && zeros 4; } | seed answer/says_nothing
{ le 0 1 && le 6 1 && le 2 1; } | seed answer/refuses
{ le 0 1 && le 1 1 && le 2 1 && part $'sk Inode\n0 47' && part $'11\n' && le 0 1 && le 2 1 &&
  part '815 (x) Z 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 7 '; } | seed answer/texts
{ find 0 && le 0 1 && le 3 1 && le 132 2 && le 4 2 && le 5 1 && zeros 3; } | seed answer/writes

# ---- netlink: the list of interfaces, the owner of what has none, the kernel's answers ----

devices() {
  part $'Inter-|   Receive\n face |bytes\n    lo: 1 2\n  eth0:3 4\n'
  le 1 1 && le 2 1 # their indexes
}
owner() { le 5 1 && printf 65534; }
ask() { le "$1" 2; }
hear() { le 0 1 && le "$1" 2; } # FLAGS TYPE, then the message
found() { # BYTES_OF_ATTRIBUTES
  le $((72 + $1)) 2 && le 2 1 && le 1 1 && zeros 2
  le 0x901F 2 && le 0x50C3 2 && loopback && loopback && le 0 4 && le 7 4 && le 0 4
  zeros 12 && le 1000 4 && le 4711 4
}
error() { le 4 2 && le "$1" 4; }

{ devices && owner && ask 0 && hear 20 && found 0; } | seed netlink/found
{ devices && owner && ask 0 && hear 20 && found 36 &&
  le 36 2 && le 17 2 && le 10 2 && le 1 2 && printf 'mptcp\0\0\0' && le 20 2 && le 3 2 && le 8 2 && le 7 2 && le 1 4 &&
  zeros 8; } | seed netlink/subflow
{ devices && owner && ask 0 && hear 20 && found 5 && le 5 2 && le 15 2 && le 0 1; } | seed netlink/odd_length
{ devices && owner && ask 0x0100 && hear 2 && error 0 && ask 0x0100 && hear 2 && error 0xFFFFFFFE; } |
  seed netlink/destroyed
{ devices && owner && ask 0x0200 && hear 3 && error 0 && ask 0x0201 && hear 3 && error 0xFFFFFFA1; } |
  seed netlink/probed
{ devices && owner && ask 0x0300 && le 1 2; } | seed netlink/interfaces
{ devices && owner && ask 0 && le 1 1 && le 3 1 && le 2 1 && le 20 2 && found 0 && hear 20 && found 0; } |
  seed netlink/out_of_turn

# ---- proc: of what, how long its parts are, the text ----

tcp=$'  sl  local_address rem_address   st\n'
tcp+=$'   0: 0100007F:1F90 00000000:0000 0A \n   1: 0100007F:1F90 0100007F:C350 01 \n'
mapped=0000000000000000FFFF00000100007F
tcp6=$'  sl  local_address\n   0: '"$mapped:1F90 $mapped:C350 01 "$'\n'
netlink=$'sk Eth Inode\n000 0 4710    \n000 0 4711    \n'
stat='815 (settcpentry-hos) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 12345 '

{ le 0 2 && printf %s "$stat"; } | seed proc/stat
{ le 0 2 && printf 'settcpentry-host\0--page\0/dev/shm/settcpentry-1234\0'; } | seed proc/cmdline
{ le 0x0601 2 && le 0 1 && printf %s "$tcp"; } | seed proc/tcp
{ le 0x0901 2 && le 0 1 && printf 'sl\n\0%s' "$tcp6"; } | seed proc/tcp6
{ le 0xFF01 2 && le 2 1 && printf 'sl\n'; } | seed proc/no_tcp6
{ le 0x1002 2 && printf %s "$netlink"; } | seed proc/netlink

# ---- registry: values, each its type, its length, and itself; type 255 is the environment's ----

wide() { printf %s "$1" | iconv -f UTF-8 -t UTF-16LE; }
value() { le "$1" 1 && le "$2" 2; } # TYPE BYTES, then itself

{ value 1 24 && wide native,bltin && value 2 5 && wide n, && printf b; } | seed registry/strings
{ value 4 4 && le 1 4 && value 1 16 && wide iphlpapi; } | seed registry/others
{ value 255 12 && wide 'é€😀' && le 0xD83D 2 && le 0xDC00 2; } | seed registry/unicode
{ value 1 700 && for ((i = 0; i < 350; i++)); do wide €; done && value 1 2 && wide x; } | seed registry/long
