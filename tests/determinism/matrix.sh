#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The same bits whoever compiles: what is on the result path (src/math, src/model, src/engine/hot_*) is compiled again by each
# compiler, with other optimisations and for other instruction sets, and linked with the rest of build/release. Results of a few
# paths are hashed: with 1, 2 and 4 threads, and put together from three shards. `make matrix`, which gives what is to be
# linked. Each compiler meets each -O level and each instruction set at least once; -O3 of gcc is build/release itself, which
# has all sets. PRICESIM_MATRIX=full: every combination.
set -u
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2086 # MATRIX_* are lists of words
set -- $MATRIX_HOT

scenarios='scenarios/default.json scenarios/electricity.json scenarios/subscription.json scenarios/double_eleven.json
scenarios/channel_partner.json tests/oracle/scenarios/equilibrium_nash.json tests/oracle/scenarios/laws.json tests/bench/ps_bench_1.json'
some='gcc:0:baseline gcc:1:v3 gcc:2:v4 clang:0:v4 clang:1:baseline clang:2:v3 clang:3:v4'
full=$(for cc in gcc clang; do for o in 0 1 2 3; do for isa in baseline v3 v4; do echo "$cc:$o:$isa"; done; done; done)

march() { case $1 in v3) echo -march=x86-64-v3 ;; v4) echo '-march=x86-64-v4 -mprefer-vector-width=512' ;; esac; }

# Whether this processor has what an instruction set needs.
has() { case $1 in v3) grep -qw avx2 /proc/cpuinfo && grep -qw fma /proc/cpuinfo ;; v4) grep -qw avx512vl /proc/cpuinfo ;; esac; }

build() # compiler, -O level, instruction set; the program is $work/program
{
    rm -rf "$work/o" && mkdir "$work/o" || return 1
    # shellcheck disable=SC2086,SC2016,SC2046
    for file in $MATRIX_HOT src/engine/isa.c; do
        echo "$file" "$work/o/$(echo "$file" | tr / _).o"
    done | xargs -P "$(getconf _NPROCESSORS_ONLN)" -n 2 sh -c '"$0" '"$MATRIX_FLAGS -DPS_ONE_ISA -O$2 $(march "$3")"' -c -o "$2" "$1"' "$1" &&
        "$1" -pthread -o "$work/program" $MATRIX_REST "$work"/o/*.o $MATRIX_LIBS
}

run() # scenario, threads, program: the hash of its answer
{
    "$3" run "$1" --paths 72 --attribution 40 --threads "$2" --format json --quiet 2>&1 | sha256sum
}

in_shards() # scenario, program
{
    for k in 1 2 3; do
        "$2" run "$1" --paths 72 --attribution 40 --quiet --shard "$k/3" -o "$work/$k.shard" || return 1
    done
    "$2" merge "$work"/[123].shard --format json --quiet 2>&1 | sha256sum
}

passed=0 failed=0 skipped=0
for scenario in $scenarios; do
    run "$scenario" 1 build/release/pricesim
done >"$work/wanted"
[ "$(sort -u "$work/wanted" | wc -l)" = "$(wc -l <"$work/wanted")" ] || { echo 'not ok: the hashes say nothing'; failed=1; }

case ${PRICESIM_MATRIX:-} in full) list=$full ;; *) list=$some ;; esac
for each in $list; do
    cc=${each%%:*} isa=${each##*:} level=${each#*:}
    level=${level%:*}
    if ! command -v "$cc" >/dev/null 2>&1 || { [ "$isa" != baseline ] && ! has "$isa"; }; then
        echo "skipped: $cc -O$level $isa: not here"
        skipped=$((skipped + 1))
        continue
    fi
    if ! build "$cc" "$level" "$isa"; then
        echo "not ok: $cc -O$level $isa cannot be built"
        failed=$((failed + 1))
        continue
    fi
    for threads in 1 2 4 shards; do
        for scenario in $scenarios; do
            case $threads in
            shards) in_shards "$scenario" "$work/program" ;;
            *) run "$scenario" "$threads" "$work/program" ;;
            esac
        done >"$work/found"
        if cmp -s "$work/wanted" "$work/found"; then
            echo "ok: $cc -O$level $isa, $threads"
            passed=$((passed + 1))
        else
            echo "not ok: $cc -O$level $isa, $threads: scenarios $(cmp "$work/wanted" "$work/found" 2>&1 | sed 's/.*line/from number/')"
            failed=$((failed + 1))
        fi
    done
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
