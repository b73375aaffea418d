# SPDX-License-Identifier: GPL-3.0-or-later
"""Score bands: a division of the leads changes nothing by itself, and odds are what they say."""
from channels import SUMS, bases, whole
from driver import changed, expected, run
from small import exact


def identical_bands(facts):
    _, s = next(bases())
    channels = {"web": {"share": exact(0.4), "price": exact(0.05)}, "shop": {"share": exact(0.6), "spend": {"per_week": exact(40)}}}
    for name, s in (("alone", s), ("in channels", changed(s, **{"market/channels": channels}))):
        one = expected(s)
        for shares in ([1], [0.3, 0.7], [1, 0], [0.2, 0.3, 0.5]):
            bands = {"b%d" % k: {"share": exact(x)} for k, x in enumerate(shares)}
            split = expected(changed(s, **{"market/bands": bands}))
            facts.same("%s: %d bands without stages change nothing" % (name, len(shares)), whole(one), whole(split), 1e-11, 1e-9)
            for by in ("segment", "channel"):
                facts.same("%s: nor by %s" % (name, by), one["by"].get(by, {}), split["by"].get(by, {}), 1e-11, 1e-9)
            for k in SUMS:
                total = sum(x[k]["mean"] for x in split["by"]["band"].values())
                facts.near("%s: %d bands add up to %s" % (name, len(shares), k), total, split["summary"][k]["mean"], 1e-11)
            for k, x in enumerate(shares):
                facts.near("%s: a band has its share" % name, split["by"]["band"]["b%d" % k]["leads"]["mean"], x * one["summary"]["leads"]["mean"], 1e-12)


def shares_come_from_segment_or_channel(facts):
    _, s = next(bases())
    leads = lambda s: {k: x["leads"]["mean"] for k, x in expected(s)["by"]["band"].items()}  # noqa: E731
    total = expected(s)["by"]["segment"]["shops"]["leads"]["mean"]
    named = changed(s, **{"market/bands": {"a": {"shares": {"shops": exact(0.3)}}, "b": {"shares": {"shops": exact(0.7)}}}})
    facts.near("who is not named is not scored", leads(named)["a"], 0.3 * total, 1e-12)
    facts.near("nor in another band", leads(named)["b"], 0.7 * total, 1e-12)
    mixed = changed(named, **{"market/channels": {"web": {"share": exact(0.4), "bands": {"b": exact(1)}}, "shop": {"share": exact(0.6)}}})
    all_ = expected(s)["summary"]["leads"]["mean"]
    facts.near("a channel divides all its leads by its own parts", leads(mixed)["b"], 0.4 * all_ + 0.6 * 0.7 * total, 1e-12)
    facts.near("other channels by the segment's", leads(mixed)["a"], 0.6 * 0.3 * total, 1e-12)


def odds_multiply(facts):
    _, s = next(bases())
    times = lambda c, x: x * c / (1 - c + x * c)  # noqa: E731
    got = expected(changed(s, **{"market/bands": {"a": {"share": exact(1), "stages": {"lead": {"odds": exact(3)}, "talks": {"odds": exact(0.4)}}}}}))
    own = changed(s, **{"funnel/stages/lead/conversion": exact(times(0.5, 3))})
    for segment in own["market"]["segments"].values():
        segment["choice"]["conversion"] = exact(times(0.3, 0.4))
    facts.same("odds of the only band are the funnel's", whole(expected(own)), whole(got), 1e-11, 1e-9)
    model = {"sales_models": {"m": {"stages": {"lead": {"odds": exact(2)}, "talks": {"conversion": exact(0.2)}}}}}
    served = changed(s, **model)
    for segment in served["market"]["segments"].values():
        segment["sold_by"] = "m"
    band = lambda **stages: expected(changed(served, **{"market/bands": {"a": {"share": exact(1), "stages": stages}}}))  # noqa: E731
    channel = expected(changed(served, **{"market/channels": {"c": {"share": exact(1), "stages": {"lead": {"odds": exact(1.5)}, "talks": {"odds": exact(2)}}}}}))
    facts.same("odds of model and band multiply, on the model's win rate",
               whole(band(lead={"odds": exact(1.5)}, talks={"odds": exact(2)})), whole(channel), 1e-11, 1e-9)
    facts.same("once as likely is nothing", whole(band(lead={"odds": exact(1)}, talks={"odds": exact(1)})), whole(expected(served)), 1e-12, 1e-9)
    both = band(lead={"conversion": exact(0.35)})
    facts.near("a conversion takes the place of the model's odds", both["funnel"][0]["passed"] / (both["funnel"][0]["passed"] + both["funnel"][0]["lost"]), 0.35, 1e-9)


def whole_bands_have_expected_means(facts):
    _, s = next(bases())
    s = changed(s, promotions=None, **{"competitors/rivals/reaction": None, "funnel/stages/lead/capacity": None, "market/bands": {
        "a": {"share": exact(0.2), "stages": {"lead": {"odds": exact(4)}, "talks": {"odds": exact(2), "days": 6}}}, "b": {"share": exact(0.8)}}})
    flow = expected(s)["by"]["band"]
    luck = run(s, "--paths", 2000)["by"]["band"]
    for k, x in flow.items():
        for metric in ("leads", "units"):
            figure = luck[k][metric]
            facts.check("whole numbers of band %s have the mean of the flows: %s" % (k, metric),
                        abs(figure["mean"] - x[metric]["mean"]) < 4 * figure["se"], (figure["mean"], x[metric]["mean"], figure["se"]))


def test(facts, _):
    identical_bands(facts)
    shares_come_from_segment_or_channel(facts)
    odds_multiply(facts)
    whole_bands_have_expected_means(facts)
