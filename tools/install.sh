#!/usr/bin/env bash
# Installs what the tests need: Debian's packages, those named besides, and Python's into target/. Without root or sudo it says
# in one line what to install.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(postgresql-15 postgresql-15-postgis-3 gdal-bin chromium fonts-noto-cjk python3-venv "$@")

missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
done

if [ ${#missing[@]} -eq 0 ]; then
  tools/python.sh >/dev/null
  exit 0
fi

root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! sudo -n true 2>/dev/null; then
    echo "these packages are needed, please install them: sudo apt-get install ${missing[*]}" >&2
    exit 1
  fi
  root=(sudo -n)
fi

apt_install() {
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" </dev/null
}

echo "installing ${missing[*]}"
# The package lists are read anew only when the known ones do not do.
if ! apt_install; then
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q </dev/null
  apt_install
fi
tools/python.sh >/dev/null
