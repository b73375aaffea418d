# SPDX-License-Identifier: GPL-3.0-or-later
"""Every allocation and every write of a run fails in turn: the program says so, with its exit code, and leaves either the
whole report or nothing. It never crashes."""
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "support"))
from driver import PROGRAM, ROOT, Facts  # noqa: E402

SCENARIO = os.path.join(ROOT, "scenarios", "minimal.json")
# Files of a scenario that is assembled; the broken one has several faults, and names to suggest for some of them.
FILES = {
    "broken.json": '{"pricesim": 1, "name": "broken", "curency": "EUR", "scope": "markt", "offers": {"a": {"list_price": -1}}}\n',
    "syntax.json": '{"a": [1, {"b": 01}]}\n',
    "names.json": json.dumps({"extends": "base.json", "funnel": {"order": ["quote"]}, "competitors": {
        "x": {"offers": {"none": {"price": 1}, "service": {"price": 1}}}}}),
    "cycle.json": '{"extends": "cycle.json"}\n',
    "costs.csv": "week,cost\n" + "".join("%d,%d\n" % (w, 2400 + w % 200) for w in range(1, 1000)),
    "promotions.json": '{"autumn": {"kind": "percent_off", "value": "20%", "from": "2026-05-04", "to": "2026-05-17", "reach": "60%"}}\n',
    "plans.json": json.dumps({
        "extends": "base.json", "expect": ["units > 1000", "P(contribution > dear:contribution) > 10%"],
        "plans": {"dear": {"offers": {"service": {"pricing": {"kind": "fixed", "price": 6300}}}}},
        "moves": {"calm": {"probability": "40%"}, "rough": {"probability": 0.6, "market": {"segments": {"shops": {"arrivals": {"per_week": 9}}}}}}}),
    "whole.json": json.dumps({
        "extends": "base.json", "promotions": "promotions.json", "// why": "a comment",
        "offers": {"service": {"unit_cost": {"empirical": "costs.csv:cost"}}},
        "plans": {"dear": {"offers": {"service": {"pricing": {"kind": "cost_plus", "markup": 2}}}}}}),
}
SHARD = ("run", "base.json", "--paths", "64", "-q", "--threads", "1", "--shard")
ASSEMBLED = ("whole.json", "--plan", "dear", "--set", "/run/paths=500", "--set", "/waterfall/steps/rebate/rate=0.02",
             "--set", "/waterfall/steps/rebate/of=list", "--set", "/name=another")


class Bench:
    """A folder with the injector and a report that went well."""

    def __init__(self, folder):
        self.folder, self.library = folder, os.path.join(folder, "inject.so")
        for name, text in FILES.items():
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        shutil.copyfile(SCENARIO, os.path.join(folder, "base.json"))
        self.kept = set(FILES) | {"inject.so", "base.json", "plans.baseline.json", "1.shard", "2.shard"}
        subprocess.run([PROGRAM, "accept", "plans.json", "--paths", "64", "-q"], cwd=folder, stdout=subprocess.DEVNULL, check=True,
                       env={k: v for k, v in os.environ.items() if k != "CI"})
        for i in "12":
            subprocess.run([PROGRAM, *SHARD, i + "/2", "-o", i + ".shard"], cwd=folder, check=True)

    def build(self):
        command = [os.environ.get("CC") or "cc", "-shared", "-fPIC", "-O1", "-o", self.library, os.path.join(HERE, "preload", "inject.c"), "-ldl"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def run(self, *arguments, preexec=None, stdout=subprocess.PIPE, **inject):
        """Exit status, what was said, the files left."""
        for name in os.listdir(self.folder):
            if name not in self.kept:
                os.remove(os.path.join(self.folder, name))
        env = dict(os.environ, LD_PRELOAD=self.library, **{"INJECT_" + k.upper(): str(v) for k, v in inject.items()})
        done = subprocess.run([PROGRAM, *arguments], cwd=self.folder, env=env, stdin=subprocess.DEVNULL, stdout=stdout,
                              stderr=subprocess.PIPE, preexec_fn=preexec, timeout=60, check=False)
        self.out, self.said = done.stdout, done.stderr.decode(errors="replace")
        self.files = sorted(n for n in os.listdir(self.folder) if n not in self.kept and n != "count")
        return done.returncode

    def bytes(self, name="x.json"):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def counts(self, *arguments):
        self.run(*arguments, count=os.path.join(self.folder, "count"))
        return [int(x) for x in self.bytes("count").split()]


def allocations(facts, bench, name, arguments, report, good_exit):
    """One allocation fails, or all from one on. Some the C library can do without: then the answer is the same. Of more than
    a thousand the first and last hundred are tried, and every n-th between."""
    status = bench.run(*arguments)
    whole, said = bench.bytes() if report else bench.out, bench.said
    total = bench.counts(*arguments)[0]
    facts.check("%s: allocations are seen" % name, total > 2 and status == good_exit, (total, status))
    failed, wrong = 0, []
    stride = max(1, total // 500) if total > 1000 else 1
    tried = [n for n in range(1, total + 1) if n <= 100 or n > total - 100 or n % stride == 0]
    for all_later in (0, 1):
        for n in tried:
            status = bench.run(*arguments, allocation=n, all=all_later)
            where = "%d%s" % (n, " and all later" if all_later else "")
            if status == good_exit:
                same = (bench.bytes() if bench.files == ["x.json"] else None) if report else bench.out
                if same != whole or bench.said != said:
                    wrong.append("%s: another answer, exit %d" % (where, status))
            else:
                failed += 1
                if status != 5 or "memory" not in bench.said or bench.files:
                    wrong.append("%s: exit %d, files %s, said %r" % (where, status, bench.files, bench.said[:120]))
    print("".join("# %s: allocation %s\n" % (name, w) for w in wrong[:12]), end="")
    facts.check("%s: each of %d allocations that fails is said, or changes nothing" % (name, len(tried)), not wrong, "%d are not" % len(wrong))
    facts.check("%s: nearly every allocation matters" % name, failed > 1.5 * len(tried), "%d of %d" % (failed, 2 * len(tried)))


def writes(facts, bench):
    arguments = ("run", SCENARIO, "--paths", "128", "-q", "-o", "x.json")
    bench.run(*arguments)
    whole, total = bench.bytes(), bench.counts(*arguments)[1]
    facts.check("writes are seen", total >= 3, total)
    for n in range(1, total + 1):
        for all_later in (0, 1):
            status = bench.run(*arguments, write=n, all=all_later)
            fact = "write %d of %d%s fails" % (n, total, " and all later" if all_later else "")
            if status == 0:  # the last one syncs the folder: the file is whole by then
                facts.check(fact + " after the file is whole", n == total and bench.files == ["x.json"] and bench.bytes() == whole)
            else:
                facts.check(fact, status == 4 and "space" in bench.said and not bench.files,
                            "exit %d, files %s, said %r" % (status, bench.files, bench.said[:200]))


def full_device(facts, bench):
    with open("/dev/full", "wb") as full:
        status = bench.run("run", SCENARIO, "--paths", "128", "-q", "--format", "json", stdout=full)
    facts.check("a full standard output", status == 4 and "space" in bench.said, (status, bench.said))
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    status = bench.run("run", SCENARIO, "--paths", "128", "-q", "-o", "x.json", preexec=limit)
    facts.check("a limit of the file's size", status == 4 and "large" in bench.said and not bench.files, (status, bench.said, bench.files))
    limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 28, 1 << 28))
    status = bench.run("run", SCENARIO, "--paths", "50000000", "-q", "-o", "x.json", preexec=limit)
    facts.check("a run that memory cannot hold", status == 5 and "memory" in bench.said and not bench.files, (status, bench.said, bench.files))


def main():
    facts, folder = Facts(), tempfile.mkdtemp()
    try:
        bench = Bench(folder)
        with open(PROGRAM, "rb") as file:
            instrumented = b"__asan_init" in (program := file.read()) or b"__tsan_init" in program
        if instrumented or not bench.build():
            print("# no injector for this program")
            facts.skipped += 1
            facts.passed += 1
            return facts.close()
        run = ("run", SCENARIO, "--paths", "128", "-q", "--threads", "1", "-o", "x.json")
        allocations(facts, bench, "run", run, True, 0)
        allocations(facts, bench, "run as text", run[:-2], False, 0)
        few = ("--paths", "64", "-q", "--threads", "1")
        allocations(facts, bench, "compare", ("compare", "plans.json", *few, "-o", "x.json"), True, 0)
        allocations(facts, bench, "compare as text", ("compare", "plans.json", *few), False, 0)
        allocations(facts, bench, "respond", ("respond", "plans.json", *few, "-o", "x.json"), True, 0)
        allocations(facts, bench, "a shard", (*SHARD, "2/2", "-o", "x.json"), True, 0)
        allocations(facts, bench, "merge", ("merge", "1.shard", "2.shard", "-q", "-o", "x.json"), True, 0)
        allocations(facts, bench, "check", ("check", "plans.json", *few, "-o", "x.json"), True, 1)
        allocations(facts, bench, "diff", ("diff", "plans.baseline.json", "plans.baseline.json"), False, 0)
        allocations(facts, bench, "validate", ("validate", "broken.json"), False, 3)
        allocations(facts, bench, "faults as JSON", ("validate", "broken.json", "--json-errors"), False, 3)
        allocations(facts, bench, "a cycle of files", ("validate", "cycle.json"), False, 3)
        allocations(facts, bench, "faults of syntax", ("validate", "syntax.json"), False, 3)
        allocations(facts, bench, "faults of names", ("validate", "names.json"), False, 3)
        allocations(facts, bench, "an unknown plan", ("validate", "whole.json", "--plan", "cheap"), False, 3)
        allocations(facts, bench, "a place that cannot be set", ("validate", "base.json", "--set", "/name/x=1"), False, 3)
        allocations(facts, bench, "assembled", ("validate", *ASSEMBLED), False, 0)
        allocations(facts, bench, "explain", ("explain", *ASSEMBLED, "--format", "csv"), False, 0)
        allocations(facts, bench, "explain as text", ("explain", *ASSEMBLED, "/offers"), False, 0)
        allocations(facts, bench, "explain what is derived", ("explain", *ASSEMBLED, "--derived"), False, 0)
        allocations(facts, bench, "plain JSON", ("validate", "whole.json", "--plain-json"), False, 0)
        allocations(facts, bench, "schema", ("schema",), False, 0)
        writes(facts, bench)
        full_device(facts, bench)
    finally:
        shutil.rmtree(folder)
    return facts.close()


if __name__ == "__main__":
    sys.exit(main())
