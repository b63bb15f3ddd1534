#!/usr/bin/env bash
# Runs every test and closes with the runners' own closing lines. A test that was skipped or ignored fails the run.
set -uo pipefail
cd "$(dirname "$0")/.."

logs=target/test
rm -rf "$logs"
mkdir -p "$logs"
export NO_COLOR=1 CARGO_TERM_COLOR=never
failures=()

# run NAME COMMAND...: all are run, even after one has failed.
run() {
  local name=$1
  shift
  echo
  echo "=== $name: $*"
  local started=$SECONDS
  "$@" </dev/null 2>&1 | tee "$logs/$name.log" || failures+=("$name")
  echo "=== $name took $((SECONDS - started)) s"
}

run page npm --prefix web run --silent test
# Three tests more at a time than there are cores: many wait for a server, a deadline or a disk.
export RUST_TEST_THREADS=${RUST_TEST_THREADS:-$(($(nproc) + 3))}
run rust tests/postgres.sh run cargo test --locked --no-fail-fast
# The API once more over PostgreSQL: what it answers must not hang on the store. What no store has a part in is left out: trees
# of numbers, what follows from answers, the document, shapes of tiles, the forms of columns, and callers who are slow or do not read.
run api tests/postgres.sh run env GRIDMAP_TEST_API=postgres cargo test --locked --no-fail-fast --test it api:: -- \
  --skip api::described --skip told::trees --skip told::views --skip tile_shapes --skip api::columns --skip api::callers
# The walk drives the binary that was built for the Rust tests.
run walk npm --prefix tests/e2e run --silent test
run budgets env RUNS=5 node tests/e2e/budgets.mjs

# What each runner says of itself in the end.
closing="$logs/closing"
{
  grep -hE '^ +Tests ' "$logs/page.log"
  grep -hE '^test result: ' "$logs/rust.log" "$logs/api.log"
  grep -hE '^ℹ (tests|pass|fail|cancelled|skipped|todo) ' "$logs/walk.log"
} >"$closing"

skipped=$(grep -E '[1-9][0-9]* (ignored|skipped|todo)|^ℹ (skipped|todo|cancelled) [1-9]' "$closing" || true)
if [ -n "$skipped" ]; then
  echo "=== skipped tests fail the run:"
  echo "$skipped"
  failures+=(skipped)
fi

# Adds up what stands before, or behind, a word in the closing lines.
total() {
  grep -oE "[0-9]+ $1|^ℹ $2 [0-9]+" "$closing" | grep -oE '[0-9]+' | awk '{ sum += $1 } END { print sum + 0 }'
}

echo
cat "$closing"
if [ ${#failures[@]} -gt 0 ]; then
  echo "failed: ${failures[*]}"
fi
echo "$(total passed pass) passed, $(total failed fail) failed"
[ ${#failures[@]} -eq 0 ]
