# SPDX-License-Identifier: GPL-3.0-or-later
"""A stored result gives the same bytes as the command that made it, in every format; a damaged one is refused or shown, never worse."""
import copy
import json
import os
import subprocess
import sys
import tempfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.environ.get("PRICESIM") or os.path.join(ROOT, "build/pricesim")
FORMATS = ["txt", "html", "md", "csv", "json", "xlsx"]
COMMANDS = [["run", "scenarios/default.json", "--paths", "200"], ["run", "scenarios/cereal.json", "--paths", "100"],
            ["run", "scenarios/double_eleven.json", "--paths", "100"], ["compare", "scenarios/default.json", "--paths", "100"],
            ["respond", "scenarios/price_cut.json", "--paths", "100"], ["check", "scenarios/minimal.json"], ["explain", "scenarios/default.json"]]
counts = {"passed": 0, "failed": 0}


def check(fact, holds, seen=None):
    counts["passed" if holds else "failed"] += 1
    if not holds:
        print(f"not so: {fact}: {seen!r}"[:600])


def program(*arguments, **options):
    return subprocess.run([PROGRAM, *arguments], cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, check=False, **options)


def content(path):
    with open(path, "rb") as file:
        return file.read()


def round_trips(work):
    for number, command in enumerate(COMMANDS):
        stored = os.path.join(work, f"{number}.json")
        program(*command, "-q", "-o", stored)
        for suffix in FORMATS:
            direct, again = (os.path.join(work, f"{name}.{suffix}") for name in ("direct", "again"))
            program(*command, "-q", "-o", direct)
            said = program("report", stored, "-o", again)
            check(f"{' '.join(command)}: report -o x.{suffix} gives the same bytes",
                  said.returncode == 0 and content(direct) == content(again), said.stderr)


def places(value, path=()):
    """Every place of the layout, its containers too."""
    yield path
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(each, path + (key,))


def spoiled(result, path, new):
    result = copy.deepcopy(result)
    at = result["layout"]
    for key in path[:-1]:
        at = at[key]
    if new is None and isinstance(at, dict):
        del at[path[-1]]
    else:
        at[path[-1]] = new
    return result


def damage(work):
    stored = os.path.join(work, "small.json")
    program("run", "scenarios/minimal.json", "--paths", "64", "-q", "-o", stored)
    result = json.loads(content(stored))
    every = [path for path in places(result["layout"]) if path]
    values = [None, -1, 70, "x", "\x1b[2J", [], {}, True]
    for turn, path in enumerate(every[:: max(1, len(every) // 160)]):
        text = json.dumps(spoiled(result, path, values[turn % len(values)])).encode()
        for form in ("text", "xlsx"):
            said = program("report", "-", "--format", form, input=text)
            check(f"{path} as {values[turn % len(values)]!r}: shown or refused ({form})",
                  said.returncode in (0, 3) and (form == "xlsx" or b"\x1b" not in said.stdout + said.stderr) and (said.returncode == 0) == (said.stderr == b""),
                  (said.returncode, said.stderr[-300:]))
    for name, text, code in (("no JSON", b"{", 3), ("no result", b"{}", 3), ("a baseline", content(os.path.join(ROOT, "scenarios/minimal.baseline.json")), 3),
                             ("a list", b"[]", 3), ("too much", b" " * (17 << 20), 4)):
        said = program("report", "-", "--format", "html", input=text)
        check(f"{name} is refused, with nothing on standard output", said.returncode == code and said.stdout == b"" and b"error[" in said.stderr,
              (said.returncode, said.stderr[-300:]))
    check("a missing file is said", b"NOT_FOUND" in program("report", "no.json").stderr)


def imported(book, target):
    said = program("import", "xlsx", book, "-o", target)
    return said.returncode, said.stderr


def hash_of(scenario, *options):
    return json.loads(program("run", scenario, *options, "--attribution", "none", "-q", "--format", "json").stdout)["scenario"]


def workbooks(work):
    book, back = os.path.join(work, "book.xlsx"), os.path.join(work, "back.json")
    shipped = sorted(name for name in os.listdir(os.path.join(ROOT, "scenarios")) if name.endswith(".json") and "baseline" not in name)
    cases = [("scenarios/" + name, []) for name in shipped] + [("scenarios/default.json", ["--plan", "match", "--set", "/name==1+1"])]
    for scenario, options in cases:
        options = [*options, "--paths", "64"]
        program("run", scenario, *options, "--attribution", "none", "-q", "-o", book)
        check(f"{scenario}: the workbook is read", imported(book, back) == (0, b""))
        first, again = hash_of(scenario, *options), hash_of(back)
        check(f"{scenario} {options}: the same scenario from its workbook", all(first[key] == again[key] for key in ("hash", "name", "source")), (first, again))
    changed = os.path.join(work, "changed.xlsx")
    program("run", "scenarios/minimal.json", "--paths", "64", "-q", "-o", book)
    for fact, part, old, new, code in (("a changed cell is a changed input", "xl/sharedStrings.xml", b"25% to 40%", b"26% to 40%", 0),
                                       ("a doctype is refused", "xl/workbook.xml", b"<workbook ", b"<!DOCTYPE x [<!ENTITY a 'b'>]><workbook ", 3),
                                       ("a workbook without the sheet is refused", "xl/workbook.xml", b'name="Inputs"', b'name="Other"', 3),
                                       ("damaged XML is refused", "xl/sharedStrings.xml", b"</sst>", b"", 3),
                                       ("two rows for one pointer are refused", "xl/sharedStrings.xml", b"/market/segments/shops/choice/conversion", b"/market/segments/shops/choice", 3)):
        with zipfile.ZipFile(book) as source, zipfile.ZipFile(changed, "w") as target:
            for name in source.namelist():
                data = source.read(name)
                target.writestr(name, data.replace(old, new, 1) if name == part else data)
        got, said = imported(changed, back)
        check(fact, got == code and (said == b"") == (code == 0), (got, said))
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b" " * (33 << 20))
    check("a bomb is refused", imported(changed, back)[0] == 3)
    check("no workbook is refused", imported(os.path.join(ROOT, "README.md"), back)[0] == 3)
    check("a missing workbook is said", imported(os.path.join(work, "no.xlsx"), back)[0] == 4)
    check("another kind is refused", program("import", "csv", "x").returncode == 2)


with tempfile.TemporaryDirectory() as folder:
    workbooks(folder)
    round_trips(folder)
    damage(folder)
print(f"{counts['passed']} passed, {counts['failed']} failed, 0 skipped")
sys.exit(counts["failed"] != 0)
