#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation shows exists and works: `make docs-check`, and a part of `make test`.

In every Markdown file: lines of code that begin with `pricesim` (or `build/pricesim`) are run, in a copy of the tree's
scenarios and docs, and have to succeed; JSON blocks have to parse, and whole scenarios to validate; links to files have to
lead somewhere. The reference and the man page are what the program prints from its own tables.
A command with three dots or a word in capitals (FILE) is a pattern and is not run.
"""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("PRICESIM", os.path.join(ROOT, "build", "pricesim"))
COMMAND = re.compile(r"^\s*(?:\$ )?(?:\./)?(?:build/)?(pricesim\s.*)$")
PATTERN = re.compile(r"\.\.\.|(?<![\w./=-])[A-Z]{3,}\b|(?<==)[A-Z]{3,}\b|\[")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
failed = 0


def judge(good, what, why=""):
    global failed
    failed += not good
    print(("ok " if good else "not ok ") + what)
    if not good and why:
        print("    " + why.strip().replace("\n", "\n    ")[:2000])


def run(*words):
    return subprocess.run([PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def markdown_files():
    found = glob.glob(os.path.join(ROOT, "*.md"))
    for folder in ("docs", "scenarios", "examples", "tests"):
        found += glob.glob(os.path.join(ROOT, folder, "**", "*.md"), recursive=True)
    return sorted(path for path in found if "JSONTestSuite" not in path)


def code_blocks(text):
    """(language, text) of fenced blocks, and of indented ones after an empty line (language None)."""
    blocks, current, fence, language, empty = [], [], None, None, True
    for line in text.splitlines() + [""]:
        mark = re.match(r"^\s*(```+|~~~+)\s*(\w*)", line)
        if fence is not None:
            if mark and mark.group(1).startswith(fence) and not mark.group(2):
                blocks.append((language, "\n".join(current)))
                current, fence = [], None
            else:
                current.append(line)
        elif mark:
            fence, language, current = mark.group(1), mark.group(2).lower(), []
        elif line.startswith("    ") and (empty or current):
            current.append(line[4:])
        elif current and line.strip():
            blocks.append((None, "\n".join(current)))
            current = []
        empty = not line.strip()
    if current:
        blocks.append((None, "\n".join(current)))
    return blocks


def commands(block):
    """Command lines without their comments, continued lines joined."""
    for line in re.sub(r"\\\n\s*", " ", block).splitlines():
        match = COMMAND.match(line)
        if match:
            line = re.sub(r"\s+#.*$", "", match.group(1))
            if not PATTERN.search(re.sub(r"'[^']*'|\"[^\"]*\"", "", line)):
                yield line


def check_command(line, folder, done):
    if line in done:
        return
    done.add(line)
    # What is shown is tested, not how long ten thousand paths take.
    quick = line if re.search(r"--paths|\s-n\b", line) else re.sub(r"\bpricesim run\b", "pricesim run --paths 300", line)
    env = dict(os.environ, PATH=os.path.dirname(PROGRAM) + os.pathsep + os.environ["PATH"])
    out = subprocess.run(["sh", "-c", quick], cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True, check=False, timeout=120)
    judge(out.returncode == 0, line, out.stdout[-1500:])


def check_json(name, block):
    text = block.strip()
    if not text.startswith(("{", "[")):
        text = "{" + text.rstrip(",") + "}"
    try:
        value = json.loads(text)
    except ValueError as error:
        judge(False, f"{name}: a JSON block parses", f"{error}\n{block[:300]}")
        return
    judge(True, f"{name}: a JSON block parses")
    if isinstance(value, dict) and "pricesim" in value and "format" not in value:
        with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            out = run("validate", file.name)
        judge(out.returncode == 0, f"{name}: a scenario is valid", out.stdout)


def check_markdown(folder):
    done = set()
    for path in markdown_files():
        name = os.path.relpath(path, ROOT)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for language, block in code_blocks(text):
            if language == "json":
                check_json(name, block)
            elif language in (None, "", "sh", "shell", "bash", "console"):
                for line in commands(block):
                    check_command(line, folder, done)
        links = [target for target in LINK.findall(re.sub(r"`[^`\n]*`", "", text)) if not re.match(r"\w+:", target)]
        lost = [target for target in links if not os.path.exists(os.path.join(os.path.dirname(path), target))]
        judge(not lost, f"{name}: links lead to files", ", ".join(lost))


def check_printed():
    """Files that the program writes itself, from its tables."""
    for name, words in (("scenario-reference.md", ("schema", "--reference")), ("pricesim.1", ("help", "--man"))):
        with open(os.path.join(ROOT, "docs", name), encoding="utf-8") as file:
            judge(file.read() == run(*words).stdout, f"docs/{name} is what `pricesim {' '.join(words)}` prints")


def main():
    folder = tempfile.mkdtemp()
    try:
        for part in ("scenarios", "docs", "examples"):
            if os.path.isdir(os.path.join(ROOT, part)):
                shutil.copytree(os.path.join(ROOT, part), os.path.join(folder, part))
        check_markdown(folder)
    finally:
        shutil.rmtree(folder)
    check_printed()
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
