# SPDX-License-Identifier: GPL-3.0-or-later
"""Terms of payment: who pays at another time."""
from driver import changed, run
from small import exact, pipeline

EXPECTED = ("--set", "/run/counts=expected", "--paths", 1)


def step(**keys):
    return {"waterfall": {"steps": {"terms": dict({"rate": 0, "take_up": exact(1)}, **keys)}}}


def sold(**keys):
    s = pipeline(payment={"days": 30, "bad_debt": exact(0.1)})
    s["offers"]["own"].update(sold_as="contract", contract={"months": 12, "billing": "monthly"})
    return changed(s, **keys)


def when_invoiced(facts):
    """Twelve days from the invoice, in weeks: from the first day all is paid in the next period, from the last all in the one after it, from
    anywhere two of seven in the next; only cash moves."""
    got = {at: run(sold(**{"payment/days": 12, "payment/invoices": at, "funnel/opening": "empty"}), *EXPECTED)
           for at in ("as_signed", "period_start", "period_end")}
    for at, lag in (("period_start", 1), ("period_end", 2)):
        invoiced, cash = (got[at]["series"][k]["mean"] for k in ("revenue", "collected"))
        first = next(t for t, x in enumerate(cash) if x > 0)
        facts.check("%s: paid %d weeks after the first invoice" % (at, lag), first == lag + next(t for t, x in enumerate(invoiced) if x > 0), first)
    for t in range(2, 20):
        start, spread, end = (got[at]["series"]["collected"]["mean"][t] for at in ("period_start", "as_signed", "period_end"))
        facts.near("week %d: from anywhere, between the two" % t, spread, 2 / 7 * start + 5 / 7 * end, 1e-9)
    for k in ("revenue", "contribution", "invoiced"):
        facts.near("invoices move cash alone (%s)" % k, got["period_end"]["summary"][k]["mean"], got["as_signed"]["summary"][k]["mean"], 1e-12)


def test(facts, _):
    when_invoiced(facts)
    usual, safe = run(sold(), *EXPECTED), run(sold(**{"payment/bad_debt": exact(0)}), *EXPECTED)
    for opening in ("steady", "empty"):
        now = run(sold(**step(paid={"upfront": True}), **{"funnel/opening": opening}), *EXPECTED)
        for t, (a, b) in enumerate(zip(now["series"]["units"]["mean"], now["series"]["collected"]["mean"])):
            facts.near("%s, week %d: paid at the signing" % (opening, t), b, 100 * a, 1e-12)
        facts.near("%s: and invoiced" % opening, now["summary"]["invoiced"]["mean"], now["summary"]["booked"]["mean"], 1e-12)
    facts.near("what is paid at the signing is never lost",
               run(sold(**step(paid={"upfront": True})), *EXPECTED)["summary"]["contribution"]["mean"], safe["summary"]["contribution"]["mean"], 1e-12)
    empty = {"funnel/opening": "empty"}
    fresh, later = run(sold(**empty), *EXPECTED), run(sold(**step(paid={"days_later": exact(21)}), **empty), *EXPECTED)
    facts.near("three weeks later", later["summary"]["collected"]["mean"],
               run(sold(**{"payment/days": 51}, **empty), *EXPECTED)["summary"]["collected"]["mean"], 1e-12)
    facts.check("is not now", later["summary"]["collected"]["mean"] < 0.9 * fresh["summary"]["collected"]["mean"])
    for k in ("contribution", "revenue", "booked", "invoiced"):
        facts.near("paying later moves cash alone (%s)" % k, later["summary"][k]["mean"], fresh["summary"][k]["mean"], 1e-12)
    nobody = run(sold(**step(paid={"upfront": True}, take_up=exact(0), rate="10%")), *EXPECTED)
    for k in ("summary", "series"):
        facts.same("terms that nobody takes (%s)" % k, nobody[k], usual[k], 1e-12)
    half = run(sold(**step(paid={"upfront": True}, take_up=exact(0.5), rate=exact(0.2)), **empty), *EXPECTED)["series"]
    for t in (4, 9, 19):
        facts.near("week %d: half of the sales at four fifths are four ninths of the value" % t, half["collected"]["mean"][t],
                   0.9 * (4 / 9 * 100 * half["units"]["mean"][t] + 5 / 9 * fresh["series"]["collected"]["mean"][t]), 1e-12)
