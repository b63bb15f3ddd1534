#!/usr/bin/env bash
# Makes target/python, a virtual environment of the packages that tests/requirements.txt pins, and prints its interpreter.
# Nothing of it is in the program.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=tests/requirements.txt
if ! cmp -s "$wanted" target/python/installed.txt; then
  echo "making target/python of $wanted" >&2
  rm -rf target/python
  python3 -m venv target/python >&2
  target/python/bin/python3 -m pip install --quiet --disable-pip-version-check --no-deps -r "$wanted" >&2
  cp "$wanted" target/python/installed.txt
fi
echo target/python/bin/python3
