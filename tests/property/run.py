# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts that hold in every scenario, tried on random ones and on small ones made for the fact."""
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "support")]
import bands  # noqa: E402
import calibration  # noqa: E402
import channels  # noqa: E402
import criteria  # noqa: E402
import customers  # noqa: E402
import demand  # noqa: E402
import equilibrium  # noqa: E402
import goals  # noqa: E402
import invariants  # noqa: E402
import plain  # noqa: E402
import lifetimes  # noqa: E402
import limits  # noqa: E402
import orders  # noqa: E402
import promotions  # noqa: E402
import prices  # noqa: E402
import sales  # noqa: E402
import seller  # noqa: E402
import terms  # noqa: E402
import timing  # noqa: E402
import transformations  # noqa: E402
from driver import Facts, Refused, run  # noqa: E402
from random_scenario import random_scenario  # noqa: E402

SHIPPED = ["scenarios/%s.json" % n for n in ("default", "minimal", "orange_juice", "price_cut", "electricity", "cheese", "bundle", "coffee", "cereal", "clearance", "double_eleven", "startup", "subscription", "printer", "channel_partner")] + ["tests/bench/ps_bench_1.json"]
RANDOM = list(range(120)) + [205, 573]  # those two showed faults that the others do not


def every_answer(facts):
    """The invariants, on the scenarios that come with the program and on random ones."""
    root = os.path.dirname(os.path.dirname(HERE))
    named = [(n, os.path.join(root, n)) for n in SHIPPED] + [("random %d" % k, random_scenario(k)) for k in RANDOM]
    refused = 0
    for name, scenario in named:
        try:
            answer = run(scenario, "--paths", 150)  # no multiple of a batch
        except Refused as why:
            refused += 1
            print("# %s is refused: %s" % (name, str(why).splitlines()[0]))
            continue
        for fact, contradictions in invariants.everything(answer):
            facts.check("%s: %s" % (name, fact), not contradictions, "; ".join(contradictions[:2]))
    facts.check("most random scenarios are taken", refused <= len(RANDOM) // 10, "%d are refused" % refused)


def main():
    facts = Facts()
    every_answer(facts)
    for part in (transformations, promotions, orders, limits, terms, timing, prices, calibration, demand, channels, bands, criteria, customers, lifetimes, sales, seller, equilibrium, goals, plain):
        part.test(facts, random.Random(20260105))
    return facts.close()


if __name__ == "__main__":
    sys.exit(main())
