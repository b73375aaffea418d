# SPDX-License-Identifier: GPL-3.0-or-later
"""What every check needs: the table of rows, the program as a function, scenarios to start from."""
import datetime
import json
import math
import os
import subprocess
import tempfile

ABOUT = {"id", "title", "tolerance", "source", "note", "licence", "model"}
ERRORS = 4.0  # Monte Carlo: so many standard errors


class ProgramFailed(Exception):
    pass


class Program:
    """build/pricesim and library.c as functions; scenarios are dictionaries."""

    def __init__(self, here):
        root = os.path.join(here, "..", "..")
        self.pricesim = os.environ.get("PRICESIM") or os.path.join(root, "build", "pricesim")
        library = os.path.join(os.environ.get("BUILD") or os.path.join(root, "build", "release"), "tests", "validation", "library")
        self.library_path = os.environ.get("VALIDATE_LIBRARY") or library
        self.paths = int(os.environ.get("VALIDATE_PATHS") or 20000)
        self.folder = None
        self.count = 0

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="pricesim-validate-")
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def write(self, scenario):
        self.count += 1
        path = os.path.join(self.folder.name, "scenario%d.json" % self.count)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(scenario, file, indent=1)
        return path

    def ask(self, arguments):
        done = subprocess.run([self.pricesim, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            raise ProgramFailed("pricesim %s: exit status %d: %s" % (arguments[0], done.returncode, done.stderr.strip()))
        return json.loads(done.stdout)

    def run(self, scenario, paths=1):
        """The result of a run; one path is enough for expected flows at the centre."""
        return self.ask(["run", self.write(scenario), "--format", "json", "--quiet", "--paths", str(paths)])

    def ask_compare(self, base, alternative, paths):
        return self.ask(["compare", self.write(base), self.write(alternative), "--format", "json", "--quiet", "--paths", str(paths)])

    def compare(self, base, alternative, paths):
        """{metric: figure} of the alternative less the base, future by future."""
        return next(iter(self.ask_compare(base, alternative, paths)["differences"].values()))

    def derived(self, scenario):
        """{key: value} of explain --derived."""
        answer = self.ask(["explain", self.write(scenario), "--derived", "--format", "json", "--quiet"])
        return {key: item["value"] for key, item in answer["derived"].items()}

    def library(self, questions):
        """Answers to questions of library.c: a list of lists of numbers."""
        if not os.path.isfile(self.library_path):
            raise ProgramFailed("%s is not built: make validate" % self.library_path)
        done = subprocess.run([self.library_path], input="".join(" ".join(str(w) for w in q) + "\n" for q in questions),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            raise ProgramFailed("library: %s %s" % (done.stdout.strip()[-200:], done.stderr.strip()))
        return [[float(x) for x in line.split()] for line in done.stdout.splitlines()]


class Table:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0
        self.case = ""
        self.blocks = set()
        self.missing = []
        print("%-4s %-26s %-8s %-38s %16s %16s %9s %s" % ("case", "block", "class", "quantity", "expected", "got", "allowed", "verdict"))

    def begin(self, case):
        self.case = case
        self.blocks = set()

    def row(self, block, kind, quantity, expected, got, allowed, good):
        self.blocks.add(block.split(" ")[0])
        self.passed += good
        self.failed += not good
        print("%-4s %-26s %-8s %-38s %16s %16s %9s %s"
              % (self.case, block[:26], kind, quantity[:38], short(expected), short(got), "%.2g" % allowed, "ok" if good else "MISS"))

    def close(self, block, kind, quantity, expected, got, rel=0.0, abs_=0.0):
        """|got - expected| <= abs + rel |expected|; None: there is no such number."""
        if expected is None or got is None:
            self.row(block, kind, quantity, expected, got, 0.0, expected is None and got is None)
            return
        allowed = abs_ + rel * abs(expected)
        self.row(block, kind, quantity, expected, got, allowed, abs(got - expected) <= allowed)

    def all_close(self, block, kind, quantity, expected, got, rel=0.0, abs_=0.0):
        """A list: one row, showing the worst element."""
        if len(expected) != len(got) or not expected:
            self.row(block, kind, quantity + " (how many)", len(expected), len(got), 0, False)
            return
        excess = [abs(g - e) - abs_ - rel * abs(e) if g is not None else math.inf for e, g in zip(expected, got)]
        worst = max(range(len(excess)), key=excess.__getitem__)
        self.row(block, kind, "%s [%d]" % (quantity, len(expected)), expected[worst], got[worst],
                 abs_ + rel * abs(expected[worst]), excess[worst] <= 0)

    def sampled(self, block, quantity, expected, got, error):
        """A Monte Carlo estimate with its standard error."""
        self.row(block, "run", quantity, expected, got, ERRORS * error, abs(got - expected) <= ERRORS * error + 1e-12 * abs(expected))

    def sampled_sd(self, block, quantity, expected, got, paths):
        """A standard deviation over the paths of something nearly normal."""
        self.sampled(block, quantity, expected, got, expected / math.sqrt(2.0 * paths))

    def sampled_quantile(self, block, quantity, expected, got, level, paths, cdf):
        """A quantile of whole numbers: its level lies, within the error of a share, between P(X < got) and P(X <= got)."""
        error = ERRORS * math.sqrt(level * (1.0 - level) / paths)
        good = cdf(math.ceil(got - 1e-9)) >= level - error and cdf(math.floor(got + 1e-9) - 1) <= level + error
        self.row(block, "run", quantity, expected, got, error, good)

    def broken(self, block, why):
        self.failed += 1
        print("%-4s %s: %s MISS" % (self.case, block, why))

    def skip(self, block, why):
        self.blocks.add(block.split(" ")[0])
        self.skipped += 1
        self.missing.append([self.case, block, "skipped: " + why])

    def not_covered(self, block, why):
        """Listed at the end; blocks of one case with one reason on one line."""
        self.blocks.add(block.split(" ")[0])
        for entry in self.missing:
            if entry[0] == self.case and entry[2] == why:
                entry[1] += "" if block in entry[1].split(", ") else ", " + block
                return
        self.missing.append([self.case, block, why])

    def finish(self):
        if self.missing:
            print("\nNot covered:")
            for case, block, why in self.missing:
                print("%-4s %s: %s" % (case, block, why))
        print("\n%d passed, %d failed, %d skipped" % (self.passed, self.failed, self.skipped))
        return 1 if self.failed or not self.passed else 0


def short(x):
    return "none" if x is None else "%.10g" % x if isinstance(x, (int, float)) else str(x)


def exact(value):
    return {"value": value, "exact": True}


def market(segments, offers, periods=1, **more):
    """Consumer goods, expected flows at the centre, weeks; more: further keys."""
    scenario = {
        "pricesim": 1, "name": "validation", "currency": "EUR", "scope": "market",
        "calendar": {"start": "2024-01-01", "period": "week", "periods": periods},
        "run": {"counts": "expected", "parameters": "centre"},
        "market": {"shock": "off", "segments": segments}, "offers": offers,
        "payment": {"days": 0, "bad_debt": 0},
    }
    scenario.update(more)
    return scenario


def always(quantity, list_price, unit_cost, **offer):
    """So many purchases of one offer in one period."""
    scenario = market({"all": {"arrivals": {"per_week": quantity, "law": "expected"}}},
                      {"own": {"list_price": list_price, "unit_cost": unit_cost, **offer}})
    scenario["market"]["demand"] = {"kind": "always", "offer": "own"}
    return scenario


def pipeline(arrivals, choice, stages, offers, **more):
    """A funnel; stages: [(id, stage)] in order."""
    scenario = {
        "pricesim": 1, "name": "validation", "currency": "EUR", "scope": "pipeline",
        "calendar": {"start": "2024-01-01", "period": "day", "periods": 1},
        "run": {"counts": "expected", "parameters": "centre"},
        "market": {"shock": "off", "segments": {"all": {"arrivals": arrivals, "choice": choice}}},
        "offers": offers,
        "funnel": {"opening": "empty", "order": [name for name, _ in stages], "stages": dict(stages)},
        "payment": {"days": 0, "bad_debt": 0},
    }
    scenario.update(more)
    return scenario


def mean(result, metric):
    return result["summary"][metric]["mean"]


def binomial_cdf(n, p):
    """P(X <= k) as a function of k."""
    total, below = 0.0, []
    for k in range(n + 1):
        total += math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(p) + (n - k) * math.log1p(-p))
        below.append(min(total, 1.0))
    return lambda k: 0.0 if k < 0 else below[min(int(k), n)]


def week(weeks):
    """ISO date of the Monday so many weeks after the calendar's start."""
    return (datetime.date(2024, 1, 1) + datetime.timedelta(weeks=weeks)).isoformat()


def week_end(weeks):
    return (datetime.date(2024, 1, 7) + datetime.timedelta(weeks=weeks)).isoformat()
