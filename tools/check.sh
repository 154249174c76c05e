# shellcheck shell=bash disable=SC2154 # sourced by ./dev
# SPDX-License-Identifier: MIT
# What is looked at without being run, and what brings it into order.

cmd_check() { # format, lint and compile with clang, too
  need "${test_packages[@]}"
  tests/check.sh
}

cmd_format() { # bring all sources into the one format
  need "${test_packages[@]}"
  find src include examples tests \( -name '*.[ch]' -o -name '*.cpp' \) -exec clang-format -i {} +
}

cmd_docs() { # bring the tables of docs/return-codes.md up to date with def/answers.inc
  need "${test_packages[@]}"
  need_arm64_sysroot
  quietly cmocka build_cmocka
  build linux
  tests/common/answers.sh build/linux/tests/common/print_answers --write
}
