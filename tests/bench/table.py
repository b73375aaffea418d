#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of `make bench`: table.py [--quick] [PART ...], parts peers limit scaling scenarios start profile.

Everything that is compared is measured in this run, in alternation, and medians are compared. The work is PS-BENCH-1. For pricesim the
whole process counts, from exec to the written report; for the others only the simulation. What is not installed is left out
with a note."""
import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
PEERS = os.path.join(HERE, "peers")
PROGRAM = os.path.join(ROOT, "build", "pricesim")
MPI = PROGRAM + "-mpi"
BENCH = os.path.join(HERE, "ps_bench_1.json")
CORES = len(os.sched_getaffinity(0))
PYTHON = sys.executable
CELLS = 52 * 3 * 5
# What one path of PS-BENCH-1 cannot do without: exponentials of the choices and of the laws, uniforms, normal scores.
EXPS, UNIFORMS, NORMALS = 624 + 21, 16, 11


def module(name):
    return subprocess.run([PYTHON, "-c", "import " + name], capture_output=True, check=False).returncode == 0


def process(command):
    """Wall seconds and peak MB."""
    begin = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT)
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - begin
    child.returncode = status
    if status:
        sys.exit("%s failed: %s" % (" ".join(map(str, command)), said.decode()[-400:]))
    return seconds, usage.ru_maxrss / 1024


def pricesim(scenario=BENCH, paths=100000, threads=1, *more):
    return [PROGRAM, "run", scenario, "--attribution", "none", "--quiet", "--format", "json", "-o", os.devnull, "--paths", str(paths),
            "--threads", str(threads), *more]


def best_of(command, repeat):
    runs = [process(command) for _ in range(repeat)]
    return statistics.median(t for t, _ in runs), max(m for _, m in runs)


# ---- against others

def peer_rows():
    """Name, whether it is here, its command, paths in relation to the others'."""
    two = [2] if CORES > 1 else []
    for variant in ("plain", "tuned"):
        for n in [1] + two:
            yield "NumPy %s, %d" % (variant, n), module("numpy"), [PYTHON, "peer_numpy.py", "--variant", variant] + (["--procs", str(n)] if n > 1 else []), 1
    for n in [1] + two:
        yield "Numba, %d" % n, module("numba"), [PYTHON, "peer_numba.py", "--threads", str(n)], 1
    for n in [1] + two:
        yield "PyTorch, %d" % n, module("torch"), [PYTHON, "peer_torch.py", "--threads", str(n)], 1
    for n in [1] + two:
        yield "R, %d" % n, shutil.which("Rscript"), ["Rscript", "peer_r.R"] + (["--procs", str(n)] if n > 1 else []), 1
    yield "Octave, 1", shutil.which("octave-cli"), ["octave-cli", "--no-gui", "peer_octave.m"], 1
    yield "PyPy, 1", shutil.which("pypy3"), ["pypy3", "peer_python.py"], 0.1
    yield "CPython, 1", True, [PYTHON, "peer_python.py"], 0.02


def run_peer(command, paths, seed):
    env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    done = subprocess.run(command + ["--paths", str(paths), "--seed", str(seed), "--repeat", "1"], cwd=PEERS, env=env, capture_output=True,
                          text=True, check=False)
    lines = [x for x in done.stdout.splitlines() if x.startswith("{")]
    if done.returncode or not lines:
        return None, done.stderr[-200:]
    line = json.loads(lines[-1])
    return line["seconds"] / paths, line.get("peak_rss_mb") or float("nan")


def peers(args):
    print("\n## Against other programs: PS-BENCH-1, %d paths, median of %d rounds" % (args.paths, args.repeat))
    print("%-18s %12s %14s %10s %16s" % ("threads/processes", "us per path", "ns per cell", "MB", "times pricesim"))
    ours = {n: "pricesim, %d" % n for n in ([1, 2] if CORES > 1 else [1])}
    rows = {name: [] for name in ours.values()}
    memory, left = {}, []
    others = []
    for name, here, command, part in peer_rows():
        (others if here else left).append((name, command, max(200, int(part * args.paths))))
    for k in range(args.repeat):
        for n, name in ours.items():
            seconds, memory[name] = process(pricesim(BENCH, args.paths, n))
            rows[name].append(seconds / args.paths)
        for name, command, paths in others:
            seconds, memory[name] = run_peer(command, paths, k + 1)
            if seconds is None:
                left.append((name, memory[name], 0))
            else:
                rows.setdefault(name, []).append(seconds)
    base = {n: statistics.median(rows[name]) for n, name in ours.items()}
    for name, seconds in rows.items():
        median = statistics.median(seconds)
        n = int(name.rsplit(" ", 1)[1])
        ratio = "" if name in ours.values() else "%.1f" % (median / base[n])
        print("%-18s %12.3f %14.3f %10.0f %16s" % (name, median * 1e6, median * 1e9 / CELLS, memory[name], ratio))
    for name in sorted({x[0] for x in left}):
        print("%-18s not here: left out" % name)
    print("pricesim: the whole process; the others: the simulation alone. Ratios at equal numbers of threads or processes.")


# ---- the machine

def limit(args):
    print("\n## The machine's own limit: the exponentials and draws of a path, alone, one thread")
    with tempfile.TemporaryDirectory() as folder, open("/proc/cpuinfo", encoding="utf-8") as info:
        flags = info.read().split()
        isa = ["-march=x86-64-v4", "-mprefer-vector-width=512"] if "avx512vl" in flags else ["-march=x86-64-v3"] if "avx2" in flags else []
        out = os.path.join(folder, "limit")
        math = [os.path.join(ROOT, "src", "math", f) for f in ("philox.c", "normal.c", "vmath.c") if os.path.exists(os.path.join(ROOT, "src", "math", f))]
        subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-D_GNU_SOURCE", "-O3", *isa, "-fopenmp-simd", "-ffp-contract=off", "-fno-math-errno",
                        "-fno-trapping-math", "-I", os.path.join(ROOT, "src"), "-o", out, os.path.join(HERE, "limit.c"), *math, "-lm"], check=True)
        each = [float(x) for x in subprocess.run([out], check=True, capture_output=True, text=True).stdout.split()[:3]]
    seconds, _ = best_of(pricesim(BENCH, args.paths, 1), args.repeat)
    whole, least = seconds / args.paths * 1e9, EXPS * each[0] + UNIFORMS * each[1] + NORMALS * each[2]
    print("exp2 %.3f ns, uniform %.3f ns, normal score %.3f ns" % tuple(each))
    print("%d exp2 + %d uniforms + %d scores: %.0f ns per path; pricesim %.0f ns: the limit is %.0f %% of it" % (
        EXPS, UNIFORMS, NORMALS, least, whole, 100 * least / whole))


def wider(segments, offers):
    """PS-BENCH-1 with more of both: copies of the first."""
    with open(BENCH, encoding="utf-8") as file:
        s = json.load(file)
    kinds = [s["market"]["segments"]["s%d" % k] for k in range(3)]
    own = ["o%d" % k for k in range(max(1, offers // 2))]
    rivals = ["c%d" % k for k in range(len(own), offers)]
    s["market"]["segments"] = {}
    for k in range(segments):
        segment = json.loads(json.dumps(kinds[k % 3]))
        segment["choice"]["utility"] = {name: 1 + 0.3 * ((k + 2 * j) % 3) for j, name in enumerate(own + rivals)}
        s["market"]["segments"]["s%d" % k] = segment
    s["offers"] = {name: {"list_price": 100 + 10 * (7 * j % 5), "unit_cost": 40 + 4 * (7 * j % 5), "pricing": {"kind": "fixed"}} for j, name in enumerate(own)}
    s["competitors"] = {"r" + name: {"offers": {name: {"price": 100 + 10 * (7 * j % 5)}}, "reaction": {"kind": "answer", "to": ["p0"], "depth": {"triangular": [0, 0.1, 0.3]}, "closes_per_week": 0.5}}
                        for j, name in enumerate(rivals, len(own))}
    s["promotions"] = {"p0": dict(s["promotions"]["p0"], offers=own)}
    for stage in s["funnel"]["stages"].values():
        if isinstance(stage.get("conversion"), dict):
            stage["conversion"].pop("shift", None)
    return s


def scaling(args):
    print("\n## Scaling: ns per cell (path x week x segment x alternative), peak MB, one thread unless said, median of %d" % args.repeat)
    print("%-34s %10s %12s %8s" % ("", "ms", "ns per cell", "MB"))

    def row(name, command, cells, paths):
        seconds, mb = best_of(command, args.repeat)
        print("%-34s %10.1f %12.3f %8.0f" % (name, seconds * 1e3, seconds * 1e9 / (cells * paths), mb), flush=True)

    some = max(1000, args.paths // 5)
    for paths in [1000, 10000, args.paths] + ([] if args.quick else [10 * args.paths]):
        row("paths %d" % paths, pricesim(BENCH, paths, 1), CELLS, paths)
    for periods in (26, 104, 208):
        row("periods %d" % periods, pricesim(BENCH, some, 1, "--set", "/calendar/periods=%d" % periods), CELLS / 52 * periods, some)
    for segments, offers in ((1, 4), (10, 4), (50, 4), (3, 2), (3, 16), (3, 40)):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(wider(segments, offers), file)
            file.flush()
            paths = max(500, int(some * 15 / (segments * (offers + 1))))
            row("segments %d, offers %d" % (segments, offers), pricesim(file.name, paths, 1), 52 * segments * (offers + 1), paths)
    for threads in [n for n in (2, 4, 8, 16, 32, 64) if n <= CORES]:
        row("threads %d" % threads, pricesim(BENCH, args.paths, threads), CELLS, args.paths)
    if os.path.exists(MPI) and shutil.which("mpirun"):
        for ranks in [n for n in (1, 2, 4, 8) if n <= CORES]:
            root = ["--allow-run-as-root"] if os.getuid() == 0 else []
            command = ["mpirun", *root, "-n", str(ranks), MPI, *pricesim(BENCH, 10 * args.paths, 1)[1:], "--mpi"]
            row("ranks %d, %d paths" % (ranks, 10 * args.paths), command, CELLS, 10 * args.paths)
    else:
        print("ranks: no pricesim-mpi or mpirun here: left out (make MPI=1)")


def scenarios(args):
    print("\n## Every shipped scenario: us per path, 1 thread, without attribution, less the start; median of %d" % args.repeat)
    print("%-24s %14s %14s" % ("", "expected", "whole counts"))
    folder = os.path.join(ROOT, "scenarios")
    for name in sorted(f for f in os.listdir(folder) if f.endswith(".json") and "baseline" not in f):
        us = []
        for counts in ("expected", "whole"):
            more = ("--set", "/run/counts=" + counts)
            paths = 1920
            few, many = (best_of(pricesim(os.path.join(folder, name), n, 1, *more), args.repeat)[0] for n in (64, 64 + paths))
            us.append((many - few) / paths * 1e6)
        print("%-24s %14.2f %14.2f" % (name[:-5], *us), flush=True)


def start(args):
    print("\n## Start: from exec to the printed result, median of %d" % (5 * args.repeat))
    minimal = os.path.join(ROOT, "scenarios", "minimal.json")
    for name, command in (("pricesim version", [PROGRAM, "version"]), ("minimal.json, 1 path", pricesim(minimal, 1, 1)),
                          ("PS-BENCH-1, 1 path", pricesim(BENCH, 1, 1)), ("PS-BENCH-1, 10000 paths, 2 threads", pricesim(BENCH, 10000, 2)),
                          ("python3 -c 'import numpy'", [PYTHON, "-c", "import numpy"] if module("numpy") else None)):
        if command:
            print("%-36s %8.1f ms" % (name, best_of(command, 5 * args.repeat)[0] * 1e3))


# ---- where the time goes

PARTS = (("choice and demand", ("hot_fused", "hot_choice", "hot_demand", "hot_taste", "hot_plain", "demand/")), ("random numbers", ("philox", "hot_draw", "sampler", "sobol", "normal", "law")),
         ("counts", ("count", "hot_whole", "hot_hurry")), ("funnel and deals", ("hot_funnel", "hot_send", "hot_close", "hot_open", "hot_tally", "funnel/", "hot_timing")),
         ("prices, promotions, rivals", ("hot_price", "hot_policy", "hot_stack", "hot_basket", "pricing/", "promotion/", "competitor/", "hot_game", "hot_equilibrium")),
         ("money", ("hot_money", "hot_ledger", "hot_apart", "economics/", "hot_terms")), ("collecting", ("hot_collect", "collect", "quantile", "figure", "moments")),
         ("the period loop and set-up", ("hot_",)), ("reading, planning, reporting, libc", ("",)))


def homes():
    """Source file of each function of the v3 code and of the rest."""
    home = {}
    for base in ("build/release/src", "build/release/hot_v3/src"):
        for folder, _, files in os.walk(os.path.join(ROOT, base)):
            for f in files:
                if f.endswith(".o"):
                    out = subprocess.run(["nm", os.path.join(folder, f)], capture_output=True, text=True, check=False).stdout
                    for line in out.splitlines():
                        if line.split()[-2] in "tT":
                            home[line.split()[-1].split(".")[0]] = os.path.relpath(os.path.join(folder, f), os.path.join(ROOT, base))
    return home


def profile(args):
    if not shutil.which("valgrind"):
        print("\n## Profile: no valgrind here: left out")
        return
    home, columns = homes(), []
    runs = (("PS-BENCH-1", BENCH, 8192, "expected"), ("default, expected", os.path.join(ROOT, "scenarios/default.json"), 128, "expected"),
            ("default, whole", os.path.join(ROOT, "scenarios/default.json"), 128, "whole"))
    for _, file, paths, counts in runs:
        total, cost = 0, dict.fromkeys((p for p, _ in PARTS), 0)
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "out")
            subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=" + out, "--compress-strings=no", *pricesim(file, paths, 1, "--set", "/run/counts=" + counts)],
                           check=True, capture_output=True, env=dict(os.environ, PRICESIM_ISA="v3"))
            function, called = "", False
            with open(out, encoding="utf-8") as lines:
                for line in lines:
                    if line.startswith("fn="):
                        function = line[3:].strip().split("'")[0].split(".")[0]
                    elif line.startswith("calls="):
                        called = True  # the next line is the cost of the callee
                    elif line[:1].isdigit() or line[:1] in "+-*":
                        if not called:
                            n = int(line.split()[1])
                            where = home.get(function, "")
                            cost[next(p for p, keys in PARTS if any(k in where for k in keys))] += n
                            total += n
                        called = False
        columns.append({p: 100 * n / total for p, n in cost.items()})
    print("\n## Profile: percent of instructions by part (callgrind, v3 code; what is inlined counts where it is)")
    print("%-34s %s" % ("", " ".join("%18s" % name for name, *_ in runs)))
    for part, _ in PARTS:
        print("%-34s %s" % (part, " ".join("%18.1f" % c[part] for c in columns)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="10,000 paths, one round")
    parser.add_argument("--paths", type=int, default=100000)
    parser.add_argument("--repeat", type=int, default=5)
    every = {"peers": peers, "limit": limit, "scaling": scaling, "scenarios": scenarios, "start": start, "profile": profile}
    parser.add_argument("parts", nargs="*", choices=[*every, []])
    args = parser.parse_args()
    if args.quick:
        args.paths, args.repeat = 10000, 1
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        cpu = next((x.split(":", 1)[1].strip() for x in info if x.startswith("model name")), platform.machine())
    compiler = subprocess.run([os.environ.get("CC", "cc"), "--version"], capture_output=True, text=True, check=False).stdout.splitlines()
    print("%s, %d processors; %s; Python %s; load %.1f" % (cpu, CORES, compiler[0] if compiler else "?", platform.python_version(), os.getloadavg()[0]))
    for name in args.parts or every:
        every[name](args)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
