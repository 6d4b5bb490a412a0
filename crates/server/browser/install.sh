#!/usr/bin/env bash
# What the browser tests need, in place: Chromium, Node, and two npm packages in target/browser. Says what it lacks and how to get it; where
# something cannot be had it leaves it at that, and the tests say that they were skipped (with CI=true they fail). Run it as often as you like.
set -euo pipefail
here="$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
target="${CARGO_TARGET_DIR:-$here/../../../target}"
modules="$target/browser"

lacks() {
  echo "browser tests: $1" >&2
  exit 1
}

# debian COMMAND PACKAGE…: a command from Debian's packages, where there are such and we may.
debian() {
  local wanted="$1"
  shift
  command -v "$wanted" >/dev/null && return
  command -v apt-get >/dev/null || lacks "$wanted is missing; install it with this system's own packages"
  [[ "$(id -u)" == 0 ]] || lacks "$wanted is missing: sudo apt-get install $*"
  echo "browser tests: installing $*"
  apt-get install --yes --no-install-recommends "$@" >/dev/null 2>&1 ||
    { apt-get update >/dev/null && apt-get install --yes --no-install-recommends "$@" >/dev/null; } ||
    lacks "$* could not be installed: apt-get install $*"
}
command -v google-chrome >/dev/null || debian chromium chromium
debian node nodejs
debian npm npm
node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' || lacks "node $(node --version) is too old: 20 or newer is needed"

mkdir -p "$modules"
if ! cmp -s "$here/package-lock.json" "$modules/installed.json"; then
  rm -f "$modules/installed.json"
  cp "$here/package.json" "$here/package-lock.json" "$modules/"
  # Neither package has a script to run, and playwright-core brings no browser of its own.
  npm ci --prefix "$modules" --ignore-scripts --no-audit --no-fund >"$modules/npm.log" 2>&1 ||
    lacks "the npm packages could not be installed (the network?); see $modules/npm.log"
  cp "$here/package-lock.json" "$modules/installed.json"
fi
echo "browser tests: ready"
