# SPDX-License-Identifier: GPL-3.0-or-later
"""Small scenarios to start from."""


def exact(x):
    return {"value": x, "exact": True}


def pipeline(**keys):
    """One offer, two rivals, two stages, one of them the choice; no promotion, no shock."""
    s = {"pricesim": 1, "name": "pipeline", "currency": "EUR", "scope": "pipeline",
         "calendar": {"start": "2026-01-05", "period": "week", "periods": 20},
         "market": {"shock": "off", "segments": {"firms": {
             "arrivals": {"per_week": exact(50)},
             "choice": {"conversion": exact(0.3), "lost_to": {"x": 0.3, "y": 0.3, "none": 0.4}, "elasticity": {"value": exact(-1.8)}}}}},
         "offers": {"own": {"list_price": 100, "unit_cost": 40}},
         "competitors": {"rivals": {"offers": {"x": {"price": 110}, "y": {"price": 90}}}},
         "funnel": {"order": ["lead", "talks"], "stages": {"lead": {"conversion": exact(0.5), "days": 5},
                                                           "talks": {"choice": True, "days": {"exponential": {"mean": 14}}}}},
         "payment": {"days": 0}}
    s.update(keys)
    return s


def market(**keys):
    """Two own offers, two rivals, one segment; no promotion, no shock."""
    s = {"pricesim": 1, "name": "market", "currency": "EUR", "scope": "market",
         "calendar": {"start": "2026-01-05", "period": "week", "periods": 8},
         "market": {"shock": "off", "segments": {"all": {
             "arrivals": {"per_week": exact(200)},
             "choice": {"baseline": {"own": 0.2, "second": 0.1, "x": 0.2, "y": 0.1, "none": 0.4},
                        "elasticity": {"offer": "own", "value": exact(-2.2)}}}}},
         "offers": {"own": {"list_price": 100, "unit_cost": 40}, "second": {"list_price": 80, "unit_cost": 35}},
         "competitors": {"rivals": {"offers": {"x": {"price": 110}, "y": {"price": 90}}}},
         "payment": {"days": 0}}
    s.update(keys)
    return s


def promotion(**keys):
    p = {"kind": "percent_off", "value": exact(0.2), "from": "2026-01-12", "to": "2026-02-01", "reach": exact(0.5)}
    p.update(keys)
    return p
