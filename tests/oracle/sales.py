# SPDX-License-Identifier: GPL-3.0-or-later
"""Sales models and their teams: docs/model/sales.md."""
from scenario import FRACTION, POSITIVE, day_number


def read_team(sc, x, p, stages):
    hours, unit = sc.rate(x["hours"], p + "/hours")
    pay, per = sc.rate(x.get("pay", {}), p + "/pay")
    return {"people": sc.number(x, "representatives", p, POSITIVE), "hours": hours, "hours_per": sc.per(unit), "pay": pay,
            "pay_per": sc.per(per) if per else 0.0, "ramp": sc.number(x, "ramp_days", p, POSITIVE, 0), "from": stages.index(x["takes_up"]),
            "hires": [(day_number(h["from"]), sc.number(h, "representatives", "%s/hires/%d" % (p, n), POSITIVE))
                      for n, h in enumerate(x.get("hires", []))]}


def read_sales_model(sc, x, p, stages):
    return {"fee": sc.number(x, "fee", p, FRACTION), "serve": sc.number(x, "cost_to_serve", p, POSITIVE),
            "team": read_team(sc, x["team"], p + "/team", stages) if "team" in x else None}


def worked(days, ramp):
    """Days of work by somebody who came so many days ago."""
    return 0.0 if days <= 0 else days * days / (2 * ramp) if days <= ramp else days - ramp / 2


class Teams:
    """Hours, pay and queues of one walk."""

    def start_teams(self):
        m = self.m
        self.team_wait = {z: ({}, {}) for z in m.teams}  # ({period: {cell: deals}}, {cell: vector held})
        self.team_total = {z: {"hours": 0.0, "hours_used": 0.0, "pay": 0.0, "bound": 0.0} for z in m.teams}

    def people(self, z, t):
        """(productive, paid) representatives."""
        team, val, sc = self.m.teams[z], self.p.value, self.m.sc
        a, b = sc.start(t), sc.start(t + 1)
        ramp = val(team["ramp"])
        productive = paid = val(team["people"])
        for first, more in team["hires"]:
            productive += val(more) * (worked(b - first, ramp) - worked(a - first, ramp)) / (b - a)
            paid += val(more) * max(0, b - max(a, first)) / (b - a)
        return productive, paid

    def team_pay(self, z, t):
        team = self.m.teams[z]
        return self.people(z, t)[1] * self.p.value(team["pay"]) * team["pay_per"] if team["pay"] else 0.0

    def take_up(self, t, g, arriving):
        """Deals that the teams take up before stage g: {(cell, None): [deals, days]}."""
        for z, team in self.m.teams.items():
            if team["from"] == g:
                self.take_up_by(t, z, arriving)
        return arriving

    def take_up_by(self, t, z, arriving):
        m, p, team = self.m, self.p, self.m.teams[z]
        cells = [s for s in m.segments if m.sold_by(s) == z]
        queue, held = self.team_wait[z]
        queue[t] = {s: arriving[s, None][0] for s in cells}
        there = left = self.people(z, t)[0] * p.value(team["hours"]) * team["hours_per"]
        taken = dict.fromkeys(cells, 0.0)
        for came in sorted(queue):
            need = sum(n * p.effort[s] for s, n in queue[came].items())
            part = 1.0 if need <= left else left / need
            for s, n in queue[came].items():
                share = n * (part if p.effort[s] > 0 else 1.0)
                taken[s] += share
                queue[came][s] = n - share
            left -= need * part
        bound = False
        for s in cells:
            everything = [a + b for a, b in zip(held.get(s, [0.0, 0.0]), arriving[s, None])]
            part = taken[s] / everything[0] if everything[0] > 0 else 0.0
            arriving[s, None] = [part * x for x in everything]
            rest = [x - y for x, y in zip(everything, arriving[s, None])]
            bound = bound or rest[0] > 1e-9
            own = {came: v[s] for came, v in queue.items()}
            rest = self.give_up(t, team["from"], rest, own)
            for came, n in own.items():
                queue[came][s] = n
            held[s] = [rest[0], rest[1] + rest[0] * m.days]
        if t < m.T:
            for k, x in (("hours", there), ("hours_used", there - left), ("pay", self.team_pay(z, t)), ("bound", bound)):
                self.team_total[z][k] += x

    def team_rows(self):
        return {z: {"hours": x["hours"], "hours_used": x["hours_used"], "pay": x["pay"], "bound_frac": x["bound"] / self.m.T,
                    "waiting_end": sum(v[0] for v in self.team_wait[z][1].values())} for z, x in self.team_total.items()}


class Efforts:
    """What a path knows of the teams."""

    def efforts(self):
        m, val = self.m, self.value
        self.effort, self.pay_part = dict.fromkeys(m.segments, 0.0), {}
        for z, team in m.teams.items():
            cells = [s for s in m.segments if m.sold_by(s) == z]
            asked = {}
            for s in cells:
                go = [self.aware[s] * self.win[s] if g == m.choice_stage else self.conversion[g, s] for g in m.stage]
                asked[s], reach = self.rate[s], 1.0
                for g in m.stage:
                    if g < team["from"]:
                        asked[s] *= go[g]
                        continue
                    self.effort[s] += reach * val(m.change(g, s)[2] or m.stage[g]["effort"], s, 0.0)
                    reach *= go[g]
                asked[s] *= self.effort[s]
            total = sum(asked.values())
            for s in cells:
                self.pay_part[s] = asked[s] / total if total > 0 else 1 / len(cells)
