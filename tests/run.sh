#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the tests that were built: tests/run.sh [KIND...], a kind being a folder of tests/. Use `make test`.
#
# A part is a program tests/unit/test_*.c, or a script run.sh or run.py in a folder of tests/. Parts run in the order of
# KINDS, then the folders that are not in it by name (bench is no test; reports needs programs: make test-reports).
# A part says what it tested: a last line "N passed, N failed, N skipped", or else Check's summary, TAP, unittest's last
# lines; one that says nothing is one test, its exit status the verdict. The last line is the sum over all parts; a part that fails in any way fails the run.
set -u
cd "$(dirname "$0")/.." || exit 2

KINDS='unit oracle property stats determinism shards mpi cli golden stored inert language compare respond check baselines reject schema fault docs validation'
BUILD=${BUILD:-build/release}
PYTHON=${PYTHON:-python3}
LIMIT_SECONDS=240
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac
PRICESIM=$BUILD/pricesim
CC=${CC:-cc}
export BUILD PRICESIM PYTHON CC
logs=$BUILD/test-logs
passed=0 failed=0 skipped=0

# Prints "passed failed skipped" of a log.
count()
{
    awk '
        function number(key,  rest) {
            if (!match($0, key)) return 0
            rest = substr($0, RSTART + RLENGTH)
            return rest + 0
        }
        /^[0-9]+%: Checks: / {
            bad = number("Failures: ") + number("Errors: ")
            f += bad; p += number("Checks: ") - bad
        }
        /^ok( |$)/ { if (/# *[Ss][Kk][Ii][Pp]/) s++; else p++ }
        /^not ok( |$)/ { f++ }
        /^Ran [0-9]+ tests? in / { ran = $2; p += ran }
        ran && /^(OK|FAILED)( |$)/ {
            bad = number("failures=") + number("errors="); skip = number("skipped=")
            f += bad; s += skip; p -= bad + skip; ran = 0
        }
        /^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$/ { lp = $1; lf = $3; ls = $5; last = 1 }
        END {
            if (last) { p = lp; f = lf; s = ls }
            print p + 0, f + 0, s + 0
        }' "$1"
}

# One part: its name, then its command.
part()
{
    name=$1
    shift
    log=$logs/$(echo "$name" | tr / -).log
    begin=$(date +%s)
    if command -v timeout >/dev/null 2>&1; then
        timeout "$LIMIT_SECONDS" "$@" >"$log" 2>&1 </dev/null
    else
        "$@" >"$log" 2>&1 </dev/null
    fi
    status=$?
    # shellcheck disable=SC2046 # three numbers
    set -- $(count "$log")
    p=$1 f=$2 s=$3
    [ $((p + f + s)) != 0 ] || { [ $status != 0 ] || p=1; }
    [ $status = 0 ] || [ "$f" != 0 ] || f=1
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    verdict=ok
    [ "$f" = 0 ] || verdict=FAIL
    printf '%-4s %-34s %5d passed %4d failed %4d skipped %4d s\n' "$verdict" "$name" "$p" "$f" "$s" \
        $(($(date +%s) - begin))
    if [ "$f" != 0 ]; then
        [ $status != 124 ] || echo "     stopped after $LIMIT_SECONDS s"
        echo "     exit status $status; the end of $log:"
        tail -n 60 "$log" | cut -c 1-240 | sed 's/^/     | /'
    fi
}

kind()
{
    if [ "$1" = unit ]; then
        for source in tests/unit/test_*.c; do
            [ -e "$source" ] || continue
            base=$(basename "$source" .c)
            part "unit/$base" "$BUILD/tests/unit/$base"
        done
    fi
    [ ! -e "tests/$1/run.sh" ] || part "$1/run.sh" sh "tests/$1/run.sh"
    [ ! -e "tests/$1/run.py" ] || part "$1/run.py" "$PYTHON" "tests/$1/run.py"
}

# The kinds asked for; without any, those of KINDS and then the other folders.
kinds()
{
    if [ $# != 0 ]; then
        echo "$@"
        return
    fi
    echo "$KINDS"
    for folder in tests/*/; do
        name=$(basename "$folder")
        case " $KINDS bench reports " in *" $name "*) ;; *) echo "$name" ;; esac
    done
}

rm -rf "$logs"
mkdir -p "$logs" || exit 2
for each in $(kinds "$@"); do
    [ -d "tests/$each" ] || { [ $# = 0 ] && continue; echo "no folder tests/$each" >&2; exit 2; }
    kind "$each"
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
