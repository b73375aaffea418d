#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What `make bench` (table.py) and `make bench-numpy` (bench.py) run: run.sh bench|bench-numpy [OPTIONS of that program].
set -eu
cd "$(dirname "$0")/../.."
CC=${CC:-cc} PYTHON=${PYTHON:-python3} .ci/need.sh build bench
[ -x build/pricesim ] || { echo 'no build/pricesim: run make first' >&2; exit 2; }
what=$1
shift
case $what in
bench) exec "${PYTHON:-python3}" tests/bench/table.py "$@" ;;
*) exec "${PYTHON:-python3}" tests/bench/bench.py --program build/pricesim "$@" ;;
esac
