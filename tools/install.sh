#!/usr/bin/env bash
# Installs what the tests need: what Debian has, the packages named besides, and pyarrow, which Debian has not, into
# target/. Without root or sudo it says in one line what to install.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(postgresql-15 postgresql-15-postgis-3 gdal-bin chromium fonts-noto-cjk python3-pip "$@")

missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
done

# The reference reader of Arrow and Parquet, for the tests of what we write: nothing of it is in the program.
install_pyarrow() {
  local version=26.0.1
  [ -d "target/pyarrow/pyarrow-$version.dist-info" ] && return
  rm -rf target/pyarrow
  python3 -m pip install --quiet --root-user-action=ignore --disable-pip-version-check --no-deps --target target/pyarrow "pyarrow==$version"
}

if [ ${#missing[@]} -eq 0 ]; then
  install_pyarrow
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
install_pyarrow
