#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck disable=SC2317 # the checks are called through check()
# Every check that only reads the tree (and the objects of `make`); all run, all complaints are shown.
# A tool that is not installed is said and left out, except in CI.
set -u
cd "$(dirname "$0")/.." || exit 2
status=0

check() # title, command...
{
    title=$1
    shift
    if "$@"; then echo "ok    $title"; else echo "FAIL  $title"; status=1; fi
}

tool()
{
    command -v "$1" >/dev/null 2>&1 && return 0
    [ "${CI:-}" != true ] || { echo "FAIL  $1 is not installed"; status=1; }
    echo "left out: $1 is not installed"
    return 1
}

formatted()
{
    find src tests -name '*.[ch]' | while read -r file; do
        clang-format-14 --dry-run --Werror "$file" 2>/dev/null || echo "$file: not formatted"
    done | { ! grep .; }
}

headers_compile_alone()
{
    find src -name '*.h' | while read -r header; do
        # shellcheck disable=SC2046 # words of flags
        ${CC:-cc} -std=c11 -D_GNU_SOURCE -Isrc $(pkg-config --cflags gsl libcjson xlsxwriter) -Wall -Wextra -Werror \
            -fsyntax-only -x c -include "$header" /dev/null || echo "$header"
    done | { ! grep .; }
}

spdx_lines()
{
    ! find Makefile .ci src tests \( -name '*.[ch]' -o -name '*.def' -o -name '*.sh' -o -name '*.py' -o -name Makefile \
        -o -path .ci/run \) -type f -exec grep -L 'SPDX-License-Identifier: GPL-3.0-or-later' {} + | grep .
}

# Absolute paths of somebody's machine have no place in the tree.
machine_paths()
{
    ! grep -rnIE --exclude-dir=.git --exclude-dir=build "(^|[^[:alnum:]_.~/-])/(work|root|home/[a-z]+)(/|\$|[^[:alnum:]_/])" .
}

if tool clang-format-14; then
    check 'format (make format)' formatted
fi
check 'layers, owners of outside headers, symbols' .ci/layers.sh
check 'banned calls' .ci/banned.sh
check 'functions of at most 80 lines, files of at most 600' .ci/sizes.sh
check 'headers compile alone' headers_compile_alone
check 'SPDX lines' spdx_lines
check 'no paths of one machine' machine_paths
if tool shellcheck; then
    check 'shellcheck' sh -c "find .ci tests -name '*.sh' | xargs shellcheck .ci/run"
fi
exit $status
