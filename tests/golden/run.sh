#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Command output against what was accepted. A case is NAME.cmd, a line of shell with `pricesim` in it, run in this folder;
# NAME.expected holds its standard output, then standard error and exit status. tests/golden/run.sh --accept [NAME...]
# takes the output of now. The version is left out: a release changes no answer.
# shellcheck disable=SC1090 # a case is a line of shell
set -u
cd "$(dirname "$0")" || exit 2
program=${PRICESIM:-../../build/pricesim}
[ -x "$program" ] || { echo "no program at $program" >&2; exit 2; }
passed=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pricesim() { "$program" "$@"; }

observe() # NAME
{
    ( . "./$1.cmd" ) >"$work/out" 2>"$work/err" </dev/null
    status=$?
    {
        cat "$work/out"
        [ ! -s "$work/err" ] || { echo '--- standard error'; cat "$work/err"; }
        echo "--- exit $status"
    } | sed -e 's/pricesim [0-9][0-9.]*\([ ,(]\)/pricesim VERSION\1/' \
        -e 's/"version": "[0-9.]*"/"version": "VERSION"/' -e 's/,version,value,[0-9.]*/,version,value,VERSION/' >"$work/got"
}

accept=no
[ "${1:-}" != --accept ] || { accept=yes; shift; }
[ $# != 0 ] || set -- *.cmd
for case in "$@"; do
    name=$(basename "$case" .cmd)
    observe "$name"
    if [ $accept = yes ]; then
        cp "$work/got" "$name.expected"
    elif diff -u "$name.expected" "$work/got" >"$work/diff"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "not ok: $name"
        head -n 40 "$work/diff"
    fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
