# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a report says has its Chinese: the sentences in the source of the analyses, and those of real reports.

In the source: every text of src/analysis that a report may hold, piece by piece, is found in a phrase of src/report/phrases.def. In
reports: every title, head, label, note and sentence that is ours and not a name changes under --lang zh."""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "support"))
from driver import PROGRAM, ROOT, Facts  # noqa: E402

HOLE = re.compile(r"%[-+0# ]*(?:\*|\d+)?(?:\.(?:\*|\d+))?(?:hh|h|ll|l|z|j)?[a-zA-Z]|\{[#=,?]?\d\}")
LITERAL = r'"((?:[^"\\\n]|\\.)*)"'
# Messages of faults and of explain stay English (docs/reports.md).
FAULTS = {"expect.c", "goal_base.c", "compare.c", "respond.c", "baseline.c", "explain.c", "losing.c"}
FOR_PROGRAMS = {"code", "pointer"}  # heads of columns that are in JSON and CSV alone
SAID_BY = re.compile(r"(ps_fault\w*|fault|refuse\w*|error\w*|ps_read_\w+)\s*\($")


def plain(text):
    return text.replace('\\"', '"').replace("\\n", " ").replace("%%", "%").replace("\\xc2\\xb7", "\u00b7")


def phrases():
    with open(os.path.join(ROOT, "src/report/phrases.def"), encoding="utf-8") as file:
        return [plain(english) for english in re.findall(r'PS_(?:PHRASE|CELL|JOINT|PAGE)\(' + LITERAL, file.read())]


def literals(path):
    """(line, text) of string literals, neighbours put together."""
    with open(path, encoding="utf-8") as file:
        text = re.sub(r"/\*.*?\*/", lambda at: "\n" * at.group().count("\n"), file.read(), flags=re.S)
    text = re.sub(r"#include[^\n]*", "", text)
    for at in re.finditer(r'(?:"(?:[^"\\\n]|\\.)*"(?:\s|PRI[du]64)*)+', text):
        parts = re.findall(LITERAL + r"|PRI([du])64", at.group())
        yield text.count("\n", 0, at.start()) + 1, "".join(b or a for a, b in parts), text[max(0, at.start() - 80):at.start()]


def pieces(text):
    """The words between the holes and the stops of a format."""
    for part in re.split(r"\0|[.;:](?:\s|$)|[\u00b7()]", HOLE.sub("\0", plain(text))):
        part = part.strip(" ,.;:-")
        if re.search(r"[a-z]{2,} +[a-z]{2,}", part):
            yield " ".join(part.split())


def in_the_source(facts):
    known = [" ".join(HOLE.sub("\0", each).split()).lower() for each in phrases()]
    missing, seen = [], 0
    for path in sorted(glob.glob(os.path.join(ROOT, "src/analysis/*.c"))):
        if os.path.basename(path) in FAULTS:
            continue
        for line, text, before in literals(path):
            if SAID_BY.search(before.rstrip()):
                continue
            for piece in pieces(text):
                seen += 1
                if not any(piece.lower().removeprefix("is ") in each for each in known):  # "is" goes with what is before it
                    missing.append("%s:%d: %s" % (os.path.basename(path), line, piece))
    for path in sorted(glob.glob(os.path.join(ROOT, "src/analysis/*.c"))):
        with open(path, encoding="utf-8") as file:
            shown = [each for each in re.findall(r"\{[^{}]*\}", file.read()) if "PS_DROP_ALWAYS" not in each]
        titles = {each for each in re.findall(r'\.title = "([^"]+)"', " ".join(shown)) if re.search("[a-z]", each)}
        facts.check("%s: heads of columns have a phrase" % os.path.basename(path), titles - FOR_PROGRAMS <= set(phrases()), str(titles - set(phrases())))
    for each in phrases():
        facts.check("holes of a phrase have something between them: " + each, not re.search(r"\{[#=,]?\d\}\{", each))
    facts.check("the source is read", seen > 150, str(seen))
    for each in missing:
        facts.check("in phrases.def: " + each, False)
    facts.check("every sentence of the source has a phrase", not missing, "%d have none" % len(missing))


ENGLISH = re.compile(r"[A-Za-z]{2,}")
NAMES = re.compile(r"P\d+|ROI|CAC|NPV|HHI|TSV|SVG|PNG|JSON|CSV|EUR|USD|CNY|GBP|URL|KPI|SKU")


def names_in(value, found):
    """Whatever a scenario calls things: its strings and keys, and their words."""
    if isinstance(value, dict):
        for key, each in value.items():
            found.add(key)
            names_in(each, found)
    elif isinstance(value, list):
        for each in value:
            names_in(each, found)
    elif isinstance(value, str):
        found.add(value)
    return found


def documents(folder):
    """(name, the page's data, names of the scenario) of many reports."""
    def data(*arguments):
        target = os.path.join(folder, "page.html")
        done = subprocess.run([PROGRAM, *map(str, arguments), "-q", "-o", target], cwd=ROOT, capture_output=True, check=False, timeout=120)
        if done.returncode not in (0, 1):
            return None
        with open(target, encoding="utf-8") as file:
            return json.loads(re.search(r'<script type="application/json" id="document">(.*?)</script>', file.read(), re.S).group(1))

    scenarios = sorted(path for path in glob.glob(os.path.join(ROOT, "scenarios/*.json")) if not path.endswith(".baseline.json"))
    for path in scenarios:
        with open(path, encoding="utf-8") as file:
            names = names_in(json.load(file), {os.path.basename(path)[:-5]})
        short = os.path.relpath(path, ROOT)
        for arguments in (["run", short, "--paths", 64], ["run", short, "--paths", 1], ["run", short, "--paths", 40, "--set", "/run/parameters=centre", "--set", "/run/counts=expected"],
                          ["compare", short, "--paths", 64], ["respond", short, "--paths", 64], ["check", short, "--paths", 64], ["check", short, "--quick"]):
            found = data(*arguments)
            if found:
                yield " ".join(map(str, arguments)), found, names


def texts(document):
    """Ours to say: (where, text) of a page's data."""
    yield "title", None
    yield "subtitle", document.get("subtitle")
    for block in document["blocks"]:
        at = block["path"]
        yield at + " title", block.get("title")
        yield at + " note", block.get("note")
        for sentence in block.get("sentences", []):
            yield at, None if sentence["command"] else sentence["text"]
        yield at + " heading", block.get("heading")
        for column in block.get("columns", []):
            yield at + " column", None if column["hidden"] or column["title"] == column["key"] and "_" in column["key"] else column["title"]
        for row in block.get("rows", []):
            yield at + " row", None if row.get("label") == row["id"] else row.get("label")


def left_english(chinese, names):
    """English words that stand together in a Chinese text, names of the scenario, commands, paths and formats taken out."""
    for name in sorted(names, key=len, reverse=True):
        if len(name) > 1:
            chinese = re.sub(r"(?<![A-Za-z])" + re.escape(name) + r"(?![A-Za-z])", "#", chinese)
    chinese = re.sub(r"/[\w/.-]+|[\w/]+\.(json|xlsx|c|md)\b|--\w+|\w+_\w+|\b\w+\.\w+(\.\w+)*\b|\"[^\"]*\"", "#", chinese)
    return re.search(r"[A-Za-z]{2,},? [a-z]{2,}", chinese)


def in_reports(facts):
    missing = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, document, names in documents(folder):
            words = document["zh"]
            for where, text in texts(document):
                if not text or text in names or not ENGLISH.search(text):
                    continue
                ours = where.endswith((" row", " column", " title", " heading")) and re.search("[a-z]{3}", text) and not NAMES.fullmatch(text)
                if left_english(words.get(text, text), names) or ours and text not in words and left_english("of " + text, names):
                    missing.setdefault("%s: %s -> %s" % (where.split(" ")[0], text, words.get(text, "nothing")), name)
            facts.check("%s is read" % name, len(words) > 50)
    for text, name in missing.items():
        facts.check("said in Chinese: %s (%s)" % (text, name), False)
    facts.check("every text of the reports has its Chinese", not missing, "%d have none" % len(missing))


def metrics(facts):
    """Every figure that has a name is explained (terms.def)."""
    with open(os.path.join(ROOT, "src/report/terms.def"), encoding="utf-8") as file:
        terms = set(re.findall(r'PS_TERM\("([^"]+)"', file.read()))
    with open(os.path.join(ROOT, "src/engine/metric.def"), encoding="utf-8") as file:
        named = re.findall(r"^PS_METRIC\((\w+),.*[^L]\)$", file.read(), re.M)
    facts.check("metrics are read", len(named) > 30, str(len(named)))
    for each in named:
        facts.check("%s is explained in terms.def" % each, each in terms)


def main():
    facts = Facts()
    metrics(facts)
    in_the_source(facts)
    in_reports(facts)
    return facts.close()


if __name__ == "__main__":
    sys.exit(main())
