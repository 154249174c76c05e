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
printf '::ffff:1.2.3.4\0001\0001.2.3.5\0002' | seed connection_name/mapped
printf '1.2.3.4:5->LOCALHOST:10' | seed connection_name/arrow
printf 'tcp6       0      0 ::1:50000               2001:db8::1:8080        ESTABLISHED 1234/prog:5 12:30' |
  seed connection_name/netstat
printf '  TCP    [fe80::1%%2]:80    [::]:0    LISTENING    1234\r\n' | seed connection_name/netstat_of_windows
printf 'ESTAB\0000\0000\000127.0.0.1%%lo:50000\000127.0.0.2%%4:80\000users:(("x",pid=1,fd=3))' | seed connection_name/ss
printf 'tcp ESTAB 0 0 [fe80::1]%%eth0:50000 [fe80::2]%%3:80 cgroup:/ <->' | seed connection_name/ss_interfaces
printf 'x 1 u 5u IPv4 0x1 0t0 TCP 192.168.1.2:50000->93.184.216.34:443 (ESTABLISHED)' | seed connection_name/lsof
printf 'tcp4  127.0.0.1:50000  127.0.0.1:8080  TIME-WAIT  1234  game.exe' | seed connection_name/ours
printf 'udp 0 0 127.0.0.1:50000 127.0.0.1:8080 ESTABLISHED' | seed connection_name/udp

# ---- filter: a letter for each, and its text up to a NUL; then names and rows ----

filters() { # LETTER_AND_TEXT...: the last letter is none
  printf '%s\0' "$@" && printf .
}
owner() { # NAME ID
  le "${#1}" 1 && printf %s "$1" && le "$2" 1
}
owners() { owner game.exe 0 && owner nginx 1 && owner hi 2; }
row() { # FLAGS OWNER OWNERS [CHOICE]: of each end the port and scope, which bit is wrong, which filter it is like
  le "$1" 1 && le "$2" 1 && le "$3" 1 && le "${4:-3}" 1 && le 255 1 && le 0 1 && le 2 1 && le 255 1 && le 0 1
}

{ filters l127.0.0.0/8 r:80-90 sestablished sTIME_WAIT && owners && row 8 0 1 && row 9 1 1; } | seed filter/ipv4
{ filters 'l[fe80::1%2]:80' 'r[2001:db8::/32]:443' r::ffff:10.0.0.0/104 && owners && row 9 0 0 && row 9 0 0 135; } |
  seed filter/ipv6
{ filters llocalhost:1 'r*' && owners && row 8 0 0 && row 9 0 0; } | seed filter/localhost
{ filters Lahost:80 Rbhost R127.1 Lcnobody && owners && row 8 0 0; } | seed filter/hosts
{ filters 'nG*m*xE' 'nh?' p1 p4294967295 && owners && row 8 0 3 && row 8 2 1; } | seed filter/processes
{ filters slisten 'r*' l:22 && owners && row 2 0 0; } | seed filter/listeners
{ filters l1.2.3.4 r::1 && owners && row 8 0 0 && row 9 0 0; } | seed filter/contradiction
{ printf 46 && filters sall && owners && row 20 0 0; } | seed filter/families

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
as_ipv4() { # the mapped one, asked for so: all from the addresses to the family is written anew
  le 3 1 && le 8 1 && le 52 1 && loopback && zeros 4 && le 1 2 && zeros 2 && loopback && zeros 4 && le 4 2 && zeros 2 &&
    le 4 4
}
by_identity() { # SOCKET IDENTITY
  le "$1" 1 && le 60 1 && le 8 1 && le "$2" 8
}
{ ordinary && arrive && le 1 2 && as_ipv4 && answer; } | seed request/mapped
{ ordinary && arrive && le 1 2 && by_identity 0 2 && answer && le 1 2 && by_identity 0 1 && answer; } |
  seed request/identity
{ ordinary && arrive && arrive && come_and_go && post 0 && answer; } | seed request/coming_and_going
{ le 28 2 && le 0 3 && arrive && post 0 && answer; } | seed request/faults
# while it is answered
{ le 0x100 2 && arrive && post 0 && le 2 1 && le 42 1 && le 2 1 && le 2 2; } | seed request/changing

# ---- stream: the kernel's faults, the user, then how reading and writing go ----

come() { # COUNT: so many requests are read, the last but for so many bytes
  le 0 1 && le "$(($1 - 1))" 1
}
request() { # ID, then which
  le 1 1 && le "$1" 1
}
whole() { le 0 1; } # all of it
put() { le 0 2; }   # an answer, or all of them

{ ordinary && come 1 && request 7 && by_identity 0 0 && whole && put; } | seed stream/one
{ ordinary && come 3 && request 7 && by_identity 0 2 && request 8 && as_ipv4 && request 9 && by_identity 1 0 && whole &&
  put; } | seed stream/three
{ ordinary && come 2 && request 1 && by_identity 0 0 && request 2 && by_identity 6 0 && le 100 1 && le 0 3 && le 0 1 &&
  le 0xF0 1 && le 0 1 && le 5 1; } | seed stream/in_pieces
{ ordinary && come 1 && le 0 1 && le 40 2 && zeros 40 && whole; } | seed stream/half
{ ordinary && come 1 && request 1 && by_identity 0 0 && whole && le 0xF2 1; } | seed stream/nobody_reads
{ le 28 2 && le 0 3 && come 1 && request 1 && by_identity 0 0 && whole && put; } | seed stream/faults

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

listed() { # BYTES_OF_ATTRIBUTES: as in found, but the whole message
  le $((88 + $1)) 4 && le 20 2 && le 2 2 && le 1 4 && zeros 4
  le 2 1 && le 1 1 && zeros 2
  le 0x901F 2 && le 0x50C3 2 && loopback && loopback && le 0 4 && le 7 4 && le 0 4
  zeros 12 && le 1000 4 && le 4711 4 && zeros "$1"
}
done_message() { le 20 4 && le 3 2 && le 2 2 && le 1 4 && zeros 4 && le 0 4; }
part_of_list() { # a first message with its own length, and what follows it
  le 4 1 && le 20 2 && le 88 4 && le $((72 + $1)) 2 && le 2 1 && le 1 1 && zeros 2
  le 0x901F 2 && le 0x50C3 2 && loopback && loopback && le 0 4 && le 7 4 && le 0 4
  zeros 12 && le 1000 4 && le 4711 4
}

{ devices && owner && ask 0x0400 && part_of_list $((96 + 88)) && listed 8 && listed 0 && part_of_list $((88 + 20)) &&
  listed 0 && done_message; } | seed netlink/list
{ devices && owner && ask 0x0401 && hear 3 && error 0xFFFFFFFE && ask 0x0400 && hear 2 && error 0xFFFFFFFF; } |
  seed netlink/no_list

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

# ---- owners: a descriptor's link, the process's name, its command line ----

{ part 'socket:[4711]' && part averylonggamena && le 34 2 && printf 'C:\\Games\\averylonggamename.exe\0-x\0'; } |
  seed owners/wine
{ part 'socket:[4294967296]' && le 8 2 && printf 'a\33\342\200\256b\303\251' && le 6 2 && printf '/bin/x'; } |
  seed owners/unclean

# ---- registry: values, each its type, its length, and itself; type 255 is the environment's ----

wide() { printf %s "$1" | iconv -f UTF-8 -t UTF-16LE; }
value() { le "$1" 1 && le "$2" 2; } # TYPE BYTES, then itself

{ value 1 24 && wide native,bltin && value 2 5 && wide n, && printf b; } | seed registry/strings
{ value 4 4 && le 1 4 && value 1 16 && wide iphlpapi; } | seed registry/others
{ value 255 12 && wide 'é€😀' && le 0xD83D 2 && le 0xDC00 2; } | seed registry/unicode
{ value 1 700 && for ((i = 0; i < 350; i++)); do wide €; done && value 1 2 && wide x; } | seed registry/long

# ---- script: the mock's ----

printf 'caller filtered # who\r\nipv4 present\nipv6 absent\nabsent SetTcp6Entry\nabsent GetTcpTable2\n' |
  seed script/world
printf '%s\n' 'row 127.0.0.1:50000 10.0.0.1:80 ESTABLISHED pid 12 module "C:\a b\c.exe"' \
  'row [fe80::1%2]:1 [::1]:2 time_wait' 'row 0.0.0.0:80 * LISTEN module C:\x' | seed script/rows
printf 'answer 10.0.0.0/8 :80-90 NOT_FOUND\nanswer * [2001:db8::]/32:443 1460 after 20ms, 170,CLOSED\n' |
  seed script/answers
printf 'default 317/740 after 5ms\nanswer * * SYSTEMS_OWN(65)\nanswer localhost ::ffff:1.2.3.4 5/1314, 65/65\n' |
  seed script/codes
printf 'answer * * 317/5\n' | seed script/refused
printf 'row 1.2.3.4:5, 5.6.7.8:9 OPEN "' | seed script/comma
