#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Speed and memory of pricesim against NumPy on PS-BENCH-1: what `make bench` runs. Options are those of bench.py.
set -eu
cd "$(dirname "$0")/../.."
CC=${CC:-cc} PYTHON=${PYTHON:-python3} .ci/need.sh build bench
[ -x build/pricesim ] || { echo 'no build/pricesim: run make first' >&2; exit 2; }
exec "${PYTHON:-python3}" tests/bench/bench.py --program build/pricesim "$@"
