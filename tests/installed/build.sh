#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# build.sh SOURCE BUILD ARGUMENT...: configures a project with CMake, from nothing, and builds it.
set -euo pipefail
source=$1 build=$2
shift 2
export CFLAGS='-Wall -Wextra -Wconversion -Werror' CXXFLAGS='-Wall -Wextra -Wconversion -Werror'
rm -rf "$build"
cmake -G Ninja -S "$source" -B "$build" -DCMAKE_BUILD_TYPE=Release "$@"
cmake --build "$build"
