#!/usr/bin/env bash
# Every test, or those whose name contains the argument. Last line: N passed, N failed, N skipped.
#
# First the product (release), then the same tests under sanitizers: all rooms, the recorded inputs of the fuzzers and
# the real servers under ASan and UBSan, the rooms with threads under TSan. With a NAME only what it needs is built.
# Fails when a check fails, and when no name contains NAME.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
. scripts/lib.sh
only="${1:-}"
passed=0 failed=0 skipped=0
logs=build/test-logs
mkdir -p "$logs"

# Names are known before anything is built. What is slow under a sanitizer shares no word with its fast form, so that
# the NAME of the one does not build the other.
rooms=$(find src -path '*/tests/*_test.cc' | sed -E 's,^src/(.*)/tests/[^/]*$,\1,' | sort -u | tr / .)
thread_rooms=$(grep -E '^(sys$|kube\.)' <<<"$rooms") # those of the target unit-tests-threads
corpora=$(find fuzz/corpus -mindepth 1 -maxdepth 1 -type d -printf '%f\n' 2>/dev/null | sort)
families="helm kustomize patches fleet-cli tables"
scripts=$(basename -s .sh -a tests/e2e/*.sh)

all_names() {
  printf '%s\n' format house cluster e2e scenarios/asan/{servers,programs} build/{release,asan,tsan}
  printf 'conformance/%s\n' $families
  printf 'e2e/%s\n' $scripts
  printf 'unit/release/%s\n' $rooms
  printf 'unit/asan/%s\n' $rooms
  printf 'unit/tsan/%s\n' $thread_rooms
  printf 'fuzz/%s\n' $corpora
}

wanted() { [ -z "$only" ] || [[ "$1" == *"$only"* ]]; }

# chosen PREFIX NAME...: those NAMEs whose checks PREFIX/NAME are wanted.
chosen() {
  local prefix="$1" name
  shift
  for name; do if wanted "$prefix/$name"; then echo "$name"; fi; done
}

skip() { skipped=$((skipped + 1)); say "skip  $1: $2"; }

# run NAME COMMAND...: runs it with output in a log. Exit code 77 means skipped; its last line says what is missing.
run() {
  local name="$1" code=0 start=$SECONDS
  shift
  local log="$logs/${name//\//_}.log"
  "$@" >"$log" 2>&1 </dev/null || code=$?
  if [ $code = 0 ]; then
    passed=$((passed + 1)); say "ok    $name ($((SECONDS - start)) s)"
    if grep -q '^\[  SKIPPED \]' "$log"; then skip "$name (in part)" "$(grep -m1 '^\[  SKIPPED \]' "$log") see $log"; fi
  elif [ $code = 77 ]; then
    skip "$name" "$(tail -n 1 "$log")"
  else
    failed=$((failed + 1)); say "FAIL  $name (exit $code; log: $log)"; tail -n 15 "$log" | sed 's/^/      /' >&2
  fi
}

check() { if wanted "$1"; then run "$@"; fi; }

format_check() { git ls-files '*.cc' '*.h' | grep -v "$generated" | xargs clang-format-14 --dry-run -Werror; }

# prepare KIND [TARGET...]: a failed build is a failed check, and the rest goes on.
prepare() { run "build/$1" bash -c '. scripts/lib.sh; build "$@"' build "$@"; }

# unit KIND ROOM...: the test programs of rooms, as that kind of build made them.
unit() {
  local kind="$1" room
  shift
  for room; do check "unit/$kind/$room" timeout 900 "build/$kind/bin/$room.test" --gtest_brief=1; done
}

conformance() {
  [ $# -gt 0 ] || return 0
  if [ ! -d ../shared/corpus ] && [ -z "${CORPUS:-}" ]; then
    skip "conformance" "no recorded cases at ../shared/corpus (CORPUS=DIR names another place)"
    return
  fi
  local family
  for family; do
    run "conformance/$family" build/release/bin/conformance --family "$family" \
      --corpus "${CORPUS:-../shared/corpus}" --open tests/conformance/open.txt
    tail -n 1 "$logs/conformance_$family.log" >&2
  done
}

# The product. Without a NAME everything is built: that it compiles is a test of the benches, too.
release() {
  local units=$(chosen unit/release $rooms) cases=$(chosen conformance $families) targets="" name
  if [ -n "$only" ] && ! wanted build/release; then
    targets=${units:+$(printf '%s.test ' $units)}
    if [ -n "$cases" ]; then targets+=" conformance"; fi
    if wanted cluster; then targets+=" cluster.tests"; fi
    if wanted e2e; then targets+=" e2e.tests"; fi
    if wanted e2e || [ -n "$(chosen e2e $scripts)" ]; then targets+=" fleet fleetagent fleetcontroller"; fi
    [ -n "$targets" ] || return 0
  fi
  prepare release $targets
  unit release $units
  conformance $cases
  check cluster timeout 1200 build/release/bin/cluster.tests --gtest_brief=1
  check e2e timeout 1200 build/release/bin/e2e.tests --gtest_brief=1
  for name in $scripts; do check "e2e/$name" timeout 600 bash "tests/e2e/$name.sh"; done
}

# scenarios PROGRAM: a test program of the kind asan; what the processes that it starts have to report fails it too.
scenarios() {
  local reports="$PWD/$logs/asan-$1" code=0 file
  rm -f "$reports".*
  ASAN_OPTIONS="$ASAN_OPTIONS:log_path=$reports" timeout 1800 "build/asan/bin/$1" --gtest_brief=1 || code=$?
  for file in "$reports".*; do
    if [ -s "$file" ]; then echo "$file:"; head -n 40 "$file"; code=1; fi
  done
  return $code
}

# Rooms, fuzzers' inputs and real servers under AddressSanitizer (with leaks) and UndefinedBehaviorSanitizer.
asan() {
  local units=$(chosen unit/asan $rooms) replays=$(chosen fuzz $corpora) targets="" name
  targets=${units:+$(printf '%s.test ' $units)}${replays:+$(printf '%s_replay ' $replays)}
  if wanted scenarios/asan/servers; then targets+=" cluster.tests"; fi
  # Whole programs take minutes under it: by name only, as `./dev test scenarios/asan/programs`.
  if [ -n "$only" ] && wanted scenarios/asan/programs; then targets+=" e2e.tests fleet fleetagent fleetcontroller"; fi
  if wanted build/asan; then targets+=" unit-tests fuzz-replays"; fi
  [ -n "$targets" ] || return 0
  export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1
  export UBSAN_OPTIONS=print_stacktrace=1
  prepare asan $targets
  unit asan $units
  for name in $replays; do run "fuzz/$name" timeout 300 "build/asan/bin/${name}_replay" "fuzz/corpus/$name"; done
  check scenarios/asan/servers scenarios cluster.tests
  if [ -n "$only" ]; then check scenarios/asan/programs scenarios e2e.tests; fi
}

# The rooms with threads under ThreadSanitizer.
tsan() {
  local units=$(chosen unit/tsan $thread_rooms) targets=""
  targets=${units:+$(printf '%s.test ' $units)}
  if wanted build/tsan; then targets+=" unit-tests-threads"; fi
  [ -n "$targets" ] || return 0
  prepare tsan $targets
  unit tsan $units
}

if [ -n "$only" ] && ! grep -qF -- "$only" <<<"$(all_names)"; then
  say "no test has a name that contains '$only'; the names are:"
  all_names | grep -v '^unit/[at]san' | sort | tr '\n' ' ' | fold -sw 120 >&2
  say $'\nand each room also as unit/asan/ROOM, those with threads as unit/tsan/ROOM'
  echo "0 passed, 0 failed, 0 skipped"
  exit 2
fi
install_packages build run test lint
check format format_check
check house scripts/house.sh
release
asan
tsan
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
