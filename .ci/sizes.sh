#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails on a file of src/ of more than 600 lines and on a function of more than 80, braces counted. A function's braces
# stand alone in the first column, as .clang-format puts them.
set -eu
cd "$(dirname "$0")/.."
find src tests -name '*.[ch]' -exec awk '
    FNR == 1 { open = 0 }
    FNR == 601 && FILENAME ~ /^src\// { print FILENAME ": more than 600 lines"; bad = 1 }
    /^[a-zA-Z].*\(/ { title = $0 }
    /^\{/ { open = FNR }
    /^\}/ && open {
        if (FNR - open + 1 > 80) { print FILENAME ":" open ": " FNR - open + 1 " lines: " title; bad = 1 }
        open = 0
    }
    END { exit bad }' {} +
