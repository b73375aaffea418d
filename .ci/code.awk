# SPDX-License-Identifier: GPL-3.0-or-later
# Prints C files as "file:line:code" with comments taken out and the text of strings and characters emptied.
FNR == 1 { comment = 0 }
{
    rest = $0
    code = ""
    while (rest != "") {
        if (comment) {
            end = index(rest, "*/")
            if (end == 0) break
            rest = substr(rest, end + 2)
            comment = 0
        } else if (match(rest, /"|'|\/\*|\/\//)) {
            mark = substr(rest, RSTART, RLENGTH)
            code = code substr(rest, 1, RSTART - 1)
            rest = substr(rest, RSTART + RLENGTH)
            if (mark == "//") break
            if (mark == "/*") { comment = 1; code = code " "; continue }
            while (rest != "" && substr(rest, 1, 1) != mark) rest = substr(rest, substr(rest, 1, 1) == "\\" ? 3 : 2)
            rest = substr(rest, 2)
            code = code mark mark
        } else {
            code = code rest
            break
        }
    }
    print FILENAME ":" FNR ":" code
}
