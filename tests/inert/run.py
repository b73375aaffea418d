# SPDX-License-Identifier: GPL-3.0-or-later
"""What users write is never more than text, in any format of a report: no element of a page, formula of a spreadsheet, markup of
Markdown, order to a terminal or to CI. (In a browser and in LibreOffice: tests/reports.)"""
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree as ElementTree
import zipfile
from html.parser import HTMLParser

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "support"))
from driver import PROGRAM, ROOT, Facts  # noqa: E402

HOSTILE = ["<script>alert(1)</script>", "</script><img src=x onerror=alert(2)>", "--><svg onload=alert(3)>", "&lt;b&gt;&amp;",
           "=HYPERLINK(\"http://evil.invalid\",\"x\")", "+1+1", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0", "a,\"b\",c;d",
           "[click](javascript:alert(4))", "![x](http://evil.invalid/x.png)", "| a | b |", "# head", "`code` **bold** ~~gone~~ $x$",
           "::error file=x::no", "%0A::error::no", "]]>", "{{7*7}}", "$(touch hacked)", "\u202etxt.exe", "<!-- -->", "http://evil.invalid/"]
MARKUP = set("\\`*_{}[]<>#|~$")
CONTROL = {"a raw escape": b'"a\x1b[31mb"', "an escaped escape": b'"a\\u001b[31mb"', "a bell": b'"a\\u0007"', "C1": b'"a\\u009b31m"', "a new line": b'"a\\nb"', "DEL": b'"a\x7fb"',
           "bad UTF-8": b'"a\xff\xfeb"', "overlong UTF-8": b'"a\xc0\xbcb"', "a surrogate in UTF-8": b'"a\xed\xa0\x80b"', "a NUL": b'"a\\u0000b"'}


def spoil(value, names, kept=""):
    """The same with every name and label, and every value of a dimension, one of the names."""
    if isinstance(value, list):
        return [spoil(each, names, kept) for each in value]
    if not isinstance(value, dict):
        return value
    return {key: next(names) if key in ("label", "name") and isinstance(each, str)
            else {k: next(names) for k in each} if key == "dimensions" and "scope" not in kept else spoil(each, names, kept) for key, each in value.items()}


def endless():
    while True:
        yield from HOSTILE


def call(*arguments, folder=None):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, check=False, cwd=folder or ROOT, timeout=120,
                          env={k: v for k, v in os.environ.items() if k not in ("CI", "NO_COLOR", "CLICOLOR_FORCE")})
    return done.returncode, done.stdout, done.stderr


class Page(HTMLParser):
    """Elements, attributes and the text of each script of a page."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.events, self.scripts, self.inside, self.words = [], [], [], None, []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.events += [name for name, _ in attrs if name.startswith("on") or name in ("src", "srcdoc", "action")]
        self.inside = tag
        if tag == "script":
            self.scripts.append([dict(attrs).get("id"), ""])

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside == "script":
            self.scripts[-1][1] += data
        else:
            self.words.append(data)


def html(facts, name, data, wanted):
    page, plain = Page(data.decode()), Page(call("run", "scenarios/minimal.json", "--paths", 32, "-q", "--format", "html")[1].decode())
    facts.check("%s: html: the elements of any other page" % name, set(page.tags) == set(plain.tags) and page.tags.count("script") == plain.tags.count("script"), str(sorted(set(page.tags))))
    facts.check("%s: html: no handler, nothing fetched" % name, page.events == [], str(page.events))
    document = json.loads(next(text for key, text in page.scripts if key == "document"))
    facts.check("%s: html: names as written, in the data" % name, all(each in json.dumps(document, ensure_ascii=False) or json.dumps(each, ensure_ascii=False)[1:-1] in json.dumps(document, ensure_ascii=False)
                for each in wanted))
    raw = next(text for key, text in page.scripts if key == "document")
    facts.check("%s: html: the data hold no '<'" % name, "<" not in raw and ">" not in raw)
    facts.check("%s: html: other scripts are ours" % name, [s for s in page.scripts if s[0] != "document"] == [s for s in plain.scripts if s[0] != "document"])


def xlsx(facts, name, data, wanted):
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    ours = re.compile(r"[-$A-Z0-9+/() ]+|='?[^'!]{1,31}'![A-Z]+\d+/'[^'!]{1,31}'![A-Z]+\d+-1|'[^'!]{1,31}'![A-Z]+\d+/'[^'!]{1,31}'![A-Z]+\d+-1")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        formulas = [cell.text for each in names if each.startswith("xl/worksheets/sheet") for cell in ElementTree.fromstring(archive.read(each)).iter(main + "f")]
        strings = [node.text for node in ElementTree.fromstring(archive.read("xl/sharedStrings.xml")).iter(main + "t")]
        links = [each for each in names if b"hyperlink" in archive.read(each).lower() and each.endswith(".rels") or "externalLink" in each or "vba" in each.lower()]
        for each in names:  # well-formed, all of it
            if each.endswith(".xml") or each.endswith(".rels"):
                ElementTree.fromstring(archive.read(each))
        sheets = [sheet.get("name") for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(main + "sheet")]
    strange = [text for text in formulas if not ours.fullmatch(text)]
    facts.check("%s: xlsx: no formula but ours" % name, not strange, str(strange[:3]))
    facts.check("%s: xlsx: no link" % name, not links, str(links))
    facts.check("%s: xlsx: names are strings, as written" % name, all(each in strings for each in wanted), str([each for each in wanted if each not in strings]))
    facts.check("%s: xlsx: names of sheets are allowed" % name, all(0 < len(each) <= 31 and not re.search(r"[\[\]:*?/\\]", each) for each in sheets), str(sheets))


def markdown(facts, name, data, wanted):
    text = data.decode()
    bare = re.sub(r"```.*?```", "", text, flags=re.S)
    bare = re.sub(r"^(#+ |\|[ :|-]+\|$)", "", bare, flags=re.M)  # our own heads and rules of tables
    lines = [re.sub(r"^\| | \| | \|$|^\|", "  ", line) if line.startswith("|") else line for line in bare.split("\n")]
    lines = [line.replace(" | ", "  ").replace("**", "") for line in lines]
    left = [(line, at.group()) for line in lines for at in [re.search(r"(?<!\\)(?:\\\\)*([<\[`~]|!\[|\]\()", line)] if at]
    facts.check("%s: md: no markup in a name" % name, not left, str(left[:3]))
    escaped = ["".join("\\" + c if c in MARKUP else c for c in each) for each in wanted]
    facts.check("%s: md: names are there, escaped" % name, all(each in text or each.lstrip("#+-=") in text for each in escaped), str([e for e in escaped if e not in text][:3]))
    widths = [len(re.findall(r"(?<!\\)\|", line)) for line in text.split("\n") if line.startswith("|")]
    blocks = [[len(re.findall(r"(?<!\\)\|", line)) for line in part.split("\n") if line.startswith("|")] for part in re.split(r"\n\s*\n", text)]
    facts.check("%s: md: no name makes a column" % name, widths and all(len(set(block)) <= 1 for block in blocks), str([b for b in blocks if len(set(b)) > 1][:2]))


def separated(facts, name, data, _):
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    strange = [cell for row in rows for cell in row if re.match(r"\s*[=+@\t\r]|\s*-(?!\d+(\.\d+)?(e[+-]?\d+)?$)", cell)]
    facts.check("%s: csv: no cell begins like a formula" % name, not strange, str(strange[:3]))
    facts.check("%s: csv: all rows have the same columns" % name, len({len(row) for row in rows}) == 1, str({len(row) for row in rows}))


def terminal(facts, name, data, wanted):
    text = data.decode()
    ours = re.sub(r"\x1b\[(0|1|38;5;\d+|1;38;5;\d+;48;5;\d+)m", "", text)
    bad = [c for c in ours if c != "\n" and unicodedata.category(c) in ("Cc", "Cf")]
    facts.check("%s: text: no control but our colours" % name, not bad, repr(bad[:5]))
    flat = " ".join(ours.split())
    shown = [re.sub("[\u202e]", "", each) for each in wanted]
    facts.check("%s: text: names are shown" % name, all(" ".join(each.split()) in flat for each in shown[:1]), str(shown[:1]))
    opened = [at.group() for at in re.finditer(r"\x1b\[[\d;]*m", text)]
    facts.check("%s: text: a colour ends where it began" % name, all((code == "\x1b[0m") == (k % 2 == 1) for k, code in enumerate(opened)), str(opened[:6]))


def stored(facts, name, data, wanted):
    text = data.decode()
    facts.check("%s: json: no control character is bare" % name, not any(unicodedata.category(c) == "Cc" and c != "\n" for c in text))
    answer = json.dumps(json.loads(text), ensure_ascii=False)
    facts.check("%s: json: names as written" % name, all(json.dumps(each, ensure_ascii=False)[1:-1] in answer for each in wanted))


FORMATS = {"html": html, "xlsx": xlsx, "markdown": markdown, "csv": separated, "text": terminal, "json": stored}


def reports(facts, folder):
    for scenario in ("default", "channel_partner", "double_eleven", "price_cut"):
        with open(os.path.join(ROOT, "scenarios", scenario + ".json"), encoding="utf-8") as file:
            text = file.read()  # goals whose scope is the value of a dimension need its name
            content = spoil(json.loads(text), endless(), text)
        path = os.path.join(folder, scenario + ".json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(content, file)
        commands = [["run", path, "--paths", 200], ["compare", path, "--paths", 64]] + ([["respond", path, "--paths", 64]] if scenario == "price_cut" else [])
        for command in commands:
            for form, look in FORMATS.items():
                for language in ("en", "zh"):
                    status, out, err = call(*command, "-q", "--format", form, "--lang", language, *(["--color", "always"] if form == "text" else []))
                    name = "%s %s, %s" % (command[0], scenario, language)
                    if status == 0:
                        look(facts, name, out, [content["name"]] if command[0] == "run" else [])
                    facts.check("%s: %s: is written" % (name, form), status == 0, err.decode()[:300])


def checks(facts, folder):
    """Reports for CI, of a scenario with hostile names in a file with a hostile name."""
    inside = os.path.join(folder, "ci")
    os.mkdir(inside)
    with open(os.path.join(ROOT, "scenarios/default.json"), encoding="utf-8") as file:
        text = file.read()
        content = spoil(json.loads(text), endless(), text)
    content["expect"] = ["revenue >= 1", {"rule": "revenue.p10 >= 1000000000000", "why": HOSTILE[0] + HOSTILE[4] + HOSTILE[10] + HOSTILE[15]}]
    names = ["<script>&\"'.json", "::error file=x,line=1::no.json", "a%0A::error::no,b:c.json", "=1+1 \u202e.json", "a\x1b[31mred.json", "b\n::error::no.json", "c\x9b31m.json", "d\xad\u2028::error::x.json"]
    for name in names:
        with open(os.path.join(inside, name), "w", encoding="utf-8") as file:
            json.dump(content, file)
    bad = os.fsencode(inside) + b"/bad\xff\xfe.json"
    with open(bad, "w", encoding="utf-8") as file:
        json.dump(content, file)
    status, out, _ = call("check", inside, "--format", "junit", "-q", "--paths", "64")
    try:
        root = ElementTree.fromstring(out)
        suites = list(root.iter("testsuite"))
    except ElementTree.ParseError as why:
        root, suites = None, []
        facts.check("junit: is XML", False, str(why))
    facts.check("junit: a suite for each scenario, nothing else", status == 1 and len(suites) == len(names) + 1 and
                {each.tag for each in (root.iter() if root is not None else [])} <= {"testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out", "properties", "property"}, "%d: %d" % (status, len(suites)))
    status, out, _ = call("check", inside, "--format", "github", "-q", "--paths", "64")
    text = out.decode("utf-8", "replace")
    orders = [line for line in re.split("[\r\n\u2028\u2029\x85]", text) if line.lstrip().startswith("::")]
    ours = re.compile(r"::(error|warning|notice) file=[^,:\x00-\x1f]*,line=\d+,title=pricesim::.*")
    facts.check("github: no order but ours", status == 1 and orders and all(ours.fullmatch(line) for line in orders), str([line for line in orders if not ours.fullmatch(line)][:3]))
    failing = [line for line in orders if line.startswith("::error") and "revenue.p10" in line]
    facts.check("github: one for each failed check", len(failing) == len(names) + 1, str(len(failing)))
    facts.check("github: no escape sequence", not any(unicodedata.category(c) == "Cc" and c != "\n" for c in text), repr([c for c in text if unicodedata.category(c) == "Cc" and c != "\n"][:5]))
    for form in ("text", "markdown", "csv", "json", "html", "xlsx"):
        status, out, err = call("check", inside, "--format", form, "-q", "--paths", "64")
        facts.check("check: %s: is written" % form, status == 1 and len(out) > 100, err.decode("utf-8", "replace")[:200])
        if form == "text":
            terminal(facts, "check", out, ["revenue"])
        elif form == "csv":
            separated(facts, "check", out, [])
        elif form == "json":
            stored(facts, "check", out, [])
        elif form == "html":
            html(facts, "check", out, [])
        elif form == "xlsx":
            xlsx(facts, "check", out, [])
    _, out, err = call("check", os.path.join(inside, "none\x1b[31m\n.json"), "-q")
    said = (out + err).decode("utf-8", "replace")
    facts.check("a fault does not repeat the escape of a file's name", "\x1b" not in said, repr(said[:200]))


def refused(facts, folder):
    """Control characters and bad UTF-8 stop before a report, also in a stored result."""
    with open(os.path.join(ROOT, "scenarios/minimal.json"), "rb") as file:
        scenario = file.read()
    name = re.search(rb'"name"\s*:\s*("(?:[^"\\]|\\.)*")', scenario)
    result = os.path.join(folder, "kept.json")
    call("run", "scenarios/minimal.json", "--paths", 32, "-q", "-o", result)
    with open(result, "rb") as file:
        kept = file.read()
    title = re.search(rb'"title"\s*:\s*("(?:[^"\\]|\\.)*")', kept)
    for what, text in CONTROL.items():
        spoiled, changed = os.path.join(folder, "spoiled.json"), os.path.join(folder, "changed.json")
        with open(spoiled, "wb") as file:
            file.write(scenario[:name.start(1)] + text + scenario[name.end(1):])
        with open(changed, "wb") as file:
            file.write(kept[:title.start(1)] + text + kept[title.end(1):])
        for form in ("txt", "html", "xlsx", "md", "csv", "json"):
            for command, source in (("run", spoiled), ("report", changed)):
                target = os.path.join(folder, "%s of %s.%s" % (command, what, form))
                status, out, err = call(command, source, "-q", "-o", target)
                facts.check("%s with %s: no %s" % (command, what, form), status == 3 and not os.path.exists(target) and out == b"", "%d %r" % (status, err[:200]))
                facts.check("%s with %s: it is not repeated" % (command, what), not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]|\xff", err), repr(err[:200]))


def main():
    facts = Facts()
    with tempfile.TemporaryDirectory(prefix="pricesim-inert-") as folder:
        reports(facts, folder)
        checks(facts, folder)
        refused(facts, folder)
    return facts.close()


if __name__ == "__main__":
    sys.exit(main())
