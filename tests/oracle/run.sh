#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Compares build/pricesim with the model written a second time (oracle.py, standard library only): see compare.py.
set -eu
exec "${PYTHON:-python3}" "$(dirname "$0")/compare.py" "$@"
