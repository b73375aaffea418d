# SPDX-License-Identifier: GPL-3.0-or-later
"""Sales models: each term is what it says, a team is a queue, and hours are neither lost nor made."""
from driver import changed, expected, run
from small import exact, pipeline, promotion

HEADLINE = ("summary", "series", "funnel", "goals", "waterfall", "promotions")


def base(**keys):
    s = changed(pipeline(), **{"promotions": {"p": promotion(reach=exact(0.6))}, "costs": {"per_lead": exact(3)}})
    s["market"]["segments"]["shops"] = changed(s["market"]["segments"]["firms"], **{"arrivals/per_week": exact(30)})
    return changed(s, **keys)


def sold(s, model, **others):
    """The scenario with all segments sold by this model."""
    by = {"market/segments/%s/sold_by" % x: "m" for x in s["market"]["segments"]}
    return changed(s, **{"sales_models": dict({"m": model}, **others)}, **by)


def team(people, hours, **keys):
    return dict({"representatives": exact(people), "hours": {"per_week": exact(hours)}, "takes_up": "talks"}, **keys)


def whole(answer):
    return {k: answer.get(k) for k in HEADLINE}


def terms_are_those_of_the_offer(facts):
    s = base()
    one, plenty = expected(s), expected(sold(base(**{"funnel/stages/talks/effort": exact(2)}), {"team": team(1000, 40)}))
    facts.same("a model without terms changes nothing", whole(one), whole(expected(sold(s, {}))), 1e-12, 1e-12)
    facts.same("nor a team that has the hours for all", whole(one), whole(plenty), 1e-11, 1e-11)
    idle = {"fee": exact(0.3), "cost_to_serve": exact(9), "team": team(50, 40, pay={"per_month": exact(4000)}), "stages": {"talks": {"effort": exact(2)}}}
    facts.same("nor one that serves nobody", whole(one), whole(expected(sold(s, {}, idle=idle))), 1e-12, 1e-12)
    own = {"lead": {"conversion": exact(0.4), "days": 9}, "talks": {"conversion": exact(0.25)}}
    there = changed(s, **{"funnel/stages/lead/conversion": exact(0.4), "funnel/stages/lead/days": 9,
                          "market/segments/firms/choice/conversion": exact(0.25), "market/segments/shops/choice/conversion": exact(0.25)})
    facts.same("its stages are the funnel's", whole(expected(there)), whole(expected(sold(s, {"stages": own}))), 1e-11, 1e-9)
    fee = expected(sold(s, {"fee": exact(0.12)}))
    channel = expected(changed(s, **{"market/channels": {"web": {"share": exact(1), "fee": exact(0.12)}}}))
    for part in ("summary", "series", "promotions", "waterfall"):
        facts.same("a fee is a channel's, in %s" % part, fee[part], channel[part], 1e-11, 1e-9)
    served = expected(sold(s, {"cost_to_serve": exact(7)}))
    dear = expected(changed(s, **{"offers/own/unit_cost": 47}))
    for k in ("contribution", "pocket_margin", "booked", "revenue", "margin_per_lead"):
        facts.near("cost to serve is unit cost: %s" % k, served["summary"][k]["mean"], dear["summary"][k]["mean"], 1e-11)
    facts.same("also for the promotion", served["promotions"]["calendar"], dear["promotions"]["calendar"], 1e-9, 1e-9)


def a_team_is_a_queue(facts):
    s = base()
    for effort, hours, deals in ((1, 12, 12), (4, 60, 15)):
        queued = expected(changed(s, **{"funnel/stages/talks/capacity": {"per_week": exact(deals)}}))
        got = expected(sold(changed(s, **{"funnel/stages/talks/effort": exact(effort)}), {"team": team(1, hours)}))
        for part in ("summary", "series", "promotions"):
            facts.same("hours for %d deals are a capacity, in %s" % (deals, part), queued[part], got[part], 1e-11, 1e-9)
        facts.near("the same deals wait", queued["funnel"][1]["waiting_end"], got["funnel"][1]["waiting_end"], 1e-11)
        facts.near("and are counted", got["teams"][0]["waiting_end"], got["funnel"][1]["waiting_end"], 1e-12)
        facts.near("all hours are used", got["teams"][0]["hours_used"], 20 * hours, 1e-11)
    s = changed(s, **{"funnel/stages/talks/effort": exact(3)})
    before = 0.0
    for people in (1, 2, 3, 5, 8):
        answer = expected(sold(s, {"team": team(people, 10)}))
        facts.check("more people sign no less", answer["summary"]["customers_signed"]["mean"] >= before)
        before = answer["summary"]["customers_signed"]["mean"]
    late = [{"from": "2026-03-02", "representatives": exact(2)}]
    for ramp, days in ((0, 84), (14, 77), (84, 42), (200, 84 * 84 / 400)):
        got = expected(sold(s, {"team": team(1, 7, hires=late, ramp_days=exact(ramp), pay={"per_day": exact(10)})}))
        facts.near("a ramp of %d days leaves the hours of %g days" % (ramp, days), got["teams"][0]["hours"], 20 * 7 + 2 * days, 1e-12)
        facts.near("and is paid in full", got["teams"][0]["pay"], 10 * (20 * 7 + 2 * 84), 1e-12)
        facts.near("as acquisition", got["summary"]["acquisition_cost"]["mean"], got["teams"][0]["pay"] + 3 * 1600, 1e-12)
        parts = [x["acquisition_cost"]["mean"] for x in got["by"]["segment"].values()]
        facts.near("of the segments", sum(parts), got["summary"]["acquisition_cost"]["mean"], 1e-12)
        facts.near("by the hours that they ask for", parts[0] / parts[1], 50 / 30, 1e-12)


def giving_up(facts):
    """Where more comes than can be taken up for ever, (1 - h)/h times the excess waits, and the excess gives up."""
    s = changed(pipeline(), **{"calendar/periods": 150, "funnel/stages/talks/effort": exact(2), "funnel/stages/talks/days": 7})
    for name, start in (("capacity", changed(s, **{"funnel/stages/talks/capacity": {"per_week": exact(20)}, "funnel/stages/talks/effort": None})),
                        ("team", sold(s, {"team": team(4, 10)}))):
        none = expected(start)
        facts.same("%s: nobody gives up at no rate" % name, whole(none), whole(expected(changed(start, **{"funnel/stages/talks/abandon": {"per_week": exact(0)}}))))
        for h in (0.2, 0.5):
            got = expected(changed(start, **{"funnel/stages/talks/abandon": {"per_week": exact(h)}}))
            row = got["funnel"][1]
            facts.near("%s, %g: who waits" % (name, h), row["waiting_end"], (1 - h) / h * 5, 1e-9)
            facts.near("%s, %g: as many are won" % (name, h), got["summary"]["booked"]["mean"], none["summary"]["booked"]["mean"], 1e-9)
            facts.near("%s, %g: the win rate is that of those who are taken up" % (name, h), got["summary"]["win_rate"]["mean"], 0.3, 1e-9)
            facts.near("%s, %g: the others are lost" % (name, h), row["lost"] - none["funnel"][1]["lost"],
                       none["funnel"][1]["waiting_end"] - row["waiting_end"], 1e-9)
            facts.check("%s, %g: the funnel closes" % (name, h), got["balance"]["funnel"] < 1e-12)
        drawn = run(changed(start, **{"funnel/stages/talks/abandon": {"per_week": exact(0.2)}}), "--paths", "400")
        mean = 20.0  # of 5 more than there is room for, at a rate of 1/5
        facts.near("%s: whole deals give up as often" % name, drawn["funnel"][1]["waiting_end"], mean, 0.1)
        facts.check("%s: whole deals: the funnel closes" % name, drawn["balance"]["funnel"] < 1e-12)


def whole_deals(facts):
    """In whole numbers a team promises at most one deal more than it has hours for, and the funnel closes."""
    s = sold(base(**{"promotions": None, "funnel/stages/talks/effort": exact(13)}), {"team": team(3, 20)})
    for seed in range(1, 6):
        answer = run(s, "--paths", "1", "--set", "/run/seed=%d" % seed)
        row = answer["teams"][0]
        facts.check("busy all the time, one deal ahead at most", row["hours"] <= row["hours_used"] < row["hours"] + 13)
        facts.check("whole deals", abs(row["hours_used"] / 13 - round(row["hours_used"] / 13)) < 1e-9)
        facts.check("the funnel closes", answer["balance"]["funnel"] < 1e-12)
        facts.near("who waits is counted", row["waiting_end"], answer["funnel"][1]["waiting_end"], 1e-12)


def comparison(facts):
    """Under the model that serves it, the comparison is what the run does in the long run."""
    s = changed(pipeline(), **{"run": {"counts": "expected"}, "calendar/periods": 60, "costs": {"per_lead": exact(3)},
                               "funnel/stages/talks/effort": exact(2), "funnel/stages/lead/effort": exact(50)})
    models = {"m": {"fee": exact(0.1), "cost_to_serve": exact(4), "team": team(100, 5, pay={"per_week": exact(20)}),
                    "stages": {"lead": {"conversion": exact(0.6)}, "talks": {"effort": exact(2)}}},
              "other": {"stages": {"talks": {"conversion": exact(0.5), "days": 3}}}}
    got = run(changed(sold(s, models["m"]), **{"sales_models": models}))
    rows = {x["sales_model"]: x for x in got["sales_models"]}
    lead, hours = got["summary"]["leads"]["mean"], got["teams"][0]["hours_used"]
    facts.near("hours", rows["m"]["hours_per_lead"], 0.6 * 2, 1e-12)
    facts.near("as used", hours / lead, 0.6 * 2, 1e-9)
    facts.near("signed", got["summary"]["customers_signed"]["mean"] / lead, rows["m"]["signed_per_lead"], 1e-9)
    facts.near("days", got["summary"]["cycle_days"]["mean"], rows["m"]["cycle_days"], 1e-6)
    earned = (got["summary"]["pocket_margin"]["mean"] - 3 * lead - hours * 4) / lead
    facts.near("margin per lead with the hours that it takes", rows["m"]["margin_per_lead"], earned, 1e-9)
    swapped = run(changed(sold(s, models["other"]), **{"sales_models": {"m": models["other"], "other": models["m"]}}))
    twin = {x["sales_model"]: x for x in swapped["sales_models"]}
    for k in ("margin_per_lead", "signed_per_lead", "cycle_days", "hours_per_lead", "cac"):
        facts.near("no matter who serves now: %s" % k, twin["other"][k], rows["m"][k], 1e-12)
        facts.near("nor of the other: %s" % k, twin["m"][k], rows["other"][k], 1e-12)
    facts.check("the best has the largest margin", [x["best"] for x in got["sales_models"]] ==
               [x["margin_per_lead"] == max(y["margin_per_lead"] for y in rows.values()) for x in got["sales_models"]])


def test(facts, _):
    terms_are_those_of_the_offer(facts)
    a_team_is_a_queue(facts)
    giving_up(facts)
    whole_deals(facts)
    comparison(facts)
