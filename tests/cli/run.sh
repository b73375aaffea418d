#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What the command does with files, signals and closed pipes: exit codes, whole files, nothing left over.
# shellcheck disable=SC2015,SC2181 # ok cannot fail; the status is compared with more than success
set -u
cd "$(dirname "$0")" || exit 2
program=${PRICESIM:-../../build/pricesim}
case $program in /*) ;; *) program=$PWD/$program ;; esac
[ -x "$program" ] || { echo "no program at $program" >&2; exit 2; }
root=$PWD/../..
scenario=$PWD/../golden/summer.json against=$PWD/../../scenarios/printer.json
passed=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2

ok()
{
    passed=$((passed + 1))
}
bad()
{
    failed=$((failed + 1))
    echo "not ok: $*"
    sed 's/^/    /' err 2>/dev/null | head -n 5
}

# fact, exit status, a word that standard error must hold ('' : it must be empty), command...
expect()
{
    fact=$1 want=$2 word=$3
    shift 3
    "$@" >out 2>err </dev/null
    got=$?
    if [ $got != "$want" ]; then
        bad "$fact: exit $got, not $want"
    elif [ -n "$word" ] && ! grep -qF -- "$word" err; then
        bad "$fact: '$word' is not said"
    elif [ -z "$word" ] && [ -s err ]; then
        bad "$fact: something is said"
    elif find . -name '.pricesim.*' | grep -q .; then
        bad "$fact: a temporary file is left"
    else
        ok
    fi
}
run() { "$program" run "$scenario" --paths 128 --attribution none "$@"; }

expect 'a missing file is named' 4 'no.json: error[NOT_FOUND]' "$program" run no.json
expect 'a folder is no scenario' 4 'NOT_FILE' "$program" run .
expect 'a device is no scenario' 4 'NOT_FILE' "$program" run /dev/zero
expect 'a missing output folder is named' 4 'folder no/such' run -o no/such/x.json
expect 'a missing TMPDIR is named' 4 'temporary file in no/such' env TMPDIR=no/such "$program" run "$scenario" --paths 64 -q -o x.xlsx
expect 'a suffix without a format is refused' 2 'no format has the suffix' run -o x.foo
expect 'a full device is an error' 4 'No space left' run -o /dev/full
expect 'an abbreviated option is refused' 2 'did you mean --paths' "$program" run "$scenario" --path 5
expect 'a value of a flag is refused' 2 'takes no value' run --quiet=yes
expect 'a second scenario is refused' 2 'one argument too many' run "$scenario"
expect 'a seed beyond 2^64 is refused' 3 '/run/seed' run --seed 18446744073709551616
expect 'a warning is no failure' 0 'WARN_FEW_PATHS' "$program" run "$scenario" --paths 64 --attribution none
expect 'a warning can be silenced' 0 '' "$program" run "$scenario" --paths 64 --attribution none -q
expect 'with --strict it fails' 3 'error[WARN_FEW_PATHS]' "$program" run "$scenario" --paths 64 --strict
[ ! -s out ] && ok || bad 'a strict failure still reports'
expect 'an abbreviated option with its value is refused' 2 'did you mean --paths' "$program" run "$scenario" --path=5
expect 'an ambiguous beginning is an unknown option' 2 "unknown option '--p'" "$program" run "$scenario" --p 5
expect 'an abbreviated flag is refused' 2 'did you mean --quiet' run --quie
expect 'an unknown letter is refused' 2 "unknown option '-x'; see 'pricesim help run'" run -x
expect 'an unknown letter among others is refused' 2 "unknown option '-qx'" run -qx
expect 'an option without its value is refused' 2 'option --plan needs a value: ID' run --plan
expect 'a letter without its value is refused' 2 'option --paths needs a value: N' run -n
expect 'a deadline of ranks needs ranks' 2 'for runs with --mpi' run --deadline 5
expect 'an empty value is a value' 2 "--threads: a whole number expected, '' found" run --threads=
expect 'a value may look like an option' 4 "cannot write --/x.json: folder --:" run -o --/x.json
expect 'what follows -- is an operand' 4 "-q: error[NOT_FOUND]" "$program" validate -- -q
expect 'the last of an option given twice holds' 0 '' run -qn 64 -n 128
expect 'the help of a command goes before what is wrong' 0 '' run -h one two
expect 'an operand too many is named' 2 "'two' is one argument too many" run two
expect 'a missing operand is said' 2 'something is missing; usage: pricesim run SCENARIO' "$program" run -q
expect 'an unknown command is refused' 2 "did you mean validate" "$program" valdate
expect 'an option is no command' 2 "unknown option '--quiet'" "$program" --quiet
expect 'a run that memory cannot hold is refused' 5 'steps) need about' "$program" run "$root/scenarios/default.json" -n 10000000 --memory 128M
for size in 1 0M 1Q M -1M 1MB 1.5G ''; do
    expect "--memory $size is refused" 2 'a size like 512M' run "--memory=$size"
done
expect 'a run that memory can hold is none' 0 '' run -q --memory 1G
for way in '-n 256' -n256 '--paths 256' --paths=256 '-qn256'; do
    # shellcheck disable=SC2086 # words
    "$program" run $way --attribution none --set /name=one --set=/name=two --format json "$scenario" >out 2>err
    grep -q '"paths": 256,' out && grep -q '"name": "two",' out && ok || bad "$way is not 256 paths"
done
expect 'an option may stand before its operand' 0 '' "$program" run --paths 128 --attribution none -- "$scenario"

# Files are whole, formats follow the suffix, modes are those of a new file.
echo old >x.json
chmod 640 x.json
expect 'a report replaces an old file' 0 '' run -o x.json
head -n 1 x.json | grep -qx '{' && [ "$(stat -c %a x.json)" = 640 ] && ok || bad 'x.json is not JSON of the old mode'
expect 'a csv file is CSV' 0 '' run -o x.csv
head -n 1 x.csv | tr -d '\r' | grep -qx 'section,id,metric,stat,value' && ok || bad 'x.csv is not CSV'
(ulimit -f 1; run -o x.json >out 2>err)
[ $? = 4 ] && head -n 1 x.json | grep -qx '{' && ! find . -name '.pricesim.*' | grep -q . && ok ||
    bad 'a file size limit spoils the old file'

# Standard output.
run >/dev/full 2>err
[ $? = 4 ] && grep -q 'standard output' err && ok || bad 'a full standard output goes unnoticed'
run >&- 2>err
[ $? = 4 ] && ok || bad 'a closed standard output goes unnoticed'
"$program" run - --paths 128 --attribution none <"$scenario" >out 2>err
[ $? = 0 ] && [ -s out ] && ok || bad 'standard input is not read'

# The same bytes anywhere.
run --format json >one.json 2>err
LC_ALL=de_DE.UTF-8 TZ=America/New_York GSL_RNG_SEED=7 OMP_NUM_THREADS=3 \
    "$program" run "$scenario" --paths 128 --attribution none --format json --threads 1 >two.json 2>>err
cmp -s one.json two.json && ok || bad 'locale, time zone or threads change the result'
run >one.txt 2>err
NO_COLOR=1 TERM=xterm-256color "$program" run "$scenario" --paths 128 --attribution none >two.txt 2>>err
cmp -s one.txt two.txt && ok || bad 'the terminal changes piped text'

# What people read at 80 columns: places with their lines, commands and pointers in one piece, one future as one.
says() # fact, pattern, file
{
    grep -qE -- "$2" "$3" && ok || bad "$1"
}
"$program" explain "$scenario" >explain.txt 2>err
[ -s explain.txt ] && awk '/^\/[a-z]/ && !/(:[0-9]+|default|--set)$/ { bad = 1 } END { exit bad }' explain.txt &&
    ok || bad 'explain cuts the line of a place'
says 'a command is on one line' '^  pricesim run .*summer.json --attribution none --paths 128 --seed [0-9]+$' one.txt
"$program" run "$scenario" --paths 1 -q >single.txt 2>err
says 'one future is one' ' 1 simulated future ' single.txt
says 'one future is not every future' 'in the one simulated future' single.txt
"$program" run "$scenario" --paths 64 -q --set /funnel/stages/contract/conversion=0 >nothing.txt 2>err
says 'nothing to draw is said' '0 in every period' nothing.txt
script -qec "stty cols 50; '$program' run '$scenario' --paths 64 -q --attribution none" /dev/null >narrow.txt 2>err </dev/null
says 'hidden columns are named' 'Hidden for want of width: ' narrow.txt
script -qec "'$program' run '$scenario' --paths 64 -q --attribution none --format xlsx" /dev/null >book.txt 2>err </dev/null
says 'a workbook is not for a terminal' 'write it with -o FILE.xlsx' book.txt

# Signals: what was done is written and marked.
interrupt() # signal, exit status, seconds
{
    rm -f partial.json
    "$program" run "$scenario" --paths 500000 --attribution none -o partial.json >out 2>err &
    pid=$!
    sleep "$3"
    kill -"$1" $pid
    wait $pid
    got=$?
    [ $got = "$2" ] || { bad "SIG$1: exit $got, not $2"; return; }
    if [ -e partial.json ]; then
        grep -q '"partial": true' partial.json && grep -q PARTIAL err && ok || bad "SIG$1: the report is not marked"
    else
        grep -q 'nothing is reported' err && ok || bad "SIG$1: no report, and nothing said"
    fi
}
interrupt TERM 143 1
interrupt TERM 143 0.1
# While the plan is run that a goal is against.
"$program" run "$against" --paths 2000000 -q >out 2>err &
pid=$!
sleep 1
kill -TERM $pid
wait $pid
[ $? = 143 ] && grep -q 'nothing is reported' err && ok || bad 'SIGTERM before the run: nothing said, or another exit'
trap - INT
"$program" run "$scenario" --paths 500000 -o never.json >out 2>err &
pid=$!
sleep 0.3
kill -INT $pid # two of a kind would count as one when they come together
kill -TERM $pid
wait $pid
got=$? # of whichever is handled second
{ [ $got = 130 ] || [ $got = 143 ]; } && [ ! -e never.json ] && ok || bad 'a second signal does not end at once'

# Colours: the option decides, then NO_COLOR, then CLICOLOR_FORCE; a pipe and a file have none of themselves.
# fact, 1 where colours must come, environment and options...
coloured()
{
    fact=$1 want=$2
    shift 2
    # shellcheck disable=SC2086 # words
    got=$(env -u NO_COLOR -u CLICOLOR -u CLICOLOR_FORCE TERM=xterm-256color $1 "$program" run "$scenario" --paths 64 --attribution none -q $2 2>err | grep -c "$(printf '\033')\\[")
    [ "$((got > 0))" = "$want" ] && ok || bad "colours, $fact: $got lines have some"
}
coloured 'a pipe' 0 '' ''
coloured '--color auto in a pipe' 0 '' '--color auto'
coloured '--color always' 1 '' '--color always'
coloured '--color always over NO_COLOR' 1 'NO_COLOR=1' '--color always'
coloured 'CLICOLOR_FORCE' 1 'CLICOLOR_FORCE=1' ''
coloured 'CLICOLOR_FORCE=0' 0 'CLICOLOR_FORCE=0' ''
coloured 'NO_COLOR over CLICOLOR_FORCE' 0 'NO_COLOR=1 CLICOLOR_FORCE=1' ''
coloured '--no-color over CLICOLOR_FORCE' 0 'CLICOLOR_FORCE=1' '--no-color'

# Documents are those of the program.
"$program" help --man >man.1 2>err
cmp -s man.1 "$OLDPWD/../../docs/pricesim.1" && ok || bad 'docs/pricesim.1 is not what help --man prints'

echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
