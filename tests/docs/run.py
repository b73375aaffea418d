#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the documentation to the program: run.py [--accept]

In README.md and docs/*.md:
- every ```sh block runs, in order, in a copy of the scenarios with the program at build/pricesim. Lines of make, git and cd are
  left out; a target of make has to exist. A comment on the line before the fence changes that: <!-- no-test --> (not run),
  <!-- exit 3 --> (it fails so).
- a ```text block after <!-- output --> is what the block before it prints, <!-- output Goals | Funnel --> its sections that
  begin so (a section ends at an empty line). --accept writes what is printed now.
- a ```json block is JSON, and if it is a whole scenario, valid.
In every *.md that is kept here, each relative link leads to a file and a heading. Each key of the schema is in
docs/scenario-reference.md, each command and option in docs/pricesim.1. docs/images/run.svg shows what is printed now.
"""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
sys.path.insert(0, HERE)
import picture  # noqa: E402

PROGRAM = os.path.abspath(os.environ.get("PRICESIM") or os.path.join(ROOT, "build", "pricesim"))
SLOW = os.path.basename(os.environ.get("BUILD", "release")) != "release"
FENCE = re.compile(r"^```(\w*)[ \t]*\n(.*?)^```[ \t]*$", re.M | re.S)
MARK = re.compile(r"<!--\s*(no-test|exit \d+|output\b[^>]*?)\s*-->\s*\Z")
LEFT_OUT = re.compile(r"^(make|git|cd|sudo|\.ci/run)\b")


class Tally:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def check(self, good, what, more=""):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print(f"not ok: {what}")
            for line in str(more).splitlines()[:12]:
                print(f"    {line}")

    def skip(self, what):
        self.skipped += 1
        print(f"left out: {what}")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def program(*arguments):
    done = subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.stdout


def fences(text):
    """(language, body, mark, place of the body) of each fenced block."""
    for found in FENCE.finditer(text):
        mark = MARK.search(text[:found.start()])
        yield found.group(1), found.group(2), mark.group(1) if mark else "", found.span(2)


def sections(printed, titles):
    """The sections that begin with one of the titles, in the order of the titles; all if there are none."""
    if not titles:
        return printed
    parts = re.split(r"\n\s*\n", printed.rstrip("\n"))
    chosen = [next((p for p in parts if p.startswith(t)), f"(no section '{t}')") for t in titles]
    return "\n\n".join(chosen) + "\n"


def run_block(body, mark, folder, tally, where):
    """What the block prints; None if it was left out."""
    lines = []
    for line in re.sub(r"\\\n\s*", "", body).splitlines():
        if LEFT_OUT.match(line):
            target = re.match(r"make (?:\w+=\S+ )*([a-z-]+)", line)
            if target:
                tally.check(re.search(rf"^{target.group(1)}:", read(os.path.join(ROOT, "Makefile")), re.M),
                            f"{where}: make {target.group(1)} is a target")
        elif line.strip() and not line.startswith("#"):
            lines.append(line)
    if not lines:
        return None
    script = "\n".join(lines)
    if re.search(r"\bjq\b", script) and not shutil.which("jq"):
        tally.skip(f"{where}: jq is not installed")
        return None
    expected = int(mark.split()[1]) if mark.startswith("exit") else 0
    done = subprocess.run(["sh", "-ec", script], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=200, check=False,
                          env={k: v for k, v in os.environ.items() if k != "CI"})  # a reader's desk
    fine = done.returncode == expected and (expected != 0 or "error[" not in done.stdout)
    tally.check(fine, f"{where}: exit {done.returncode}, not {expected}: {script}", done.stdout)
    return done.stdout


def check_json(body, folder, tally, where):
    try:
        value = json.loads(body)
    except ValueError as fault:
        tally.check(False, f"{where}: no JSON: {fault}")
        return
    if isinstance(value, dict) and "pricesim" in value:
        path = os.path.join(folder, "whole-scenario.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(body)
        printed = program("validate", path)
        tally.check(": valid:" in printed and "warning[" not in printed, f"{where}: a scenario is not valid", printed)


def check_page(name, tally, accept):
    """Runs the page's blocks; with `accept` writes what they print."""
    path = os.path.join(ROOT, name)
    text = read(path)
    changed, printed, shift = text, None, 0
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(os.path.join(ROOT, "scenarios"), os.path.join(folder, "scenarios"), ignore=shutil.ignore_patterns("*.baseline.json"))
        bench = os.path.join(ROOT, "tests", "bench", "ps_bench_1.json")
        os.makedirs(os.path.join(folder, "tests", "bench"))
        shutil.copy(bench, os.path.join(folder, "tests", "bench"))
        os.mkdir(os.path.join(folder, "build"))
        os.symlink(PROGRAM, os.path.join(folder, "build", "pricesim"))
        for language, body, mark, (begin, end) in fences(text):
            where = f"{name}:{text.count(chr(10), 0, begin)}"
            if language == "sh" and mark != "no-test":
                printed = run_block(body, mark, folder, tally, where)
            elif language == "json" and mark != "no-test":
                check_json(body, folder, tally, where)
            elif mark.startswith("output") and printed is not None:
                titles = [t.strip() for t in mark[len("output"):].split("|") if t.strip()]
                now = sections(printed, titles)
                if accept:
                    changed = changed[:begin + shift] + now + changed[end + shift:]
                    shift += len(now) - (end - begin)
                else:
                    tally.check(now == body, f"{where}: the output is another; run.py --accept takes it", now)
    if changed != text:
        with open(path, "w", encoding="utf-8") as file:
            file.write(changed)


def anchors(path):
    """The names that GitHub gives to the headings of a page."""
    names = set()
    for heading in re.findall(r"^#+ +(.*)$", re.sub(r"^```.*?^```", "", read(path), flags=re.M | re.S), re.M):
        heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        names.add(re.sub(r"[^\w\- ]", "", heading).replace(" ", "-"))
    return names


def check_links(tally):
    pages = glob.glob(os.path.join(ROOT, "*.md")) + glob.glob(os.path.join(ROOT, "docs", "**", "*.md"), recursive=True)
    pages += glob.glob(os.path.join(ROOT, "scenarios", "*.md")) + glob.glob(os.path.join(ROOT, "tests", "*", "*.md"))
    for page in sorted(pages):
        text = re.sub(r"^```.*?^```", "", read(page), flags=re.M | re.S)
        text = re.sub(r"`[^`\n]*`", "", text)
        for target in re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r"(?:src|href)=\"([^\"]+)\"", text):
            if re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            path = os.path.normpath(os.path.join(os.path.dirname(page), file)) if file else page
            good = os.path.exists(path) and (not anchor or not path.endswith(".md") or anchor in anchors(path))
            tally.check(good, f"{os.path.relpath(page, ROOT)}: the link {target} leads nowhere")


def schema_keys(node, found):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "properties":
                found.update(value)
            if key == "const" and isinstance(value, str):
                found.add(value)
            schema_keys(value, found)
    elif isinstance(node, list):
        for value in node:
            schema_keys(value, found)


def check_reference(tally):
    keys = set()
    schema_keys(json.loads(program("schema")), keys)
    page = read(os.path.join(ROOT, "docs", "scenario-reference.md"))
    known = set(re.findall(r"[a-z][a-z0-9_]*", " ".join(re.findall(r"`[^`]*`|\"[^\"`]*\"", page))))
    for stem in re.findall(r"`(\w*)per_day` \.\.\. `\1per_year`", page):
        known.update(stem + "per_" + unit for unit in ("week", "month", "quarter"))
    tally.check(len(keys) > 100, "the schema has keys")
    for key in sorted(keys):
        tally.check(key in known or key in ("$schema", "label"), f"docs/scenario-reference.md: the key {key} is not there")


def check_manual(tally):
    page = read(os.path.join(ROOT, "docs", "pricesim.1")).replace("\\-", "-").replace("\\fB", "").replace("\\fR", "")
    commands = re.findall(r"^  ([a-z]+)  ", program("help").partition("exit codes")[0], re.M)
    tally.check(len(commands) > 3, "help lists the commands")
    for command in commands:
        part = re.search(rf"^\.SS pricesim {command}\b.*?(?=^\.S[SH])", page, re.M | re.S)
        tally.check(part, f"docs/pricesim.1: the command {command} is not there")
        for option in re.findall(r"^ +(?:-\w, |    )(--[a-z-]+)", program("help", command), re.M):
            tally.check(part and option in part.group(0), f"docs/pricesim.1: {command} {option} is not there")


def check_picture(tally, accept):
    path = os.path.join(ROOT, "docs", "images", "run.svg")
    if SLOW:
        tally.skip("the picture, in a slow build")
        return
    now = picture.draw(PROGRAM, ROOT)
    if accept:
        with open(path, "w", encoding="utf-8") as file:
            file.write(now)
    else:
        tally.check(os.path.exists(path) and read(path) == now, "docs/images/run.svg is another; run.py --accept draws it")


def main():
    accept = sys.argv[1:] == ["--accept"]
    os.environ.pop("COLUMNS", None)
    tally = Tally()
    for page in ["README.md"] + sorted(os.path.relpath(p, ROOT) for p in glob.glob(os.path.join(ROOT, "docs", "*.md"))):
        check_page(page, tally, accept)
    check_picture(tally, accept)
    check_links(tally)
    check_reference(tally)
    check_manual(tally)
    print(f"{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
