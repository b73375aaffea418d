#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The same scenario, seed and number of paths give the same bytes with any number of threads and every instruction set
# that this processor has (others fall back to one that it has), in any language and time zone. 200 paths: no multiple of
# a batch. Random scenarios and the order of keys: run.py.
set -u
cd "$(dirname "$0")/../.." || exit 2
program=${PRICESIM:-build/pricesim}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run() # threads, instruction set, scenario, output
{
    PRICESIM_ISA=$2 "$program" run "$3" --paths 200 --threads "$1" --format json --quiet -o "$4"
}

for scenario in scenarios/*.json tests/bench/ps_bench_1.json; do
    case $scenario in *.baseline.json) continue ;; esac
    name=$(basename "$scenario" .json)
    run 1 baseline "$scenario" "$work/first" || { echo "not ok $name runs"; continue; }
    for case in 2:baseline 7:baseline 1:v3 3:v3 1:v4 2:v4; do
        if run "${case%:*}" "${case#*:}" "$scenario" "$work/again" && cmp -s "$work/first" "$work/again"; then
            echo "ok $name: threads:instruction set $case"
        else
            echo "not ok $name: threads:instruction set $case"
        fi
    done
    # Another seed has to differ, or the comparison says nothing.
    "$program" run "$scenario" --paths 200 --seed 99 --format json --quiet -o "$work/again"
    if cmp -s "$work/first" "$work/again"; then echo "not ok $name: another seed"; else echo "ok $name: another seed"; fi
done >"$work/tap"

# A language with a decimal comma, made here; time zones in which the day is another one.
scenario=scenarios/default.json
run 2 baseline "$scenario" "$work/first"
if localedef -i de_DE -f UTF-8 "$work/de_DE.UTF-8" 2>/dev/null &&
    LOCPATH=$work LC_ALL=de_DE.UTF-8 locale -k decimal_point 2>/dev/null | grep -q '","'; then
    export LOCPATH="$work" LC_ALL=de_DE.UTF-8
    run 2 baseline "$scenario" "$work/again"
    unset LOCPATH LC_ALL
    if cmp -s "$work/first" "$work/again"; then echo 'ok a decimal comma'; else echo 'not ok a decimal comma'; fi
else
    echo 'ok a decimal comma # SKIP no German locale here'
fi >>"$work/tap"
for zone in Pacific/Kiritimati Etc/GMT+12 America/New_York; do
    export TZ="$zone"
    run 2 baseline "$scenario" "$work/again"
    unset TZ
    if cmp -s "$work/first" "$work/again"; then echo "ok time zone $zone"; else echo "not ok time zone $zone"; fi
done >>"$work/tap"
# Of many paths the figures too are made by several threads.
many() # threads, output
{
    "$program" run tests/bench/ps_bench_1.json --paths 40000 --threads "$1" --attribution none --format json --quiet -o "$2"
}
many 1 "$work/first" || echo 'not ok many paths run' >>"$work/tap"
for threads in 2 4 7; do
    many "$threads" "$work/again"
    if cmp -s "$work/first" "$work/again"; then echo "ok many paths: $threads threads"; else echo "not ok many paths: $threads threads"; fi
done >>"$work/tap"
# With every input at its centre all futures are the same one, also beyond the first 4,096, whose choices another copy of the
# loop makes; and that of plans that keep what is paid another than that of plans with bad debt.
for debt in 0 0.1; do
    "$program" run tests/bench/ps_bench_1.json --paths 8192 --attribution none --format json --quiet --set /run/parameters=centre \
        --set /payment/bad_debt=$debt -o "$work/first"
    if [ "$(grep -cE '^    "(revenue|contribution|collected)": .*"sd": 0, ' "$work/first")" = 3 ]; then
        echo "ok one future at the centre, bad debt $debt"
    else
        echo "not ok one future at the centre, bad debt $debt"
    fi
    [ $debt = 0 ] || continue
    if grep -q '^    "revenue": {"mean": 127082\.9135' "$work/first" && grep -q '^    "contribution": {"mean": 74880\.0193' "$work/first"; then
        echo 'ok the peers numbers at the centre'
    else
        echo 'not ok the peers numbers at the centre'
    fi
done >>"$work/tap"
cat "$work/tap"
! grep -q '^not ok' "$work/tap"
