#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""By what factor Sobol sampling lowers the simulation error: sampling.py [--paths N] [--seeds R] [SCENARIO ...]

Each scenario runs R times with other seeds, at random and by Sobol points. Printed by counts: the standard deviation over the seeds of
the mean of revenue, contribution and units, random over Sobol (the factor; its square is the factor in paths); of the P10 and P90 of
contribution; and the mean stated error (se) over the standard deviation seen: 1 is right."""
import argparse
import json
import os
import statistics
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("PRICESIM") or os.path.join(ROOT, "build", "pricesim")
HEADLINE = ("revenue", "contribution", "units")


def summaries(file, counts, sampling, args):
    for seed in range(1, args.seeds + 1):
        done = subprocess.run([PROGRAM, "run", file, "--paths", str(args.paths), "--seed", str(seed), "--attribution", "none", "-q", "--format", "json",
                               "--set", "/run/sampling=" + sampling, "--set", "/run/counts=" + counts], check=True, capture_output=True)
        yield json.loads(done.stdout)["summary"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--paths", type=int, default=4096)
    parser.add_argument("--seeds", type=int, default=24)
    parser.add_argument("--counts", choices=["whole", "expected", "both"], default="both")
    parser.add_argument("scenarios", nargs="*")
    args = parser.parse_args()
    folder = os.path.join(ROOT, "scenarios")
    files = args.scenarios or [os.path.join(folder, f) for f in sorted(os.listdir(folder)) if f.endswith(".json") and "baseline" not in f]
    print("%-24s %-9s %8s %13s %6s %6s %6s %10s" % ("scenario", "counts", "revenue", "contribution", "units", "P10", "P90", "se/seen"))
    for file in files:
        for counts in ("expected", "whole") if args.counts == "both" else (args.counts,):
            runs = {s: list(summaries(file, counts, s, args)) for s in ("random", "sobol")}

            def seen(sampling, metric, part):
                return statistics.stdev(r[metric][part] for r in runs[sampling])

            def factor(metric, part):
                return seen("random", metric, part) / seen("sobol", metric, part)

            stated = statistics.mean(statistics.mean(r[m]["se"] for r in runs["sobol"]) / seen("sobol", m, "mean") for m in HEADLINE)
            print("%-24s %-9s %8.1f %13.1f %6.1f %6.1f %6.1f %10.2f" % (
                os.path.basename(file)[:-5], counts, *(factor(m, "mean") for m in HEADLINE), factor("contribution", "p10"),
                factor("contribution", "p90"), stated), flush=True)


if __name__ == "__main__":
    main()
