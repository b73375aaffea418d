# SPDX-License-Identifier: GPL-3.0-or-later
"""Channels: a division of the buyers changes nothing by itself, and each term is what it says."""
from driver import changed, expected
from small import exact, market, pipeline, promotion

HEADLINE = ("summary", "series", "funnel", "goals", "waterfall", "promotions")
SUMS = ("revenue", "booked", "units", "leads", "pocket_margin", "acquisition_cost")


def bases():
    """Promotions, memories, rivals that answer, a queue: what the cells share must stay shared."""
    sale = {"p": promotion(reach=exact(0.6))}
    memory = {"reference_price": {"half_life_days": 28, "gain": exact(0.4)}}
    answer = {"kind": "answer", "to": ["p"], "depth": exact(0.1), "closes_per_week": exact(0.5)}
    terms = {"promotions": sale, "competitors/rivals/reaction": answer, "costs": {"per_lead": exact(3)}}
    s = changed(pipeline(), **terms, **{"funnel/stages/lead/capacity": {"per_week": 45}})
    s["market"]["segments"]["firms"].update(memory)
    s["market"]["segments"]["shops"] = changed(s["market"]["segments"]["firms"], **{"arrivals/per_week": exact(30)})
    yield "pipeline", s
    s = changed(market(), **terms)
    s["market"]["segments"]["all"].update(memory)
    yield "market", s


def whole(answer):
    return {k: answer.get(k) for k in HEADLINE}


def identical_channels(facts):
    for name, s in bases():
        one = expected(s)
        for count, shares in ((1, [1]), (2, [0.3, 0.7]), (3, [0.2, 0.3, 0.5])):
            split = expected(changed(s, **{"market/channels": {"c%d" % k: {"share": exact(x)} for k, x in enumerate(shares)}}))
            facts.same("%s: %d channels without terms change nothing" % (name, count), whole(one), whole(split), 1e-11, 1e-9)
            facts.same("%s: nor in segments" % name, one["by"]["segment"], split["by"]["segment"], 1e-11, 1e-9)
            for k in SUMS:
                total = sum(x[k]["mean"] for x in split["by"]["channel"].values())
                facts.near("%s: %d channels add up to %s" % (name, count, k), total, split["summary"][k]["mean"], 1e-11)
            for k, x in enumerate(shares):
                facts.near("%s: a channel has its share" % name, split["by"]["channel"]["c%d" % k]["leads"]["mean"],
                           x * one["summary"]["leads"]["mean"], 1e-12)


def terms_are_those_of_the_offer(facts):
    """In the only channel a price is another list price, a fee a waterfall step, a lead's cost that of all leads."""
    for name, s in bases():
        web = lambda **terms: expected(changed(s, **{"market/channels": {"web": dict({"share": exact(1)}, **terms)}}))  # noqa: E731, B023
        dear = changed(s, **{"offers/%s/list_price" % i: 1.07 * offer["list_price"] for i, offer in s["offers"].items()})
        got = web(price=exact(0.07))
        for k in SUMS + ("contribution", "pocket_price"):
            facts.near("%s: a price is a list price: %s" % (name, k), got["summary"][k]["mean"], expected(dear)["summary"][k]["mean"], 1e-11)
        facts.near("%s: and so for the promotion" % name, got["promotions"]["calendar"]["net"]["mean"],
                   expected(dear)["promotions"]["calendar"]["net"]["mean"], 1e-9)
        step = {"steps": {"kept": {"rate": exact(0.12)}}, "order": ["negotiated", "promotion", "invoice", "kept"]}
        fee, kept = web(fee=exact(0.12)), expected(changed(s, waterfall=step))
        for part in ("summary", "series", "promotions"):
            facts.same("%s: a fee is a step after the invoice, in %s" % (name, part), fee[part], kept[part], 1e-11, 1e-9)
        lead = web(spend={"per_lead": exact(2)})
        facts.same("%s: a lead's cost" % name, lead["summary"], expected(changed(s, **{"costs/per_lead": exact(5)}))["summary"], 1e-11, 1e-9)


def stages_are_those_of_the_funnel(facts):
    _, s = next(bases())
    own = {"lead": {"conversion": exact(0.4), "days": 9}, "talks": {"conversion": exact(0.25)}}
    got = expected(changed(s, **{"market/channels": {"web": {"share": exact(1), "stages": own}}}))
    s = changed(s, **{"funnel/stages/lead/conversion": exact(0.4), "funnel/stages/lead/days": 9})
    for segment in s["market"]["segments"].values():
        segment["choice"]["conversion"] = exact(0.25)
    facts.same("stages of the only channel are the funnel's", whole(expected(s)), whole(got), 1e-11, 1e-9)


def test(facts, _):
    identical_channels(facts)
    terms_are_those_of_the_offer(facts)
    stages_are_those_of_the_funnel(facts)
