#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The JSON Schema that `pricesim schema` prints, next to the loader, over one corpus.

What the loader accepts the schema accepts too. What is wrong in one place by itself (an unknown key, a wrong type, an
empty map) the schema refuses as well; rules between places, dates and files are the loader's alone.
"""
import glob
import json
import os
import subprocess
import sys

from jsonschema import Draft202012Validator

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CORPUS = os.path.join(ROOT, "tests", "reject", "semantic")
PROGRAM = os.environ.get("PRICESIM", os.path.join(ROOT, "build", "pricesim"))
LOCAL_CODES = {"UNKNOWN_KEY", "TYPE", "INTEGER", "EMPTY", "VERSION"}
# Here the type depends on the unit of the number, or on the sense of a text: the schema has one form for all numbers.
LOADER_ONLY = {"counts_of_money.json", "range_half_percent.json", "referral_percent.json"}


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def expected_codes():
    """File name to the loader's codes; no code for a file that loads without a word."""
    codes = {}
    with open(os.path.join(CORPUS, "expected.tsv"), encoding="utf-8") as f:
        for line in f:
            if not line.startswith("#"):
                name, code = line.split("\t")[:2]
                codes.setdefault(name, set())
                if code != "ok":
                    codes[name].add(code)
    return codes


def main():
    schema = json.loads(subprocess.run([PROGRAM, "schema"], check=True, stdout=subprocess.PIPE).stdout)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    failed = 0

    def judge(good, what):
        nonlocal failed
        failed += not good
        print("ok" if good else "not ok", what)

    for path in sorted(glob.glob(os.path.join(ROOT, "scenarios", "*.json"))):
        if path.endswith(".baseline.json"):
            continue
        error = next(validator.iter_errors(load(path)), None)
        judge(error is None, f"{os.path.basename(path)} is accepted" + (f": {error.message[:200]}" if error else ""))
    for name, codes in sorted(expected_codes().items()):
        faults = {code for code in codes if not code.startswith("WARN_")}
        if not faults:
            error = next(validator.iter_errors(load(os.path.join(CORPUS, name))), None)
            judge(error is None, f"{name} is accepted" + (f": {error.message[:200]}" if error else ""))
        elif faults <= LOCAL_CODES and name not in LOADER_ONLY:
            judge(not validator.is_valid(load(os.path.join(CORPUS, name))), f"{name} is refused ({', '.join(faults)})")
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
