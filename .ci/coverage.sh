#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The part of each source file's lines that the tests of `make coverage` reached, least first, and of all.
set -eu
cd "$(dirname "$0")/.."
find build/coverage/src -name '*.gcno' | while read -r notes; do
    gcov -n -o "$(dirname "$notes")" "$notes" 2>/dev/null
done | awk '
    /^File / { split($0, part, "\x27"); file = part[2] }
    /^Lines executed:/ && file ~ /^src\// {
        split($2, value, /[:%]/)
        lines = $NF; reached = int(value[2] * lines / 100 + 0.5)
        if (lines > all[file]) { all[file] = lines }
        if (reached > got[file]) { got[file] = reached }
        file = ""
    }
    END {
        for (f in all) {
            printf "%6.1f %% of %5d  %s\n", 100 * got[f] / all[f], all[f], f | "sort -n"
            a += all[f]; g += got[f]
        }
        close("sort -n")
        if (a) printf "%6.1f %% of %5d  all\n", 100 * g / a, a
    }'
