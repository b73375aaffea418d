# SPDX-License-Identifier: GPL-3.0-or-later
"""What is the same in all paths: the inputs and their order, the calendar, weights, the length of the walks."""
import datetime
import math

from demand import read_demand, read_tastes
from laws import Law
from sales import read_sales_model
from scenario import DAYS, FRACTION, MONTH, NEGATIVE, NONE, POSITIVE, SIGNED, Scenario, day_number


UNITS = ("multi_buy", "volume_tier")

class Cell(str):
    """A segment in a channel, its members (True), the others (False), or all (None), of a score band."""

    def __new__(cls, segment, channel, band=None, member=None):
        who = None if member is None else "member" if member else "other"
        cell = super().__new__(cls, ".".join(x for x in (segment, channel, who, band) if x))
        cell.origin, cell.channel, cell.band, cell.member = segment, channel, band, member
        return cell


def fit_sbg(n):
    """Most likely alpha and beta of the counts n_0, n_1, ..: Newton in their logarithms."""
    a = b = 0.0
    value = lambda a, b: sum(n[k] * math.log((b + k - 1) / (a + b + k - 1)) + (n[k - 1] - n[k]) * math.log(a / (a + b + k - 1))  # noqa: E731
                             for k in range(1, len(n)))
    for _ in range(200):
        x, y = math.exp(a), math.exp(b)
        ga = gb = haa = hab = hbb = 0.0
        for k in range(1, len(n)):
            u, left, all_ = y + k - 1, n[k - 1] - n[k], x + y + k - 1
            ga += left - n[k - 1] * x / all_
            gb += n[k] * y / u - n[k - 1] * y / all_
            haa -= n[k - 1] * x * (all_ - x) / all_ ** 2
            hab += n[k - 1] * x * y / all_ ** 2
            hbb += n[k] * y * (k - 1) / u ** 2 - n[k - 1] * y * (all_ - y) / all_ ** 2
        det = haa * hbb - hab * hab
        step = [(hab * gb - hbb * ga) / det, (hab * ga - haa * gb) / det]
        if not (haa < 0 and det > 0):
            step = [ga / abs(haa), gb / max(abs(hbb), 1e-9)]
        size = 1.0
        while size > 1e-9 and value(math.exp(a + size * step[0]), math.exp(b + size * step[1])) < value(x, y) - 1e-12 * abs(value(x, y)):
            size /= 2
        a, b = a + size * step[0], b + size * step[1]
        if max(abs(s) for s in step) < 1e-13:
            break
    return math.exp(a), math.exp(b)


class Model:
    """Everything that is the same in all paths."""

    def __init__(self, file, plan=None):
        sc = self.sc = Scenario(file, plan)
        raw = sc.raw
        self.pipeline = raw["scope"] == "pipeline"
        self.T, self.days = sc.T, sc.days
        vat = raw.get("vat") or {}
        self.vat = sc.number(vat, "rate", "/vat", FRACTION) if vat.get("prices_include") else None
        self.read_offers(raw)
        self.read_market(raw["market"])
        self.read_promotions(raw)
        self.read_funnel(raw)
        self.read_money(raw)
        self.read_retention(raw.get("retention") or {})
        self.weights()
        self.T_end = self.T + self.run_out()

    def read_offers(self, raw):
        sc = self.sc
        self.own = sorted(raw["offers"])
        self.brand = raw.get("seller") == "brand"
        self.offer = {}
        for i in self.own:
            o, p = raw["offers"][i], "/offers/" + i
            pricing = o.get("pricing", {"kind": "fixed"})
            q = p + "/pricing"
            d = {"list": sc.number(o, "list_price", p, POSITIVE), "cost": sc.number(o, "unit_cost", p, POSITIVE),
                 "contract": o.get("contract"), "kind": pricing["kind"], "pricing": pricing,
                 "apart": pricing.get("per") == "segment"}
            for key, bounds, default in (("price", POSITIVE, None), ("markup", POSITIVE, None), ("target_margin", FRACTION, None),
                                         ("reference_price", POSITIVE, None), ("switching_cost", POSITIVE, 0), ("offset", SIGNED, 0),
                                         ("customer_share", FRACTION, 0.5), ("threshold", FRACTION, 0), ("ceiling", POSITIVE, None),
                                         ("min_margin", FRACTION, None), ("adjusts", FRACTION, None), ("floor", POSITIVE, None)):
                if key != "price" or pricing["kind"] == "fixed":
                    d[key] = sc.number(pricing, key, q, bounds, default)
            d["wholesale"], d["passed"] = sc.number(o, "wholesale", p, POSITIVE), sc.number(o, "pass_through", p, POSITIVE, 1)
            d["drivers"] = [sc.number(v, "value", "%s/drivers/%s" % (q, k), SIGNED) for k, v in sorted(pricing.get("drivers", {}).items())]
            d["changes"] = self.read_changes(pricing, q)
            d["stock"], d["salvage"] = sc.number(o, "stock", p, POSITIVE), sc.number(o, "salvage", p, POSITIVE)
            d["capacity"], unit = sc.rate(o["capacity"], p + "/capacity") if "capacity" in o else (None, None)
            d["capacity_per"] = sc.per(unit) if unit else None
            d["max_move"] = sc.number(pricing, "max_move", q, POSITIVE)
            d["rules"] = [self.read_rule(rule, "%s/rules/%d" % (q, k)) for k, rule in enumerate(pricing.get("rules", []))]
            bundle = o.get("bundle")
            d["of"] = bundle["of"] if bundle else None
            d["attach"] = sc.number(bundle or {}, "attach", p + "/bundle", FRACTION)
            self.offer[i] = d
        for d in self.offer.values():
            d["apart"] = d["apart"] or bool(d["of"]) and any(self.offer[i]["apart"] for i in d["of"])
        self.share_seen = any("share" in rule["when"] for d in self.offer.values() for rule in d["rules"])
        self.rivals, self.rival, self.joins = [], {}, {}
        for c, competitor in raw.get("competitors", {}).items():
            reaction, p = competitor.get("reaction", {"kind": "static"}), "/competitors/" + c
            q = p + "/reaction"
            common = {"owner": c, "kind": reaction["kind"], "reaction": reaction, "changes": self.read_changes(reaction, q)}
            for key, bounds, default in (("drift_per_year", SIGNED, None), ("depth", FRACTION, None), ("probability", FRACTION, 1),
                                         ("follow_through", POSITIVE, None), ("noticed", FRACTION, 1), ("floor", POSITIVE, 0),
                                         ("closes_per_week", FRACTION, None), ("by", SIGNED, 0), ("adjusts", FRACTION, None)):
                common[key] = sc.number(reaction, key, q, bounds if key != "by" else FRACTION if reaction["kind"] == "undercut" else (-1, 10), default)
            for r, offer in competitor["offers"].items():
                self.rivals.append(r)
                at = "%s/offers/%s" % (p, r)
                self.rival[r] = dict(common, price=sc.number(offer, "price", at, POSITIVE), cost=sc.number(offer, "unit_cost", at, POSITIVE))
                number, unit = sc.rate(offer["capacity"], at + "/capacity") if "capacity" in offer else (None, None)
                self.rival[r]["capacity"] = (number, sc.per(unit)) if unit else None
                self.rival[r]["there"] = [day_number(offer[k]) if k in offer else None for k in ("from", "to")]
                self.rival[r]["promotions"] = [(day_number(x["from"]), day_number(x["to"]), sc.number(x, "depth", "%s/promotions/%d" % (at, n), FRACTION))
                                               for n, x in enumerate(offer.get("promotions", []))]
            if "joins" in competitor:
                self.joins[c] = (competitor["joins"]["competitor"], day_number(competitor["joins"]["from"]))
        self.rivals.sort()
        self.rivals_react = self.share_seen or any(x["kind"] not in ("static", "event") for x in self.rival.values())

    def read_rule(self, rule, p):
        when, then = rule.get("when", {}), rule["then"]
        levels = {k: {x: self.sc.number(when.get(k, {}), x, "%s/when/%s" % (p, k), FRACTION if k == "share" else SIGNED) for x in ("above", "below")}
                  for k in ("price_gap", "share")}
        return {"when": when, "levels": levels, "match": then.get("match"), "then": {
            k: self.sc.number(then, k, p + "/then", POSITIVE if k == "price" else SIGNED, 0 if k == "by" else None)
            for k in ("price", "change", "move", "by")}}

    def read_changes(self, holder, pointer):
        out = []
        for k, x in enumerate(holder.get("changes", [])):
            p = "%s/changes/%d" % (pointer, k)
            out.append((day_number(x["from"]), self.sc.number(x, "price", p, POSITIVE), self.sc.number(x, "change", p, SIGNED)))
        return out

    def read_choice(self, x, p):
        sc, d = self.sc, {}
        for key, bounds in (("baseline", FRACTION), ("conversions", FRACTION), ("lost_to", FRACTION), ("utility", SIGNED),
                            ("observed_at", POSITIVE)):
            d[key] = sc.numbers(x, key, p, bounds)
        for key, bounds, default in (("conversion", FRACTION, None), ("price_sensitivity", POSITIVE, None),
                                     ("promotion_elasticity", NEGATIVE, None), ("loss_aversion", POSITIVE, 1.6),
                                     ("lost_buyers_who_buy_nothing", FRACTION, None), ("awareness", FRACTION, None)):
            d[key] = sc.number(x, key, p, bounds, default)
        e = x.get("elasticity")
        d["elasticity"] = sc.number(e, "value", p + "/elasticity", (-50, 0)) if e else None
        d["brand"] = bool(e and e.get("brand"))
        d["of"] = e.get("offer", self.own[0]) if e else self.own[0]
        d["named"] = bool(e and "offer" in e)
        d["tastes"] = read_tastes(sc, x, p, self.own, self.rivals)
        d["outside"] = x.get("outside", True)
        return d

    def read_market(self, market):
        sc = self.sc
        demand = market.get("demand", {"kind": "logit"})
        self.always = demand.get("offer") if demand["kind"] == "always" else None
        self.demand = read_demand(sc, demand, self.own)
        self.own_kind = demand["kind"] in ("isoelastic", "valuations")
        self.choiceless = bool(self.always) or self.own_kind
        shared = self.read_choice(market["choice"], "/market/choice") if "choice" in market else None
        self.segments = sorted(market["segments"])
        self.segment = {}
        for s in self.segments:
            x, p = market["segments"][s], "/market/segments/" + s
            d = {"dimensions": x.get("dimensions", {}), "sold_by": x.get("sold_by")}
            d["arrivals"], unit = sc.rate(x["arrivals"], p + "/arrivals")
            d["arrivals_per"] = sc.per(unit)
            d["growth"], unit = sc.rate(x["growth"], p + "/growth", "per", (-1, 10)) if "growth" in x else (None, None)
            d["growth_per"] = sc.per(unit) if unit else 0.0
            d["season"] = x.get("season")
            d["shared"] = "choice" not in x
            d["choice"] = shared if d["shared"] else self.read_choice(x["choice"], p + "/choice")
            d["basket"] = sc.spread(x["basket"], p + "/basket") if "basket" in x else None
            d["quantity"] = sc.spread(x["quantity"], p + "/quantity") if "quantity" in x else None
            d["size"] = sc.spread(x["deal_size"], p + "/deal_size") if "deal_size" in x else None
            d["relative"] = sc.number(x, "relative_sensitivity", p, POSITIVE, 1)
            d["preference"] = sc.numbers(x, "preference", p, POSITIVE)
            for key, more in (("reference_price", ("gain", "loss")), ("price_image", ("sensitivity", "equity"))):
                m = x.get(key)
                d[key] = None
                if m is not None:
                    q = "%s/%s" % (p, key)
                    d[key] = {"half_life": sc.number(m, "half_life_days", q, POSITIVE), "all": m.get("of") == "all",
                              "per_week": sc.number(m, "carry_over_per_week", q, FRACTION)}
                    for name in more:
                        d[key][name] = sc.number(m, name, q, POSITIVE, 0 if key == "price_image" else None)
            d["members"] = self.read_members(x["members"], p + "/members") if "members" in x else None
            d["borrow"] = None
            if "borrow" in x:
                q = p + "/borrow"
                d["borrow"] = {"share": sc.number(x["borrow"], "share", q, FRACTION),
                               "half_life": sc.number(x["borrow"], "half_life_days", q, POSITIVE),
                               "per_week": sc.number(x["borrow"], "carry_over_per_week", q, FRACTION),
                               "of": x["borrow"].get("of", "all"), "paid_back": x["borrow"].get("paid_back", "next_period")}
            self.segment[s] = d
        self.borrows = any(d["borrow"] for d in self.segment.values())
        self.divide(market.get("channels", {}), market.get("bands", {}))
        self.divide_members()

    # ---- members.md
    def read_members(self, x, p):
        sc = self.sc
        d = {"share": sc.number(x, "share", p, FRACTION), "relative": sc.number(x, "relative_sensitivity", p, POSITIVE, 1),
             "preference": sc.numbers(x, "preference", p, POSITIVE)}
        for key, bounds in (("joining", FRACTION), ("occasions", POSITIVE)):
            number, unit = sc.rate(x[key], p + "/" + key, "per", bounds) if key in x else (None, None)
            d[key] = (number, unit) if number else None
        return d

    def divide_members(self):
        """Cells of segments with members become two: the others, then the members."""
        cells, segment, self.segments, self.segment = self.segments, self.segment, [], {}
        for s in cells:
            kinds = (False, True) if segment[s]["members"] else (None,)
            for member in kinds:
                cell = s if member is None else Cell(getattr(s, "origin", s), getattr(s, "channel", None), None, member)
                self.segments.append(cell)
                self.segment[cell] = segment[s]

    # ---- channels.md, bands.md
    def divide(self, channels, bands):
        """Segments become cells, segment by channel by score band."""
        self.origins, self.channel = self.segments, {}
        self.band = {b: {"share": self.sc.number(bands[b], "share", "/market/bands/" + b, FRACTION),
                         "shares": self.sc.numbers(bands[b], "shares", "/market/bands/" + b, FRACTION)} for b in sorted(bands)}
        for k in sorted(channels):
            self.channel[k] = self.read_channel(channels[k], "/market/channels/" + k)
        if not channels and not bands:
            return
        segments, self.segment, self.segments = self.segment, {}, []
        for s in self.origins:
            for k, c in self.channel.items() or [(None, None)]:
                named = c and (c["mix"] if c["arrivals"] else c["shares"])
                if named and s not in named:
                    continue
                for b in [b for b in self.band if self.in_band(s, k, b)] or [None]:
                    cell = Cell(s, k, b)
                    self.segments.append(cell)
                    self.segment[cell] = dict(segments[s])
                    if c and c["arrivals"]:
                        self.segment[cell].update(arrivals=c["arrivals"], arrivals_per=c["arrivals_per"])

    def in_band(self, s, k, b):
        """Part of the leads of a segment in a channel that is in the band, None when none is."""
        if k and self.channel[k]["bands"]:
            return self.channel[k]["bands"].get(b)
        return self.band[b]["share"] or self.band[b]["shares"].get(s)

    def read_channel(self, x, p):
        sc = self.sc
        c = {key: sc.number(x, key, p, bounds) for key, bounds in (("share", FRACTION), ("price", (-1, 10)), ("fee", FRACTION))}
        c["shares"], c["mix"], c["bands"] = (sc.numbers(x, key, p, FRACTION) for key in ("shares", "mix", "bands"))
        c["arrivals"], unit = sc.rate(x["arrivals"], p + "/arrivals") if "arrivals" in x else (None, None)
        c["arrivals_per"] = sc.per(unit) if unit else None
        spend = x.get("spend", {})
        c["spend"], unit = sc.rate({k: v for k, v in spend.items() if k != "per_lead"}, p + "/spend")
        c["spend_per"] = sc.per(unit) if unit else None
        c["per_lead"] = sc.number(spend, "per_lead", p + "/spend", POSITIVE)
        c["sold_by"] = x.get("sold_by")
        return c

    def read_stage_changes(self, kind, owners, path):
        """What a channel, sales model or score band has in place of a stage's conversion, (won, lost) days, effort."""
        for k, x in owners.items():
            for name, y in x.get("stages", {}).items():
                p, days = "%s/%s/stages/%s" % (path, k, name), None
                if "days" in y:
                    both = isinstance(y["days"], dict) and "won" in y["days"]
                    days = tuple(self.sc.spread(y["days"][o] if both else y["days"], p + "/days" + ("/" + o if both else "")) for o in ("won", "lost"))
                self.instead[self.stages.index(name), kind, k] = (self.sc.number(y, "conversion", p, FRACTION), days,
                                                                  self.sc.number(y, "effort", p, POSITIVE), self.sc.number(y, "odds", p, POSITIVE))

    def sold_by(self, s):
        """Sales model of a cell, None without."""
        k = getattr(s, "channel", None)
        return (k and self.channel[k]["sold_by"]) or self.segment[s]["sold_by"]

    def change(self, g, s):
        """(conversion, days, effort, odds) of the cell's band, else its channel, else its sales model, in place of those of stage g, None for
        what stays; odds: what they are multiplied by, from the model to the band."""
        owners = (("band", getattr(s, "band", None)), ("channel", getattr(s, "channel", None)), ("model", self.sold_by(s)))
        changes = [self.instead.get((g,) + owner, (None, None, None, None)) for owner in owners]
        odds = []
        for change in changes:
            if change[0]:
                break
            odds += [change[3]] if change[3] else []
        return tuple(a or b or c for a, b, c in zip(*changes))[:3] + (odds[::-1],)

    def part_of(self, s, value):
        """The cell's part of the arrivals that it shares, numbers read by value()."""
        member = getattr(s, "member", None)
        if member is not None:
            share = value(self.segment[s]["members"]["share"])
            return (share if member else 1 - share) * self.part_of(Cell(s.origin, s.channel), value)
        if not getattr(s, "band", None):
            return self.part_of_channel(s, value)
        parts = {b: value(self.in_band(s.origin, s.channel, b)) for b in self.band if self.in_band(s.origin, s.channel, b)}
        return self.part_of_channel(s, value) * parts[s.band] / sum(parts.values())

    def part_of_channel(self, s, value):
        if not self.channel:
            return 1.0
        c = self.channel[s.channel]
        if c["arrivals"]:
            return value(c["mix"][s.origin]) / sum(value(x) for x in c["mix"].values()) if c["mix"] else 1.0
        part = {r.channel: self.channel[r.channel] for r in self.segments if r.origin == s.origin}
        part = {k: value(d["shares"][s.origin] if d["shares"] else d["share"]) for k, d in part.items() if not d["arrivals"]}
        return part[s.channel] / sum(part.values())

    def read_promotions(self, raw):
        sc = self.sc
        self.promotions = sorted(raw.get("promotions", {}))
        self.promotion = {}
        for m in self.promotions:
            x, p = raw["promotions"][m], "/promotions/" + m
            d = {"raw": x, "kind": x["kind"], "offers": x.get("offers", self.own), "visible": x.get("visible", True)}
            d["offers"] = [i for i in self.own if i in d["offers"] or any(j in d["offers"] for j in self.offer[i]["of"] or ())]
            d["pure"] = {j for i in d["offers"] for j in self.offer[i]["of"] or ()} if x.get("pure") else set()
            d["synergy"] = sc.number(x, "synergy", p, SIGNED, 0)
            d["segments"] = [s for s in self.segments if getattr(s, "origin", s) in x.get("segments", self.origins) and
                             ("channels" not in x or s.channel in x["channels"]) and (x["kind"] != "member_price" or getattr(s, "member", None)) and (x["kind"] != "threshold" or self.segment[s]["basket"]) and
                             (x["kind"] not in UNITS or self.segment[s]["quantity"])]
            for key, bounds, default in (("value", FRACTION if x["kind"] in ("percent_off", "flash", "coupon", "member_price", "bundle") else POSITIVE, None), ("price", POSITIVE, None),
                                         ("reach", FRACTION, 1), ("traffic", POSITIVE, None), ("amount", POSITIVE, None),
                                         ("eligible", FRACTION, 1), ("redemption", FRACTION, 1)):
                d[key] = sc.number(x, key, p, bounds, default)
            if x["kind"] == "threshold":
                d["addon"] = sc.number(x, "addon_value", p, FRACTION, 0.5)
                d["compliance"] = sc.number(x, "compliance", p, FRACTION, 0.7)
                d["tiers"] = self.tiers(x)
            if x["kind"] in UNITS:
                d["addon"] = sc.number(x, "addon_value", p, FRACTION, 0.5)
                d["compliance"] = sc.number(x, "compliance", p, FRACTION, 0.7)
                d["pay"] = sc.number(x, "pay", p, POSITIVE)
                d["steps"] = [(y["units"], sc.number(y, "value", "%s/tiers/%d" % (p, n), FRACTION)) for n, y in enumerate(x.get("tiers", []))]
            f = x.get("feature", {})
            d["multiplier"] = sc.number(f, "multiplier", p + "/feature", POSITIVE)
            d["utility"] = sc.number(f, "utility", p + "/feature", SIGNED)
            cost, funding = x.get("fixed_cost", {}), x.get("funding")
            d["once"] = sc.number(cost, "once", p + "/fixed_cost", POSITIVE)
            d["weekly"] = sc.number(cost, "per_week", p + "/fixed_cost", POSITIVE)
            d["funded"] = funding is not None
            for key in ("once", "per_unit", "share_of_discount"):
                d["funding_" + key] = sc.number(funding or {}, key, p + "/funding", FRACTION if key[0] == "s" else POSITIVE)
            number, unit = sc.rate(x["fee"], p + "/fee") if "fee" in x else (None, None)
            d["fee"] = (number, unit) if number else None
            wait = x.get("waiting")
            d["waiting"] = (sc.number(wait, "share", p + "/waiting", FRACTION), wait["days"]) if wait else None
            d["acceleration"] = sc.number(x, "acceleration", p, POSITIVE)
            d["stock"], d["budget"] = (sc.number(x, key, p, POSITIVE) for key in ("stock", "budget"))
            d["markdowns"] = [(day_number(y["from"]), sc.number(y, "value", "%s/markdowns/%d" % (p, n), FRACTION))
                              for n, y in enumerate(x.get("markdowns", []))]
            d["from"], d["to"] = day_number(x["from"]), day_number(x["to"]) + 1
            self.promotion[m] = d
        q = (raw.get("funnel") or {}).get("quarter_end")
        self.quarter_end = q and (q.get("last_days", 14), sc.number(q, "times", "/funnel/quarter_end", (1, 50)))
        self.hurries = bool(q) or any(d["acceleration"] for d in self.promotion.values())
        self.limited = {m for m, d in self.promotion.items() if d["stock"] or d["budget"]}
        self.rationed = bool(self.limited) or any(o["stock"] or o["capacity"] for o in self.offer.values())
        stacking = raw.get("stacking", {})
        self.rule = stacking.get("rule", "best_for_customer")
        self.order = stacking.get("order", self.promotions)
        self.cap = sc.number(stacking, "cap", "/stacking", FRACTION)
        self.group = {}
        for g, x in stacking.get("groups", {}).items():
            for m in x["members"]:
                self.group[m] = g
        gathered = []  # members stand together, at the place of the first one
        for m in self.order:
            members = [x for x in self.order if self.group.get(x) == self.group[m]] if m in self.group else [m]
            gathered += [x for x in members if x not in gathered]
        self.order = gathered

    @staticmethod
    def tiers(x):
        if "tiers" in x:
            return [(t["spend"], t["save"]) for t in x["tiers"]]
        e, out = x["every"], []
        for k in range(1, 65):
            save = min(k * e["save"], e.get("cap", 1e300))
            out.append((k * e["spend"], save))
            if save >= e.get("cap", 1e300):
                break
        return out

    def active_days(self, m, a, b):
        d = self.promotion[m]
        repeat = d["raw"].get("recurrence")
        if not repeat:
            return max(0, min(b, d["to"]) - max(a, d["from"]))
        total, n = 0, 0
        while n < repeat.get("times", 10 ** 9):
            first = d["from"] + n * repeat["every_days"]
            if first >= d["to"] or first >= b:
                break
            end = min(first + min(repeat["days"], repeat["every_days"]), d["to"])
            total += max(0, min(b, end) - max(a, first))
            n += 1
        return total

    def last_day(self, m):
        d = self.promotion[m]
        repeat = d["raw"].get("recurrence")
        if repeat and "times" in repeat:
            return min(d["from"] + (repeat["times"] - 1) * repeat["every_days"] + repeat["days"] - 1, d["to"] - 1)
        return d["to"] - 1

    def read_funnel(self, raw):
        sc, funnel = self.sc, raw.get("funnel")
        self.stages = funnel["order"] if funnel else []
        self.stage = {}
        self.choice_stage = -1
        opening = funnel.get("opening", "steady") if funnel else "steady"
        self.opening = opening if isinstance(opening, str) else "counts"
        self.counts = sc.numbers(opening, "counts", "/funnel/opening", POSITIVE) if self.opening == "counts" else {}
        for g, name in enumerate(self.stages):
            x, p = funnel["stages"][name], "/funnel/stages/" + name
            enter = x.get("entry", {})
            d = {"conversion": sc.number(x, "conversion", p, FRACTION), "bands": enter.get("bands"), "min_size": enter.get("min_size", 0),
                 "exit": [sc.number(x["exit"][k], "met", "%s/exit/%s" % (p, k), FRACTION) for k in sorted(x.get("exit", {}))], "effort": sc.number(x, "effort", p, POSITIVE)}
            d["leaves"], unit = sc.rate(x, p, "leaves_per", FRACTION)
            d["leaves_days"] = DAYS[unit] if unit else None
            d["capacity"], unit = sc.rate(x["capacity"], p + "/capacity") if "capacity" in x else (None, None)
            d["capacity_per"] = sc.per(unit) if unit else None
            d["abandon"], unit = sc.rate(x["abandon"], p + "/abandon", "per", FRACTION) if "abandon" in x else (None, None)
            d["abandon_days"] = DAYS[unit] if unit else None
            if "days" in x:
                days = x["days"]
                both = isinstance(days, dict) and "won" in days
                d["won"] = sc.spread(days["won"] if both else days, p + "/days" + ("/won" if both else ""))
                d["lost"] = sc.spread(days["lost"], p + "/days/lost") if both else d["won"]
            if x.get("choice"):
                self.choice_stage = g
            self.stage[g] = d
        self.instead = {}
        self.read_stage_changes("channel", raw["market"].get("channels", {}), "/market/channels")
        self.read_stage_changes("band", raw["market"].get("bands", {}), "/market/bands")
        models = raw.get("sales_models", {})
        self.read_stage_changes("model", models, "/sales_models")
        self.sales_model = {z: read_sales_model(sc, models[z], "/sales_models/" + z, self.stages) for z in sorted(models)}
        used = {self.sold_by(s) for s in self.segments}
        self.teams = {z: x["team"] for z, x in self.sales_model.items() if x["team"] and z in used}
        negotiated = raw.get("negotiated")
        self.negotiated = None
        if negotiated:
            x, p = negotiated["distribution"], "/negotiated/distribution"
            self.negotiated = [sc.number(x, "zero", p, FRACTION, 0), sc.number(x["beta"], "a", p + "/beta", POSITIVE),
                               sc.number(x["beta"], "b", p + "/beta", POSITIVE), sc.number(negotiated, "overlap", "/negotiated", FRACTION, 0)]
        authority = (negotiated or {}).get("authority")
        self.authority = authority and (sc.number(authority, "limit", "/negotiated/authority", FRACTION),
                                        sc.number(authority, "approved", "/negotiated/authority", FRACTION, 0))

    def read_money(self, raw):
        sc = self.sc
        waterfall = raw.get("waterfall", {"steps": {}})
        self.steps, self.paid = {}, {}
        for k, x in waterfall["steps"].items():
            p = "/waterfall/steps/" + k
            self.steps[k] = (x.get("of", "running"), sc.number(x, "rate", p, FRACTION), sc.number(x, "amount", p, POSITIVE),
                             sc.number(x, "take_up", p, FRACTION, 1))
            if "paid" in x:
                self.paid[k] = sc.number(x["paid"], "days_later", p + "/paid", POSITIVE)  # None: at the signing
        self.step_order = waterfall.get("order", sorted(self.steps) + ["negotiated", "promotion", "invoice"])
        used = [self.sales_model[z] for z in {self.sold_by(s) for s in self.segments} if z]
        if any(c["fee"] for c in list(self.channel.values()) + used):
            self.step_order = self.step_order + ["channel_fee"]
        if any(x["serve"] for x in used):
            self.step_order = self.step_order + ["serving"]
        payment = raw["payment"]
        self.pay = sc.spread(payment["days"], "/payment/days")
        self.invoices = payment.get("invoices", "as_signed")
        disputed = payment.get("disputed")
        self.dispute = (sc.number(disputed, "share", "/payment/disputed", FRACTION),
                        sc.spread(disputed["days"], "/payment/disputed/days")) if disputed else None
        self.bad_debt = sc.number(payment, "bad_debt", "/payment", FRACTION, 0)
        team = raw.get("sales_team") or {}
        self.commission = team.get("commission")
        self.representatives = team.get("representatives", 1)
        share = lambda x: float(x[:-1]) / 100 if isinstance(x, str) else x  # noqa: E731
        self.quota = dict({"per": "quarter", "on": "booked"}, **team["quota"]) if "quota" in team else None
        self.bonus = {k: share(x) for k, x in dict({"threshold": 0.8, "cap": 1.5}, **team["bonus"]).items()} if "bonus" in team else None
        self.clawback = {"bad_debt": share(team["clawback"].get("bad_debt", 1))} if "clawback" in team else None
        costs = raw.get("costs") or {}
        self.costs = {k: sc.number(costs, k, "/costs", SIGNED if k[0] == "d" else POSITIVE)
                      for k in ("per_lead", "fixed_per_month", "once", "discount_rate_per_year")}
        self.goals = raw.get("goals", {})

    def read_retention(self, raw):
        sc, p = self.sc, "/retention"
        self.renewal, self.customers, self.churn, self.referral = None, {}, None, None
        if not raw:
            return
        self.history_years, self.months_of_others = raw.get("history_years", 10), raw.get("term_months")
        self.value_years, self.paid_late = raw.get("years"), int(raw.get("payments") == "arrears")
        self.stated_margin = sc.number(raw, "margin", p, SIGNED)
        churn, q = raw["churn"], p + "/churn"
        if "survivors" in churn:
            self.churn = ("fit", fit_sbg(churn["survivors"]))
        elif "alpha" in churn:
            self.churn = ("law", [sc.number(churn, k, q, (1e-3, 1e5)) for k in ("alpha", "beta")])
        else:
            value, unit = sc.rate(churn, q, bounds=FRACTION)
            self.churn = ("rate", (value, DAYS[unit]))
        self.customers = sc.numbers(raw, "customers", p, POSITIVE)
        if "renewal" not in raw:
            return
        if "referral" in raw:
            value, unit = sc.rate(raw["referral"], p + "/referral")
            self.referral = (value, self.days / DAYS[unit])
        x = raw["renewal"]
        self.renewal = {"price": x.get("price", "kept"), "from": day_number(x["from"]) if "from" in x else None,
                        "increase": sc.number(x, "increase", p + "/renewal", (-1, 10), 0),
                        "increase_per_year": sc.number(x, "increase_per_year", p + "/renewal", (-1, 10), 0),
                        "churn_elasticity": sc.number(x, "churn_elasticity", p + "/renewal", (0, 100), 0)}

    def term_months(self, i):
        contract = self.offer[i]["contract"]
        return contract["months"] if contract else self.months_of_others

    def term(self, i):
        return max(1, int(MONTH * self.term_months(i) / self.days + 0.5))

    def history(self, i):
        return max(1, int(12 * self.history_years / self.term_months(i) + 0.5))

    def weights(self):
        mean = {s: d["arrivals"].law.centre() * d["arrivals_per"] * self.part_of(s, lambda x: x.law.centre()) for s, d in self.segment.items()}
        total = sum(mean.values())
        self.w = {s: mean[s] / total if total > 0 else 1.0 / len(mean) for s in mean}
        v = {c: 0.0 for c in self.rivals}
        for s, d in self.segment.items():
            choice = d["choice"]
            if not choice:
                continue
            shares = choice["baseline"] or choice["utility"] or choice["lost_to"]
            for c in self.rivals:
                if c in shares:
                    x = shares[c].law.centre()
                    if shares is choice["utility"]:
                        x = math.exp(x - choice["price_sensitivity"].law.centre() * self.rival[c]["price"].law.centre())
                    v[c] += self.w[s] * x
        total = sum(v.values())
        self.v = {c: v[c] / total if total > 0 else 1.0 / len(v) for c in v}

    def keep(self, memory):
        if memory is None:
            return 0.0
        if memory["per_week"]:
            return memory["per_week"].law.centre() ** (self.days / 7)
        return 2.0 ** (-self.days / memory["half_life"].law.centre())

    def run_out(self):
        if not self.promotions:
            return 0
        if self.hurries:
            return self.T // 2
        keep = 0.0
        for d in self.segment.values():
            keep = max(keep, (self.keep(d["borrow"]) if d["borrow"]["per_week"] or d["borrow"]["half_life"] else 2.0 ** (-self.days / 28))
                       if d["borrow"] else 0.0)
            implied = 2.0 ** (-self.days / 28) if d["choice"] and d["choice"]["promotion_elasticity"] else 0.0
            keep = max(keep, self.keep(d["reference_price"]) if d["reference_price"] else implied, self.keep(d["price_image"]))
        periods = math.log(0.05) / math.log(keep) if keep > 0 else 0.0
        periods += 91.0 / self.days if self.rivals_react else 0.0
        last = max(self.last_day(m) for m in self.promotions)
        after = (last + 1 - self.sc.start0) / self.days + periods - self.T
        return int(math.ceil(min(after, self.T // 2))) if after > 0 else 0

    def season(self, s, t):
        x, sc = self.segment[s]["season"], self.sc
        if not x:
            return 1.0
        if "monthly" in x:
            days = range(sc.start(t), sc.start(t + 1))
            return sum(x["monthly"][datetime.date.fromordinal(d).month - 1] for d in days) / len(days)
        if "sine" in x:
            cycle = x["sine"].get("cycle_days", 365.25)
            peak = x["sine"].get("peak_days", cycle / 4)
            return 1 + x["sine"]["amplitude"] * math.cos(2 * math.pi * (sc.start(t) - sc.start0 - peak) / cycle)
        return x["table"][min(t, len(x["table"]) - 1)]

    def law(self, spread, path):
        return Law(spread[0], [n.at(path) for n in spread[1]])
