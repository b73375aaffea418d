#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails on calls that do not belong in src/: unsafe or process-wide ones anywhere, and on the result path functions of
# libm whose bits differ between processors and library versions (use math/vmath.h; sqrt and fma are exact).
set -eu
cd "$(dirname "$0")/.."
status=0
code=$(mktemp)
trap 'rm -f "$code"' EXIT

# Lines that may, with the reason.
allowed() { grep -vE "$1" || true; }
# The program ends a process: at its end, and when a signal comes twice.
# A workbook is written by a child process.
exempt='^src/(app/(main|signals)|report/xlsx)\.c:.*\b(_?exit|abort)\b'

banned() # functions, reason, exceptions; code on standard input
{
    found=$(grep -E "(^[^:]*:[0-9]+:|[^[:alnum:]_.>])($1) *\(" | allowed "$3")
    [ -z "$found" ] || { printf '%s\n' "$found" "-> $2"; status=1; }
}

find src -name '*.[ch]' -exec awk -f .ci/code.awk {} + >"$code"
banned 'strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|atof|strtok|rand|srand|exit|_exit|_Exit|abort|system|popen' \
    'unsafe, or not for a library' "$exempt" <"$code"
grep -E '^src/(math|model)/|^src/engine/hot_' "$code" >"$code.hot" || true
banned '(exp|exp2|exp10|expm1|log|log2|log10|log1p|pow|cbrt|hypot|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|erf|erfc|[lt]gamma)[fl]?|gsl_[a-z0-9_]+' \
    'bits depend on the processor and the library: use math/vmath.h' '^$' <"$code.hot"
rm -f "$code.hot"
exit $status
