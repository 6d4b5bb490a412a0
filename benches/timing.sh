#!/bin/sh
# Our readers of timing protocols beside published ones, in one run on one machine: RMonitor beside the crate `rmonitor` on the same files, P3 with the package `metarace` as the
# other end of the line, both ways.
#
#   benches/timing.sh [FILE…]
#
# FILE: further logs of RMonitor feeds. Needs cargo and python3 with venv, and their package registries the first time.
set -eu
cd "$(dirname "$0")/.."
echo "$(uname -m), $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1); load $(cut -d' ' -f1 /proc/loadavg)"
cargo build --quiet --release --manifest-path benches/timing/Cargo.toml
benches/timing/target/release/timing-peers crates/timing/captures/rmonitor/*.rmon crates/timing/captures/redmist/*.rmon "$@"
cargo build --quiet --release
venv=benches/timing/target/venv
[ -x $venv/bin/python ] || python3 -m venv $venv
$venv/bin/pip install --quiet metarace==2.1.35
$venv/bin/python benches/timing/p3.py target/release/parcferme
