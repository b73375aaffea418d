#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times pricesim against plain NumPy on PS-BENCH-1, one process and one thread each, in alternation.

For the program the whole process counts, from exec to the written report; for NumPy only the simulation, from the
first draw to the quantiles, without the start of the interpreter: the comparison favours NumPy. Medians are compared.
First the numbers have to agree: with every input at its centre to six decimals, with draws within their error.
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SCENARIO = os.path.join(HERE, "ps_bench_1.json")
CENTRE = {"revenue": 127082.913506, "contribution": 74880.019387}
DRAWN_REVENUE, DRAWN_REVENUE_SE = 125602.0, 20.0     # peers, 8e6 paths
CELLS_PER_PATH = 52 * 3 * 5                          # weeks, segments, alternatives with the outside option


def options():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--program", default="build/pricesim")
    p.add_argument("--paths", type=int, default=100000)
    p.add_argument("--repeat", type=int, default=5, help="runs of each, in alternation")
    p.add_argument("--threads", type=int, default=1, help="threads of pricesim; NumPy uses as many processes")
    p.add_argument("--variant", choices=["plain", "tuned"], default="plain", help="the NumPy program to compare with")
    p.add_argument("--require", type=float, default=0.0, metavar="RATIO", help="fail below this ratio of the medians")
    p.add_argument("--json", action="store_true", help="also print the figures as one JSON line")
    return p.parse_args()


def command(args, *more):
    return [args.program, "run", SCENARIO, "--attribution", "none", "--format", "json", *more]


def figures(args, *more):
    out = subprocess.run(command(args, *more), check=True, stdout=subprocess.PIPE).stdout
    return json.loads(out)["summary"]


def check_numbers(args):
    """True when the program computes the peers' model."""
    good = True
    centre = figures(args, "--set", "/run/parameters=centre", "--set", "/run/counts=expected", "--paths", "100")
    for metric, expected in CENTRE.items():
        mean = centre[metric]["mean"]
        agrees = abs(mean - expected) < 1e-6
        print(f"  centre   {metric:<13}{mean:18.6f}   peers {expected:.6f}   {'agrees' if agrees else 'DIFFERS'}")
        good = good and agrees
    drawn = figures(args, "--paths", str(args.paths))["revenue"]
    limit = 5.0 * (drawn["se"] ** 2 + DRAWN_REVENUE_SE ** 2) ** 0.5
    agrees = abs(drawn["mean"] - DRAWN_REVENUE) < limit
    print(f"  drawn    revenue      {drawn['mean']:18.0f}   peers {DRAWN_REVENUE:.0f} +- {limit:.0f}"
          f"   {'agrees' if agrees else 'DIFFERS'}")
    return good and agrees


def time_program(args):
    """Wall seconds and peak memory in MB of one process."""
    begin = time.perf_counter()
    child = subprocess.Popen(command(args, "--paths", str(args.paths), "--threads", str(args.threads),
                                     "-o", os.devnull), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - begin
    child.returncode = status
    if status != 0:
        sys.exit(f"{args.program} failed with status {os.waitstatus_to_exitcode(status)}")
    return seconds, usage.ru_maxrss / 1024.0


def time_numpy(args, seed):
    peer = os.path.join(HERE, "peers", "peer_numpy.py")
    cmd = [sys.executable, peer, "--variant", args.variant, "--paths", str(args.paths), "--seed", str(seed)]
    if args.threads > 1:
        cmd += ["--procs", str(args.threads)]
    env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    line = json.loads(subprocess.run(cmd, check=True, stdout=subprocess.PIPE, env=env).stdout)
    return line["seconds"], line["peak_rss_mb"]


def machine():
    """Processor, compiler and NumPy, for the record."""
    cpu = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as f:
            cpu = next(line.split(":", 1)[1].strip() for line in f if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    import numpy
    cc = subprocess.run([os.environ.get("CC", "cc"), "--version"], stdout=subprocess.PIPE, text=True, check=False)
    return f"{cpu}; {(cc.stdout.splitlines() or ['?'])[0]}; Python {platform.python_version()}, NumPy {numpy.__version__}"


def main():
    args = options()
    print("PS-BENCH-1:", machine())
    good = check_numbers(args)
    ours, theirs = [], []
    time_program(args)                               # caches warm
    for k in range(args.repeat):
        ours.append(time_program(args))
        theirs.append(time_numpy(args, k + 1))
    t_ours = statistics.median(t for t, _ in ours)
    t_theirs = statistics.median(t for t, _ in theirs)
    mb_ours, mb_theirs = max(m for _, m in ours), max(m for _, m in theirs)
    ratio = t_theirs / t_ours
    for name, seconds, mb in (("pricesim", t_ours, mb_ours), (f"NumPy, {args.variant}", t_theirs, mb_theirs)):
        cell = seconds * 1e9 / (args.paths * CELLS_PER_PATH)
        print(f"  {name:<14}{seconds * 1e3:10.1f} ms   {cell:8.3f} ns per cell   {mb:8.1f} MB")
    print(f"  ratio {ratio:.1f}   ({args.paths} paths, {args.threads} thread(s) or process(es), "
          f"median of {args.repeat})")
    if args.json:
        print(json.dumps(dict(paths=args.paths, threads=args.threads, variant=args.variant, repeat=args.repeat,
                              seconds=t_ours, numpy_seconds=t_theirs, ratio=ratio, mb=mb_ours, numpy_mb=mb_theirs)))
    if not good:
        sys.exit("the numbers differ from the peers'")
    if ratio < args.require:
        sys.exit(f"ratio {ratio:.1f} is below {args.require:g}")


if __name__ == "__main__":
    main()
