#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# build.sh SOURCE BUILD ARGUMENT...: configures a project with CMake, from nothing, and builds it, with the
# options in $WARNINGS.
set -euo pipefail
source=$1 build=$2
shift 2
export CFLAGS=$WARNINGS CXXFLAGS=$WARNINGS
rm -rf "$build"
cmake -G Ninja -S "$source" -B "$build" -DCMAKE_BUILD_TYPE=Release "$@"
cmake --build "$build"
