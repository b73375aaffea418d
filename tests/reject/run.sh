#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Files that must be refused, each with its code, place and message: json_raw and JSONTestSuite by the scanner, semantic by
# the loader.
set -u
cd "$(dirname "$0")" || exit 2
programs=${BUILD:-../../build/release}/tests/reject
passed=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Compares "expected" with "got" in $work, both sorted by file, rows in order.
compare()
{
    awk -F '\t' -v what="$1" '
        function matches(got, want) {
            return substr(want, length(want)) == "*" ? index(got, substr(want, 1, length(want) - 1)) == 1 : got == want
        }
        /^#/ { next }
        NR == FNR { want[$1, ++wants[$1]] = $0; names[$1] = 1; next }
        { got[$1, ++gots[$1]] = $0; names[$1] = 1 }
        END {
            for (name in names) {
                bad = wants[name] == gots[name] ? "" : wants[name] + 0 " rows expected, " gots[name] + 0 " found"
                for (i = 1; bad == "" && i <= wants[name]; i++) {
                    n = split(want[name, i], w, "\t"); split(got[name, i], g, "\t")
                    for (k = 2; bad == "" && k < n; k++) if (!matches(g[k], w[k])) bad = "expected " w[k] ", got " g[k]
                    if (bad == "" && w[n] != "" && index(g[n], w[n]) == 0) bad = "expected \"" w[n] "\" in \"" g[n] "\""
                }
                if (bad == "") passed++; else { failed++; print "not ok: " what "/" name ": " bad > "/dev/stderr" }
            }
            print passed + 0, failed + 0
        }' "$work/expected" "$work/got" >"$work/sum"
    read -r p f <"$work/sum"
    passed=$((passed + p)) failed=$((failed + f))
}

# Scanner: what the tables say.
"$programs/json_suite" -o json_raw/*.json >"$work/got" || failed=$((failed + 1))
cp json_raw/expected.tsv "$work/expected"
compare json_raw

# Scanner: JSONTestSuite. Four of the files that may be accepted are refused on purpose.
"$programs/json_suite" JSONTestSuite/test_parsing/*.json >"$work/suite" || failed=$((failed + 1))
cut -f 1,2 "$work/suite" | grep -v '^i_' >"$work/got"
for file in JSONTestSuite/test_parsing/[yn]_*.json; do
    name=${file##*/}
    case $name in
    y_object_duplicated_key.json | y_object_duplicated_key_and_value.json) verdict=DUPLICATE_KEY ;;
    y_object_escaped_null_in_key.json | y_string_null_escape.json) verdict=SYNTAX ;;
    y_*) verdict=accept ;;
    *) verdict='*' ;;
    esac
    [ "$verdict" != '*' ] || verdict=$(awk -F '\t' -v n="$name" '$1 == n && $2 != "accept" { print $2 }' "$work/got")
    printf '%s\t%s\t\n' "$name" "${verdict:-refused}"
done >"$work/expected"
sed -i 's/$/\t/' "$work/got"
compare JSONTestSuite

# Loader.
"$programs/load_scenario" semantic/*.json >"$work/all" || failed=$((failed + 1))
cut -f 1-3,5 "$work/all" >"$work/got"
cp semantic/expected.tsv "$work/expected"
compare semantic

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
