# SPDX-License-Identifier: GPL-3.0-or-later
"""Random scenarios: the same bytes whatever the number of threads, the instruction set and the order of keys."""
import json
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "support"))
from driver import Facts, Refused, but_source, differences, output, run  # noqa: E402
from random_scenario import random_scenario, shuffled, without_promotions  # noqa: E402

# threads and instruction set; 150 paths are no multiple of a batch
CASES = ((2, "baseline"), (4, "baseline"), (1, "v3"), (3, "v3"), (1, "v4"), (2, "v4"))


def same_bytes(facts, fact, first, again):
    detail = "" if first == again else "; ".join(list(differences(json.loads(first), json.loads(again)))[:3])
    facts.check(fact, first == again, detail)


def random_scenarios(facts):
    rng = random.Random(20260105)
    for k in range(6000, 6040):
        scenario, counts = random_scenario(k), rng.choice(["whole", "expected"])
        options = ("--paths", 150, "--set", "/run/counts=" + counts)
        try:
            first = output(scenario, "--threads", 1, *options, env={"PRICESIM_ISA": "baseline"})
        except Refused:
            continue
        for threads, isa in CASES:
            again = output(scenario, "--threads", threads, *options, env={"PRICESIM_ISA": isa})
            same_bytes(facts, "random %d (%s): %d threads, %s" % (k, counts, threads, isa), first, again)
        again = output(shuffled(scenario, rng), "--threads", 2, *options)
        same_bytes(facts, "random %d (%s): keys in another order" % (k, counts), but_source(first), but_source(again))
        other = output(scenario, "--threads", 1, "--seed", 2, *options)
        certain = counts == "expected" and json.loads(first)["summary"]["units"]["sd"] < 1e-9
        facts.check("random %d: another seed gives other numbers" % k,
                    certain or json.loads(first)["summary"] != json.loads(other)["summary"])


def prices_found(facts):
    """Equilibria are searched for lane by lane: of logit, nests and tastes, leading and answering, with mergers and entry."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    for name in ("nash", "leading", "pipeline", "tastes"):
        file = os.path.join(root, "tests/oracle/scenarios/equilibrium_%s.json" % name)
        for counts in ("whole", "expected"):
            options = ("--paths", 150, "--set", "/run/counts=" + counts)
            first = output(file, "--threads", 1, *options, env={"PRICESIM_ISA": "baseline"})
            for threads, isa in CASES:
                same_bytes(facts, "prices found, %s (%s): %d threads, %s" % (name, counts, threads, isa), first,
                           output(file, "--threads", threads, *options, env={"PRICESIM_ISA": isa}))


def many_paths(facts):
    """So many that a worker takes several batches at a time."""
    for k in (6009,):
        scenario = without_promotions(random_scenario(k))
        first = output(scenario, "--paths", 20000, "--attribution", "none", "--threads", 1)
        for threads in (2, 3):
            same_bytes(facts, "random %d, many paths: %d threads" % (k, threads), first,
                       output(scenario, "--paths", 20000, "--attribution", "none", "--threads", threads))


def paths_are_what_they_are(facts):
    """Each of the 64 groups of 128 paths is a pair of the paths of a run of 64."""
    for k in (6001, 6002, 6003, 6004):
        scenario = without_promotions(random_scenario(k))
        few, many = (run(scenario, "--paths", n)["batch_means"] for n in (64, 128))
        for metric in ("leads", "revenue", "units", "contribution", "collected"):
            pairs = [(few[metric][2 * n] + few[metric][2 * n + 1]) / 2 for n in range(32)]
            size = max(map(abs, pairs))
            facts.check("random %d: the first 64 of 128 paths are those of 64, %s" % (k, metric),
                        all(abs(a - b) <= 1e-12 * size for a, b in zip(pairs, many[metric])))
        facts.check("random %d: paths differ" % k, len(set(few["leads"])) > 1)


def main():
    facts = Facts()
    random_scenarios(facts)
    prices_found(facts)
    many_paths(facts)
    paths_are_what_they_are(facts)
    return facts.close()


if __name__ == "__main__":
    sys.exit(main())
