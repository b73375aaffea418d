#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the instructions of fixed runs (valgrind) and compares them with instructions.tsv: instructions.py [--accept]

Instructions do not care what else runs, so a limit of 2 % holds where a time would not. A run that needs more fails; one that
needs 5 % less is said, so that the gain is kept. --accept writes what is counted now. The counts are those of one compiler
and of the x86-64-v3 code: another compiler or processor skips.
"""
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
TABLE = os.path.join(HERE, "instructions.tsv")
PROGRAM = os.path.abspath(os.environ.get("PRICESIM") or os.path.join(ROOT, "build", "pricesim"))
ABOVE, BELOW = 1.02, 0.95


def table():
    """The lines before the runs, the compiler, and (name, count, options) of each run."""
    head, compiler, runs = [], "", []
    with open(TABLE, encoding="utf-8") as file:
        for line in file.read().splitlines():
            fields = line.split("\t")
            if line.startswith("#"):
                head.append(line)
            elif fields[0] == "compiler":
                compiler = fields[1]
            else:
                runs.append((fields[0], int(fields[1]), fields[2]))
    return head, compiler, runs


def compiler():
    done = subprocess.run([os.environ.get("CC", "cc"), "-dumpfullversion"], capture_output=True, text=True, check=False)
    return "gcc " + done.stdout.strip() if done.returncode == 0 else "another"


def count(options):
    command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", PROGRAM, "run", *options.split(),
               "--threads", "1", "--quiet", "-o", "/dev/null", "--format", "json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=dict(os.environ, PRICESIM_ISA="v3"))
    lines = [line for line in done.stderr.splitlines() if "refs:" in line]
    if done.returncode != 0 or not lines:
        raise RuntimeError("%s: %s" % (options, done.stderr[-500:]))
    return int(lines[0].split()[-1].replace(",", ""))


def skipped(why):
    print("skipped: " + why)
    print("0 passed, 0 failed, 1 skipped")
    return 0


def main():
    head, wanted, runs = table()
    accept = "--accept" in sys.argv[1:]
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        flags = file.read().split()
    if "avx2" not in flags or "fma" not in flags:
        return skipped("this processor has no AVX2")
    if compiler() != wanted and not accept:
        return skipped("the counts are of %s, this is %s" % (wanted, compiler()))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        counts = list(pool.map(count, [options for _, _, options in runs]))
    failed = 0
    for (name, limit, _), now in zip(runs, counts):
        bad = now > limit * ABOVE and not accept
        failed += bad
        note = "more than 2 % above" if bad else "a gain: accept it" if now < limit * BELOW and not accept else ""
        print("%-4s %-24s %14d  %14d  %+6.2f %%  %s" % ("FAIL" if bad else "ok", name, now, limit, 100.0 * (now / limit - 1.0), note))
    if accept:
        lines = head + ["compiler\t" + compiler()] + ["%s\t%d\t%s" % (n, c, o) for (n, _, o), c in zip(runs, counts)]
        with open(TABLE, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    print("%d passed, %d failed, 0 skipped" % (len(runs) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
