#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The project's own scenarios against their rules and baselines. After a change that is meant: see what it moved
# (build/pricesim check scenarios), say why in the changelog under Results, and build/pricesim accept scenarios.
set -u
cd "$(dirname "$0")/../.." || exit 2
"${PRICESIM:-build/pricesim}" check scenarios -q
status=$?
if [ $status = 0 ]; then echo '1 passed, 0 failed, 0 skipped'; else echo '0 passed, 1 failed, 0 skipped'; fi
exit $status
