# shellcheck shell=bash disable=SC2154 # sourced by ./dev
# SPDX-License-Identifier: MIT
# What is counted: branches that tests take, faults that hours of trying find, time.

cmd_coverage() { # count the branches that the tests of DLL and helper take: at least 91 %
  local build=build/coverage
  need "${test_packages[@]}"
  quietly configure-coverage cmake -G Ninja -S . -B "$build" -DCMAKE_BUILD_TYPE=Release \
    -DSETTCPENTRY_COVERAGE=ON -DSETTCPENTRY_STAGE="$PWD/$build/stage"
  quietly build-coverage cmake --build "$build"
  find "$build" -name '*.gcda' -delete
  # Without the fuzzer, which clang has to build with counters of its own.
  quietly coverage tests/support/private_network.sh ctest --test-dir "$build" --output-on-failure -E fuzz
  gcovr --root . --object-directory "$build" --filter src/ --exclude src/host/sandbox_none.c --branches \
    --fail-under-branch 91 "$build"
}

cmd_soak() { # what takes too long for ./dev test: kills, mass, races, chaos, crowds; 10 minutes of each fuzz target
  prepare_tests
  tests/support/private_network.sh "$PWD/dev" run-soak
}

# fuzz TARGET: for $SOAK_SECONDS, from the seeds and what was found before; how far that came, in one line.
fuzz() {
  local name=${1##*/} found findings executions covered edges
  found=build/fuzz/$name
  mkdir -p "$found/corpus"
  attempt "fuzz-$name" "$1" -max_total_time="${SOAK_SECONDS:-600}" -timeout=10 -print_final_stats=1 \
    -artifact_prefix="$found/" "$found/corpus" "tests/fuzz/corpus/$name"
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "build/log/fuzz-$name.log")
  covered=$(sed -nE 's/.* cov: ([0-9]+) .*/\1/p' "build/log/fuzz-$name.log" | tail -n 1)
  edges=$(sed -nE 's/.*PC tables \(([0-9]+) PCs\).*/\1/p' "build/log/fuzz-$name.log")
  findings="no finding"
  [ "$attempted" = 0 ] || findings="FINDING, see build/log/fuzz-$name.log and $found/"
  say "fuzz $name: ${executions:-0} executions, ${covered:-0} of ${edges:-?} edges, $findings"
  return "$attempted"
}

# soak ARCHITECTURE: all that is tried with real connections, at length; docs/reliability.md says what.
soak() {
  local live=build/linux/tests/live soak=build/linux/tests/soak caller=build/$1/tests/soak/soak_caller
  local status=0
  say "" "-- $1"
  "$live/test_live" "build/$1/examples/close_connection.exe" "build/$1/examples/endless.exe" 84 || status=1
  timeout 600 "$soak/test_mass" "$caller.exe" 10000 1000 || status=1
  timeout 1800 "$soak/test_race" "$caller.exe" 20000 || status=1
  skipped timeout 1800 tests/live/ordinary_user.sh "$soak/test_race" "$caller.exe" "$SETTCPENTRY_HOST" 20000 || status=1
  timeout 1800 "$soak/test_crowd" "$caller.exe" 200 1000 || status=1
  skipped tests/soak/chaos.sh "$soak/test_chaos" "$caller.exe" "${caller}_window.exe" \
    "$soak/libshifted_clock.so" "${SOAK_SECONDS:-600}" || status=1
  return "$status"
}

# skipped COMMAND...: runs it; that it says it cannot be done here (77) is no failure.
skipped() {
  local status=0
  "$@" || status=$?
  [ "$status" = 0 ] || [ "$status" = 77 ]
}

cmd_run-soak() { # the same, as it was built last; SOAK_SECONDS is the time for chaos, and for each fuzz target
  local arch target status=0
  export SETTCPENTRY_HOST=$root/stage/libexec/settcpentry-host
  for arch in $(native); do
    soak "$arch" || status=1
  done
  for target in build/linux/tests/fuzz/targets/*; do
    fuzz "$target" || status=1
  done
  return "$status"
}

cmd_bench() { # [GROUP...]: measure what a drop costs and all else that is promised, each beside its peer
  prepare_tests
  cmd_run-bench "$@"
}

cmd_run-bench() { # [GROUP...]: the same, as it was built last: a table for each native architecture and Wine
  local preset kind on wine one status=0
  export SETTCPENTRY_HOST=$root/stage/libexec/settcpentry-host
  mkdir -p build/bench
  while read -r _ preset kind <&3; do
    [ "$preset" != linux ] || continue
    on=$(runs_on "$preset" "$kind") || { say "" "-- $preset, $kind Wine: skipped: $on"; continue; }
    wine=${on%% *}
    say "" "-- $preset, $on" ""
    tests/support/private_network.sh "--$kind" build/linux/tests/bench/bench "$preset" "$wine" "build/$preset/tests" \
      stage "build/bench/$preset-$wine.json" "$@" || { one=$?; status=$((one > status ? one : status)); }
  done 3< <(rings native)
  return "$status"
}
