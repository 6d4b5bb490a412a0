#!/bin/sh
# Our readers of timing protocols beside published ones, on the same files in one run.
#
#   benches/timing.sh [FILE…]
#
# FILE: further logs of RMonitor feeds. Needs cargo; the package registry for the first build.
set -eu
cd "$(dirname "$0")/.."
echo "$(uname -m), $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1); load $(cut -d' ' -f1 /proc/loadavg)"
cargo build --quiet --release --manifest-path benches/timing/Cargo.toml
benches/timing/target/release/timing-peers crates/timing/captures/rmonitor/*.rmon crates/timing/captures/redmist/*.rmon "$@"
