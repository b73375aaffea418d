#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every installed peer on the same case; arguments are passed through, e.g. ./run_all.sh --paths 100000 --repeat 5
cd "$(dirname "$0")" || exit 1
PY=${PYTHON:-/usr/bin/python3}
have() { command -v "$1" >/dev/null 2>&1; }
mod() { "$PY" -c "import $1" >/dev/null 2>&1; }
two() { [ "$(nproc)" -ge 2 ]; }
if mod numpy; then
  "$PY" peer_numpy.py --variant plain "$@"
  "$PY" peer_numpy.py --variant tuned "$@"
  two && "$PY" peer_numpy.py --variant plain --procs 2 "$@"
  two && "$PY" peer_numpy.py --variant tuned --procs 2 "$@"
fi
mod torch && { "$PY" peer_torch.py --threads 1 "$@"; two && "$PY" peer_torch.py --threads 2 "$@"; }
mod numba && { "$PY" peer_numba.py --threads 1 "$@"; two && "$PY" peer_numba.py --threads 2 "$@"; }
have Rscript && { Rscript peer_r.R "$@"; two && Rscript peer_r.R --procs 2 "$@"; }
have octave-cli && octave-cli --no-gui peer_octave.m "$@" 2>/dev/null
have pypy3 && pypy3 peer_python.py "$@"
[ -n "$SLOW" ] && "$PY" peer_python.py "$@"      # about 0.3 ms per path: SLOW=1 to include it
exit 0
