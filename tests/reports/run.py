# SPDX-License-Identifier: GPL-3.0-or-later
"""Workbooks: their cells are the result's numbers, LibreOffice computes their formulas to the same, and what users write stays text."""
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.environ.get("PRICESIM") or os.path.join(ROOT, "build/pricesim")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
HOSTILE = ["=HYPERLINK(\"http://evil.invalid\",\"x\")", "+1+1", "@SUM(A1)", "-2+3", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "]]>&amp;", "\u202etxt",
           "[x]:*?/\\'"]
counts = {"passed": 0, "failed": 0}


def check(fact, holds, seen=None):
    counts["passed" if holds else "failed"] += 1
    if not holds:
        print(f"not so: {fact}: {seen!r}"[:1000])


def program(*arguments):
    subprocess.run([PROGRAM, *arguments], cwd=ROOT, check=True, stderr=subprocess.DEVNULL)


def without_values(source, target):
    """A copy whose formulas have no stored value: who opens it has to calculate."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                data = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
            new.writestr(name, data)


def sheets_by_libreoffice(book, folder):
    """{sheet: rows of text with full precision}"""
    subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", ALL_SHEETS, "--outdir", folder, book],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=200)
    stem = os.path.splitext(os.path.basename(book))[0] + "-"
    found = {}
    for name in os.listdir(folder):
        if name.startswith(stem) and name.endswith(".csv"):
            with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
                found[name[len(stem):-4]] = list(csv.reader(file))
    return found


def formulas(book):
    with zipfile.ZipFile(book) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                for cell in ElementTree.fromstring(archive.read(name)).iter(MAIN + "f"):
                    yield cell.text


def near(a, b):
    return abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1e-300)


def column(rows, title):
    head = rows[3]
    return [row[head.index(title)] for row in rows[4:]]


def numbers(texts):
    """A fraction is written as a percentage."""
    return [float(text[:-1]) / 100 if text.endswith("%") else float(text) for text in texts]


def charts_by_sheet(archive):
    """{name of the sheet: whether a chart stands on it}"""
    names = [sheet.get("name") for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(MAIN + "sheet")]
    links = set(archive.namelist())
    return {name: f"xl/worksheets/_rels/sheet{k + 1}.xml.rels" in links and b"/drawing" in archive.read(f"xl/worksheets/_rels/sheet{k + 1}.xml.rels")
            for k, name in enumerate(names)}


def check_run(folder):
    book, again, result = (os.path.join(folder, name) for name in ("run.xlsx", "again.xlsx", "run.json"))
    arguments = ["run", "scenarios/default.json", "--paths", "2000", "-o"]
    for target in (book, again, result):
        program(*arguments, target)
    with open(book, "rb") as one, open(again, "rb") as two:
        check("equal runs give equal bytes", one.read() == two.read())
    with open(result, encoding="utf-8") as file:
        stored = json.load(file)
    bare = os.path.join(folder, "bare.xlsx")
    without_values(book, bare)
    sheets = sheets_by_libreoffice(bare, folder)
    for name in ("Fan win_rate_closed", "Shares", "Rival shares", "Own list prices", "Own prices seen", "Rival prices", "Price gap standard", "Run info", "Summary", "Percentiles", "Fan revenue", "Fan contribution", "Fan collected", "Waterfall", "Funnel", "Promotions", "Tornado", "Goals",
                 "By segment", "Inputs"):
        check(f"there is a sheet {name}", name in sheets, sorted(sheets))
    check("the summary begins with the verdict", sheets["Summary"][3][0] == stored["verdict"][0], sheets["Summary"][:5])
    fan = sheets["Fan revenue"]
    check("a fan is the series", all(near(float(a), b) for a, b in zip(column(fan, "p90"), stored["series"]["revenue"]["p90"])) and
          len(fan) == 4 + len(stored["calendar"]["starts"]), fan[:6])
    check("its dates are the periods", [row[0] for row in fan[4:6]] == stored["calendar"]["starts"][:2], fan[4:6])
    steps = {row["id"]: row for row in stored["waterfall"]}
    shown = [row for row in stored["waterfall"] if row["total"] or row["amount"] != 0]
    amounts = [row["amount"] if row["total"] else -row["amount"] for row in shown]
    fall = sheets["Waterfall"]
    check("a waterfall's amounts, deductions with a minus", all(near(a, b) for a, b in zip(numbers(column(fall, "amount")), amounts)), fall)
    listed = next(iter(steps.values()))["amount"]
    check("computed: its part of the list price", all(near(a, b / listed) for a, b in zip(numbers(column(fall, "of list")), amounts)), fall)
    bases = column(fall, "base")
    last = len(shown) - 2  # the step before pocket margin ends where that begins
    check("computed: steps end at the next level", near(float(bases[last]), amounts[-1]), bases)
    rates = numbers(column(sheets["Funnel"], "rate"))
    check("computed: rates of the funnel", all(near(a, row["conversion"]) for a, row in zip(rates, stored["funnel"])) and len(rates) == len(stored["funnel"]), rates)
    gaps = numbers(column(sheets["Price gap standard"], "rival_a"))
    check("computed: gaps of prices", all(near(a, b) for a, b in zip(gaps, stored["price_gap"]["standard"]["rival_a"])) and len(gaps) == 52, gaps[:3])
    check("shares over time", all(near(a, b) for a, b in zip(numbers(column(sheets["Rival shares"], "rival_b")), stored["shares"]["rivals"]["rival_b"])))
    facts = {row[0]: row[1] for row in sheets["Run info"][4:] if len(row) > 1}
    wanted = {"Seed": stored["run"]["seed"], "Futures": str(stored["run"]["paths"]), "Hash of the scenario": stored["scenario"]["hash"], "Program version": stored["version"]}
    check("what was run stands in the workbook", all(facts.get(key) == value for key, value in wanted.items()), facts)
    check("and the command for it", any(row[0].startswith("pricesim run ") for row in sheets["Run info"]), sheets["Run info"][-3:])
    check("the workbook has formulas", sum(1 for _ in formulas(book)) > 20)
    with zipfile.ZipFile(book) as archive:
        names = archive.namelist()
        drawn = {sheet for sheet, chart in charts_by_sheet(archive).items() if chart}
        for name in ("Fan revenue", "Fan contribution", "Fan collected", "Shares", "Rival shares", "Own prices seen", "Price gap standard", "Waterfall", "Funnel", "Promotions", "Tornado", "Goals"):
            check(f"sheet {name} has a chart of the workbook's own", name in drawn, sorted(drawn))
        check("nothing from outside", not any("externalLink" in name or "vbaProject" in name for name in names), names)
        check("tables have names for formulas", b'name="ps_waterfall"' in archive.read("xl/workbook.xml"))
        check("heads stay in sight", all(b"<pane " in archive.read(name) for name in names if re.fullmatch(r"xl/worksheets/sheet(?!1\.)\d+\.xml", name)))


def check_pages(folder):
    """What LibreOffice draws: each sheet's title, the numbers of the waterfall, a chart on its page."""
    book, result = os.path.join(folder, "run.xlsx"), os.path.join(folder, "run.json")
    subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf", "--outdir", folder, book],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=200)
    pdf = os.path.join(folder, "run.pdf")
    pages = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, stdout=subprocess.PIPE).stdout.decode().split("\f")
    with open(result, encoding="utf-8") as file:
        stored = json.load(file)
    for title in ("Price waterfall", "Funnel", "What the promotions earn", "Goals", "By segment", "Inputs as understood"):
        check(f"printed: {title}", any(page.lstrip().startswith(title) for page in pages), title)
    at = next(i for i, page in enumerate(pages) if page.lstrip().startswith("Price waterfall"))
    for row in stored["waterfall"]:
        if row["total"]:
            check(f"printed: {row['id']}", f"{round(row['amount']):,}" in pages[at], pages[at][:800])
    picture = os.path.join(folder, "page")
    subprocess.run(["pdftoppm", "-r", "50", "-f", str(at + 1), "-l", str(at + 1), "-singlefile", pdf, picture], check=True)
    with open(picture + ".ppm", "rb") as file:
        data = file.read()
    blue = sum(data[i:i + 3] == bytes((0x00, 0x72, 0xB2)) for i in range(15, len(data) - 3, 3))
    check("printed: the bars of the waterfall are drawn", blue > 300, blue)


def check_import(folder):
    """What LibreOffice saved again is still the scenario."""
    book, result = os.path.join(folder, "in.xlsx"), os.path.join(folder, "in.json")
    saved, back, again = os.path.join(folder, "saved/in.xlsx"), os.path.join(folder, "back.json"), os.path.join(folder, "again.json")
    arguments = ["run", "scenarios/default.json", "--paths", "100", "--attribution", "none", "-o"]
    for target in (book, result):
        program(*arguments, target)
    subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx", "--outdir", os.path.dirname(saved), book],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=200)
    program("import", "xlsx", saved, "-o", back)
    program("run", back, "--attribution", "none", "-o", again)
    first, second = ({key: json.load(open(name, encoding="utf-8"))["scenario"][key] for key in ("hash", "source")} for name in (result, again))
    check("saved by LibreOffice and imported: the same scenario", first == second, (first, second))


def check_compare(folder):
    book, bare = os.path.join(folder, "compare.xlsx"), os.path.join(folder, "compare_bare.xlsx")
    program("compare", "scenarios/default.json", "--paths", "1000", "-o", book)
    without_values(book, bare)
    plans = sheets_by_libreoffice(bare, folder)["Plans"]
    base, other = numbers(column(plans, "default")[:4]), numbers(column(plans, "match")[:4])
    with zipfile.ZipFile(book) as archive:
        drawn = charts_by_sheet(archive)
        names = [name.get("name") for name in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(MAIN + "definedName")]
    check("names of tables are unique", len(names) == len({name.lower() for name in names}), names)
    for name in ("Summary", "Compare", "Plans", "Fan revenue", "Fan contribution", "Waterfall", "Funnel", "Run info"):
        check(f"comparison: there is a sheet {name}", name in drawn, sorted(drawn))
    for name in ("Compare", "Fan revenue", "Waterfall"):
        check(f"comparison: sheet {name} has a chart", drawn.get(name), sorted(drawn))
    check("computed: differences of plans", all(near(float(d.rstrip("%")) / (100 if d.endswith("%") else 1), b - a) or abs(b - a) < 1e-6
          for d, a, b in zip(column(plans, "match less default"), base, other)), plans[:8])


def spoil(value, names):
    if isinstance(value, list):
        return [spoil(each, names) for each in value]
    if not isinstance(value, dict):
        return value
    return {key: next(names) if key in ("label", "name") and isinstance(each, str) else spoil(each, names) for key, each in value.items()}


def check_hostile(folder):
    def endless():
        while True:
            yield from HOSTILE
    with open(os.path.join(ROOT, "scenarios/default.json"), encoding="utf-8") as file:
        scenario = spoil(json.load(file), endless())
    source, book = os.path.join(folder, "hostile.json"), os.path.join(folder, "hostile.xlsx")
    with open(source, "w", encoding="utf-8") as file:
        json.dump(scenario, file)
    program("run", source, "--paths", "500", "-o", book)
    ours = re.compile(r"-?\$?[A-Z]{1,2}\$?\d+([-+/]\(?\$?[A-Z]{1,2}\$?\d+)*\)?")
    strange = [text for text in formulas(book) if not ours.fullmatch(text)]
    check("hostile: no formula but ours", not strange, strange)
    with zipfile.ZipFile(book) as archive:
        check("hostile: no link", not any(b"hyperlink" in archive.read(name).lower() for name in archive.namelist() if "/_rels/" in name))
        strings = [node.text for node in ElementTree.fromstring(archive.read("xl/sharedStrings.xml")).iter(MAIN + "t")]
    check("hostile: names are as written", all(name in strings for name in HOSTILE[:3]), strings[:20])
    sheets = sheets_by_libreoffice(book, folder)
    check("hostile: LibreOffice shows the name, not what it would compute", sheets["Summary"][0][0] == HOSTILE[0], sheets["Summary"][0])


with tempfile.TemporaryDirectory() as work:
    check_run(work)
    check_pages(work)
    check_import(work)
    check_compare(work)
    check_hostile(work)
print(f"{counts['passed']} passed, {counts['failed']} failed, 0 skipped")
sys.exit(counts["failed"] != 0)
