# shellcheck shell=bash disable=SC2154 # sourced by ./dev
# SPDX-License-Identifier: MIT
# All tests: which presets of ctest run on which Wines, and what came of it.

# native: the architectures whose programs this machine runs by itself
native() {
  ! x86_runs_here >/dev/null || echo x86
  echo amd64
}

# Name, preset and Wine of every ring; rings of one lane run one after the other.
rings() { # LANE
  case $1 in
    native)
      echo linux linux native
      [ "$(x86_kind)" != native ] || echo x86 x86 native
      echo amd64 amd64 native
      echo amd64-trixie amd64 trixie
      ;;
    emulated)
      [ "$(x86_kind)" = native ] || echo x86 x86 x86
      echo arm64 arm64 arm64
      ;;
  esac
}

kinds() { { rings native; rings emulated; } | awk '{ print $3 }' | sort -u; }

readonly results=build/log/rings

# runs_on PRESET KIND: what a ring runs on; or why it cannot, and status 1
runs_on() {
  local version
  case $1:$2 in
    linux:*) echo "this machine"; return ;;
    x86:native) x86_runs_here || return 1 ;;
    amd64:trixie) [ "$(own_release)" != trixie ] || { echo "it is this machine's own Wine"; return 1; } ;;
  esac
  version=$(wine_version "$2") || { echo "$version"; return 1; }
  case $2 in
    x86 | arm64) echo "$version, emulated" ;;
    *) echo "$version" ;;
  esac
}

# run_ring NAME PRESET KIND [ctest options]: leaves in NAME.on what it ran on, or why not, and what came of it in
# NAME.xml
run_ring() {
  local name=$1 preset=$2 kind=$3 on status=0 start=$SECONDS
  shift 3
  say "-- $name"
  if ! on=$(runs_on "$preset" "$kind"); then
    say "skipped: $on" | tee "$results/$name.on"
    return
  fi
  say "no end" >"$results/$name.on"
  if [ "$kind" = trixie ]; then # once is enough for what needs no Wine, or is about linking
    set -- -E '^(settcpentry_wine|shipped|libraries|(zip|consumer_cl|consumer_make|subproject)(_.*)?)$' "$@"
  fi
  tests/support/private_network.sh "--$kind" ctest --preset "$preset" \
    --output-junit "$root/$results/$name.xml" "$@" || status=1
  say "$(((SECONDS - start + 30) / 60)) min on $on" >"$results/$name.on"
  return "$status"
}

run_lane() { # LANE [ctest options]
  local lane=$1 name preset kind status=0
  shift
  while read -r name preset kind <&3; do
    run_ring "$name" "$preset" "$kind" "$@" || status=1
  done 3< <(rings "$lane")
  return "$status"
}

# Emulated programs beside this machine's own: each lane has networks and prefixes of its own, and they keep
# one core busy each.
run_rings() { # [ctest options]
  local log=build/log/emulated.log lane status=0
  rm -rf "$results"
  mkdir -p "$results"
  set -m # a process group of its own, to end as a whole
  run_lane emulated "$@" >"$log" 2>&1 </dev/null &
  lane=$!
  set +m
  # shellcheck disable=SC2064 # this lane
  trap "kill -- -$lane 2>/dev/null || true" EXIT
  run_lane native "$@" || status=1
  wait "$lane" || status=1
  trap - EXIT
  cat "$log"
  return "$status"
}

# The numbers that ctest wrote: of tests, failures, and skipped ones
counts() { # NAME
  sed -nE 's/^\t(tests|failures|skipped)="([0-9]+)"$/\2/p' "$results/$1.xml" 2>/dev/null | paste -sd ' '
}

# Which single tests, and the reasons that they gave
skipped_tests() { # NAME
  [ ! -f "$results/$1.xml" ] || awk -v ring="$1" '
    /<testcase / { match($0, /name="[^"]*"/); name = substr($0, RSTART + 6, RLENGTH - 7); skipped = 0 }
    /<skipped / { skipped = 1 }
    skipped && match($0, /skipped: .*/) { print "  " ring ", " name ": " substr($0, RSTART); skipped = 0 }
  ' "$results/$1.xml"
}

# What ran, on what, and what not and why; the numbers of all at last.
summary() {
  local name tests failed skipped passed=0 all_failed=0 all_skipped=0
  say "" "-- summary"
  for name in $({ rings native; rings emulated; } | cut -d ' ' -f 1); do
    read -r tests failed skipped < <(counts "$name") || { tests=0 failed=0 skipped=0; }
    printf '%-12s %4d passed %3d failed %3d skipped  %s\n' "$name" "$((tests - failed - skipped))" "$failed" \
      "$skipped" "$(cat "$results/$name.on")"
    skipped_tests "$name"
    passed=$((passed + tests - failed - skipped))
    all_failed=$((all_failed + failed)) all_skipped=$((all_skipped + skipped))
  done
  say "$passed passed, $all_failed failed, $all_skipped skipped"
}

prepare_tests() {
  local kind
  need "${test_packages[@]}"
  need_arm64_sysroot
  quietly cmocka build_cmocka
  build_all
  for kind in $(kinds); do
    need_wine "$kind"
  done
}

cmd_test() { # [ctest options]: check, then pass all tests, and count branches
  local status=0
  prepare_tests
  cmd_check
  run_rings "$@" || status=1
  (cmd_coverage) || status=1
  summary
  return "$status"
}

cmd_run-tests() { # [ctest options]: the tests alone, as they were built last
  local status=0
  run_rings "$@" || status=1
  summary
  return "$status"
}
