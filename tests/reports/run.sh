#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# HTML reports in a real browser. `make test-reports` installs what it needs.
cd "$(dirname "$0")/../.." || exit 2
exec node tests/reports/browser.mjs
