# SPDX-License-Identifier: GPL-3.0-or-later
"""P17: statistics of a simulation: quantiles, intervals of a share, correlation of normal scores."""
NOT_COVERED = dict.fromkeys(("ishigami", "g_function", "revenue_product", "linear"), "the program has no sensitivity indices yet")
NOT_COVERED.update(dict.fromkeys(("ocba", "rinott"), "the program does not select among plans yet"))
NOT_COVERED.update({
    "qmc_product_function": "no scenario is that function; Sobol draws are tested against plain ones", "antithetic": "the program has no antithetic paths",
    "crn": "common random numbers are checked by P23", "nested": "the split of the variance is checked by P23",
    "normal_output": "standard errors are checked by the other cases", "quantile_ci": "the program states no interval of a quantile yet",
    "lognormal_corr": "ranks are what the program correlates",
})
INPUTS = {"rinott_note", "ishigami_mc_note"}


def check(case, _folder, table, program):
    rel = case["tolerance"]["closed_form_rel"]
    x = case["quantiles"]
    answer = program.library([["quantiles", len(x["probs"]), *map(repr, x["probs"]), *map(repr, x["data"])]])[0]
    table.all_close("quantiles", "library", "type7_linear", x["type7_linear"], answer, rel=rel)
    table.not_covered("quantiles (types 1 and 8)", "the program's quantiles are of type 7")
    for k, row in enumerate(case["wilson"]):
        low, high = program.library([["wilson", row["x"], row["n"]]])[0]
        table.all_close("wilson %d" % k, "library", "interval", [row["lo"], row["hi"]], [low, high], rel=rel, abs_=1e-15)
    ranks = [row["spearman"] for row in case["copula"]]
    answer = [a[0] for a in program.library([["copula", repr(float(r))] for r in ranks])]
    table.all_close("copula", "library", "pearson_of_normals", [row["pearson_of_normals"] for row in case["copula"]], answer, rel=rel, abs_=1e-15)
    table.not_covered("copula (kendall)", "the program's correlations are of ranks (Spearman)")
