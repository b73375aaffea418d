# SPDX-License-Identifier: GPL-3.0-or-later
"""Entry and exit criteria: who is let in, and what a smallest size leaves of a law."""
import math

from bands import whole
from channels import bases
from driver import changed, expected
from small import exact


def normal(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


def exits_are_a_conversion(facts):
    _, s = next(bases())
    parts = {"funnel/stages/lead/exit": {"need": {"met": exact(0.8)}, "budget": {"met": exact(0.5)}}}
    one = whole(expected(changed(s, **{"funnel/stages/lead/conversion": exact(0.4)})))
    facts.same("two criteria in place of a conversion", one, whole(expected(changed(s, **{"funnel/stages/lead/conversion": None}, **parts))), 1e-12, 1e-9)
    facts.same("and beside one", one, whole(expected(changed(s, **{"funnel/stages/lead/conversion": exact(1)}, **parts))), 1e-12, 1e-9)
    own = {"market/channels": {"web": {"share": exact(1), "stages": {"lead": {"conversion": exact(0.4)}}}}}
    facts.same("a channel's conversion stands for both", one, whole(expected(changed(s, **own, **{"funnel/stages/lead/exit": {"need": {"met": exact(0.3)}}}))), 1e-12, 1e-9)


def bands_are_let_in(facts):
    _, s = next(bases())
    s = changed(s, **{"market/bands": {"a": {"share": exact(0.3)}, "b": {"share": exact(0.7)}}, "funnel/stages/lead/capacity": None})
    all_ = expected(s)
    some = expected(changed(s, **{"funnel/stages/talks/entry": {"bands": ["a"]}}))
    facts.same("who may enter goes on as before", all_["by"]["band"]["a"], some["by"]["band"]["a"], 1e-12, 1e-9)
    facts.check("who may not is never won", some["by"]["band"]["b"]["units"]["mean"] == 0.0)
    facts.near("but comes as a lead", some["by"]["band"]["b"]["leads"]["mean"], all_["by"]["band"]["b"]["leads"]["mean"], 1e-12)
    facts.near("and is lost in the stage before", some["funnel"][0]["passed"], 0.3 * all_["funnel"][0]["passed"], 1e-12)
    both = expected(changed(s, **{"funnel/stages/talks/entry": {"bands": ["a", "b"]}}))
    facts.same("all bands are no criterion", whole(all_), whole(both), 1e-12, 1e-9)


def sizes_are_cut(facts):
    _, s = next(bases())
    s = changed(s, **{"funnel/stages/lead/capacity": None, "funnel/opening": "empty"})
    median, sd, least = 3.0, 0.7, 4.0
    s["market"]["segments"].pop("shops")
    s["market"]["segments"]["firms"]["deal_size"] = {"lognormal": {"median": median, "sdlog": sd}}
    all_ = expected(s)["summary"]
    some = expected(changed(s, **{"funnel/stages/talks/entry": {"min_size": least}}))["summary"]
    y = math.log(least / median) / sd
    facts.near("as many deals as are large enough", some["customers_signed"]["mean"] / all_["customers_signed"]["mean"], normal(-y), 1e-9)
    facts.near("and all their units", some["units"]["mean"] / all_["units"]["mean"], normal(sd - y), 1e-9)
    facts.near("the win rate is that of whoever enters", some["win_rate"]["mean"], all_["win_rate"]["mean"], 1e-9)
    sized = changed(s, **{"market/segments/firms/deal_size": exact(4)})
    facts.same("a deal of the smallest size is let in", whole(expected(sized)), whole(expected(changed(sized, **{"funnel/stages/talks/entry": {"min_size": 4}}))), 1e-12, 1e-9)
    late = changed(s, **{"funnel/order": ["lead", "more", "talks"], "funnel/stages/more": {"conversion": exact(1), "days": 0, "entry": {"min_size": 2}}})
    both = expected(changed(late, **{"funnel/stages/talks/entry": {"min_size": least}}))["summary"]
    facts.near("two criteria are the stricter one", both["units"]["mean"], some["units"]["mean"], 1e-9)


def test(facts, _):
    exits_are_a_conversion(facts)
    bands_are_let_in(facts)
    sizes_are_cut(facts)
