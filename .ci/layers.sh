#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fails when a file of src/, by an #include or by a symbol that it uses (nm of the objects in build/release),
#  - reaches a folder that layers.txt does not allow,
#  - reaches a sibling family under src/model/,
#  - includes an outside header that owners.txt gives to others;
# and when a symbol outside main.c is visible without the prefix ps_.
set -eu
cd "$(dirname "$0")/.."
objects=build/release/src
[ -d "$objects" ] || { echo "layers.sh: no objects in $objects; run make first" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Uses: "user<TAB>used<TAB>how", both paths below src/ without suffix where it is not known.
find src -name '*.[ch]' | while read -r file; do
    sed -n "s|^ *# *include \"\([^\"]*\)\".*|${file#src/}	\1	include|p" "$file"
done >"$work/uses"

find "$objects" -name '*.o' | while read -r object; do
    name=${object#"$objects/"}
    source=${name%.o}.c
    [ -e "src/$source" ] || continue # left over from a file that is gone
    nm -g "$object" | awk -v f="$source" '{ print f "\t" $NF "\t" ($(NF - 1) == "U" || $(NF - 1) == "w" ? "uses" : "has") }'
done >"$work/symbols"
awk -F '\t' '
    NR == FNR { if ($3 == "has") home[$2] = $1; next }
    $3 == "uses" && ($2 in home) && home[$2] != $1 { print $1 "\t" home[$2] "\t" $2 }
' "$work/symbols" "$work/symbols" >>"$work/uses"

status=0
awk -F '\t' '
    function folder(path) { return substr(path, 1, index(path, "/") - 1) }
    function family(path,  part) { return split(path, part, "/") == 3 && part[1] == "model" ? part[2] : "" }
    NR == FNR {
        if ($0 ~ /^(#|$)/) next
        split($0, side, ":")
        known[side[1]] = 1
        n = split(side[2], names, " ")
        for (i = 1; i <= n; i++) allowed[side[1], names[i]] = 1
        next
    }
    {
        from = folder($1); to = folder($2)
        if (!(from in known)) complain("folder is not in layers.txt")
        else if (from != to && !((from, to) in allowed)) complain(from " may not use " to)
        else if (family($1) != "" && family($2) != "" && family($1) != family($2)) complain("sibling families")
    }
    function complain(why) { print "src/" $1 " -> " $2 " (" $3 "): " why; bad = 1 }
    END { exit bad }
' .ci/layers.txt "$work/uses" || status=1

while IFS=: read -r header owners; do
    case $header in '#'* | '') continue ;; esac
    for file in $(grep -rlE "^ *# *include <$header" src || true); do
        case " $owners " in *" $file "*) ;; *) echo "$file may not include <$header>: see .ci/owners.txt"; status=1 ;; esac
    done
done <.ci/owners.txt

# Every outside header but the C library's and POSIX's belongs to somebody.
standard='assert|ctype|errno|fcntl|fenv|float|getopt|inttypes|limits|locale|math|sched|signal|std[a-z]*|strings?|sys/[a-z]+|termios|time|unistd|wchar'
grep -rnE '^ *# *include <' src | grep -vE "<($standard)\.h>" | while IFS= read -r line; do
    header=${line#*<}
    header=${header%>*}
    grep -qE "^(${header%%/*}/|$header):" .ci/owners.txt || echo "$line: no owner in .ci/owners.txt"
done >"$work/unowned"
[ ! -s "$work/unowned" ] || { cat "$work/unowned"; status=1; }

awk -F '\t' '$3 == "has" && $2 !~ /^ps_/ && $1 != "app/main.c" { print "src/" $1 ": visible without ps_: " $2; bad = 1 }
    END { exit bad }' "$work/symbols" || status=1
exit $status
