# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the program on scenarios made in a test, and counts facts that hold or do not."""
import copy
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("PRICESIM") or os.path.join(ROOT, "build", "pricesim")


class Refused(Exception):
    """The program does not take the scenario."""


def output(scenario, *options, env=None):
    """Bytes of `run --format json` of a scenario given as an object, as text, or as a file's name."""
    text = scenario if isinstance(scenario, str) else json.dumps(scenario)
    file = text if not text.startswith("{") else "-"
    done = subprocess.run([PROGRAM, "run", file, "--format", "json", "-q", *map(str, options)],
                          input=b"" if file != "-" else text.encode(), capture_output=True, check=False, timeout=20,
                          env=dict(os.environ, **env) if env else None)
    if done.returncode == 3:
        raise Refused(done.stderr.decode())
    if done.returncode:
        with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as kept:
            kept.write(text)
        raise RuntimeError("exit %d on %s: %s" % (done.returncode, kept.name, done.stderr.decode()[:500]))
    return done.stdout


def without_duplicates(pairs):
    keys = [k for k, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError("a key twice in one object: %s" % [k for k in keys if keys.count(k) > 1])
    return dict(pairs)


def run(scenario, *options, env=None):
    return json.loads(output(scenario, *options, env=env), object_pairs_hook=without_duplicates)


def compare(base, *options):
    """`compare --format json` of a scenario given as an object."""
    done = subprocess.run([PROGRAM, "compare", "-", "--format", "json", "-q", *map(str, options)],
                          input=json.dumps(base).encode(), capture_output=True, check=False, timeout=60)
    if done.returncode == 3:
        raise Refused(done.stderr.decode())
    if done.returncode:
        raise RuntimeError("exit %d: %s" % (done.returncode, done.stderr.decode()[:500]))
    return json.loads(done.stdout, object_pairs_hook=without_duplicates)


def derived(scenario):
    """Values of `explain --derived` by their keys."""
    done = subprocess.run([PROGRAM, "explain", "-", "--derived", "--format", "json"], input=json.dumps(scenario).encode(),
                          capture_output=True, check=True, timeout=20)
    return {k: x["value"] for k, x in json.loads(done.stdout)["derived"].items()}


def expected(scenario, *options):
    """Expected flows with all inputs at their centre: one path says it all."""
    return run(scenario, "--set", "/run/counts=expected", "--set", "/run/parameters=centre", "--paths", 1, *options)


def changed(scenario, **values):
    """A copy with the values at slash-separated paths replaced; None removes."""
    result = copy.deepcopy(scenario)
    for path, value in values.items():
        *folders, last = path.split("/")
        at = result
        for folder in folders:
            at = at.setdefault(folder, {})
        if value is None:
            at.pop(last, None)
        else:
            at[last] = value
    return result


def but_source(answer):
    """An answer as JSON text without the scenario's own text, which keeps the order of its keys."""
    answer = json.loads(answer)
    answer["scenario"].pop("source", None)
    return json.dumps(answer)


def equal(a, b, tolerance, rounding=0):
    if isinstance(a, float) and isinstance(b, (int, float)) or isinstance(b, float) and isinstance(a, int):
        return abs(a - b) <= max(tolerance * max(abs(a), abs(b)), rounding)
    return a == b and isinstance(a, bool) == isinstance(b, bool)


def differences(a, b, at="", tolerance=0, rounding=0):
    """Places at which two JSON values differ, numbers by more than the relative tolerance and than rounding around zero."""
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(set(a) | set(b)):
            if key not in a or key not in b:
                yield "%s/%s: only in one" % (at, key)
            else:
                yield from differences(a[key], b[key], "%s/%s" % (at, key), tolerance, rounding)
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for n, (x, y) in enumerate(zip(a, b)):
            yield from differences(x, y, "%s/%d" % (at, n), tolerance, rounding)
    elif not equal(a, b, tolerance, rounding):
        yield "%s: %s, %s" % (at, json.dumps(a)[:60], json.dumps(b)[:60])


class Facts:
    """Counts facts; says those that fail, and last the line that tests/run.sh reads."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def check(self, fact, holds, detail=""):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print("not ok: %s%s" % (fact, ": %s" % (detail,) if detail != "" else ""))
            sys.stdout.flush()

    def near(self, fact, value, want, tolerance, scale=None):
        """Relative difference, to `scale` where the wanted value may be small."""
        size = abs(want) if scale is None else scale
        good = value is not None and abs(value - want) <= tolerance * size
        self.check(fact, good, "%r, not %r (tolerance %g of %g)" % (value, want, tolerance, size))

    def same(self, fact, a, b, tolerance=0, rounding=0):
        """Equal JSON values, numbers to the last digit or to a relative tolerance."""
        places = list(differences(a, b, "", tolerance, rounding))
        self.check(fact, not places, "%d differences: %s" % (len(places), "; ".join(places[:3])))

    def close(self):
        print("%d passed, %d failed, %d skipped" % (self.passed, self.failed, self.skipped))
        return 1 if self.failed or not self.passed else 0
