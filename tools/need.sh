#!/usr/bin/env bash
# Tells in one line which of the named programs are missing, and where each comes from.
set -euo pipefail

missing=()
for program in "$@"; do
  command -v "$program" >/dev/null || missing+=("$program")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "gridmap needs ${missing[*]}: cargo comes with Rust (rust-version is in Cargo.toml), node and npm with Node.js 20.19 or newer" >&2
  exit 1
fi
if [[ " $* " == *" node "* ]]; then
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' || {
    echo "gridmap needs Node.js 20.19 or newer, this is $(node --version)" >&2
    exit 1
  }
fi
