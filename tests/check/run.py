# SPDX-License-Identifier: GPL-3.0-or-later
"""check and accept: rules decide as they say, a change is found, an unchanged model is left alone.

The statistical facts: a margin moved by 1 % is found in every one of 20 baselines with the draws shared; of 1,000 checks
of an unchanged model with other draws at most 3 fail (the design: 1 in expectation, so that 4 or more would come by chance
with 2 %; the seeds are fixed)."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "support"))
from driver import PROGRAM, ROOT, Facts, without_duplicates  # noqa: E402

WITHOUT_CI = {k: v for k, v in os.environ.items() if k != "CI"}


def call(*arguments, env=None):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, check=False, text=True, env=env or WITHOUT_CI)
    return done.returncode, done.stdout, done.stderr


def check(*arguments):
    status, out, _ = call("check", *arguments, "--format", "json", "-q")
    return status, json.loads(out, object_pairs_hook=without_duplicates) if out else None


class Folder:
    """A copy of scenarios that may be changed."""

    def __init__(self, *names):
        self.path = tempfile.mkdtemp(prefix="pricesim-check-")
        for name in names:
            shutil.copy(os.path.join(ROOT, "scenarios", name), self.path)
            if "expect" in self.read(name):  # the rules are the test's own
                self.change(name, lambda x: x.pop("expect"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path)

    def file(self, name):
        return os.path.join(self.path, name)

    def read(self, name):
        with open(self.file(name), encoding="utf-8") as file:
            return json.load(file)

    def write(self, name, value):
        with open(self.file(name), "w", encoding="utf-8") as file:
            json.dump(value, file, ensure_ascii=False, indent=1)

    def change(self, name, function):
        value = self.read(name)
        function(value)
        self.write(name, value)


def verdicts(answer):
    return {c["check"]: c["verdict"] for c in answer["checks"]}


def rules(facts):
    """What each rule looks at, against the JSON of a run of the same scenario."""
    with Folder("price_cut.json", "default.json") as folder:
        file = folder.file("price_cut.json")
        summary = json.loads(call("run", file, "--format", "json", "-q")[1])
        match = json.loads(call("run", file, "--plan", "match", "--format", "json", "-q")[1])
        s = summary["summary"]
        mean, p10 = s["contribution"]["mean"], s["contribution"]["p10"]
        # rule, verdict
        cases = [("contribution > %g" % (mean * 0.99), "pass"), ("contribution.mean < %g" % (mean * 0.99), "fail"),
                 ("contribution.p10 >= %g" % (p10 * 0.98), "pass"), ("contribution.p10 >= %g" % (p10 * 1.03), "fail"),
                 ("contribution.p10 >= %g" % (p10 * 1.0005), "cannot tell"), ("contribution > %gk" % (mean / 1000), "cannot tell"),
                 ("contribution<=%gM" % (mean * 1.01e-6), "pass"), ("margin_frac >= 28%", "pass"), ("margin_frac >= 58%", "fail"),
                 ("P(contribution > 500k) >= 90%", "pass"), ("P(contribution > 500k) < 90%", "fail"),
                 ("P(margin_frac < 10%) <= 1%", "pass"), ("P(goals.contribution.reached) >= 20%", "pass"),
                 ("goals.contribution >= %g" % (summary["goals"]["contribution"]["p"] + 0.05), "fail"),
                 ("goals.contribution.mean > 1", "pass"), ("by.segment.%s.units > 1" % sorted(summary["by"]["segment"])[0], "pass"),
                 ("by.rival.%s.units.p90 < 1" % sorted(summary["by"]["rival"])[0], "fail"),
                 ("series.revenue@%s > 1" % summary["calendar"]["starts"][5], "pass"),
                 ("series.revenue@2027-12-31.p90 > 1", "pass" if summary["series"]["revenue"]["p90"][-1] > 1 else "fail"),
                 ("revenue < match:revenue", "pass" if s["revenue"]["mean"] < match["summary"]["revenue"]["mean"] else "fail"),
                 ("units > match:units", "fail"), ("P(units <= match:units) >= 99%", "pass")]
        folder.change("price_cut.json", lambda x: x.update(expect=[rule for rule, _ in cases]))
        status, answer = check(file)
        got = verdicts(answer)
        for rule, want in cases:
            facts.check("%s is %s" % (rule, want), got.get(rule) == want, got.get(rule))
        facts.check("a broken rule fails the check", status == 1)
        lines = open(file, encoding="utf-8").read().splitlines()
        facts.check("each rule is found at its line", all(c["check"] in json.loads("[%s]" % lines[c["line"] - 1].strip().rstrip(","))[0]
                                                         for c in answer["checks"]))
        folder.change("price_cut.json", lambda x: x.update(expect=[{"rule": "units > match:units", "severity": "warn", "why": "a hope"}]))
        status, answer = check(file)
        facts.check("what only warns does not fail", status == 0 and verdicts(answer) == {"units > match:units": "warn"})
        facts.check("the reason is said", "a hope" in answer["checks"][0]["message"])
        facts.check("with --strict it fails", check(file, "--strict")[0] == 1)
        promotions = ["promotions.summer < 0", "promotions.calendar.commission < 0", "promotions.summer.lift > 5%", "promotions.summer.net.p90 > 1M"]
        folder.change("default.json", lambda x: x.update(expect=promotions))
        _, answer = check(folder.file("default.json"), "--paths", 600)
        facts.check("what promotions earn", list(verdicts(answer).values()) == ["pass", "pass", "pass", "fail"], verdicts(answer))
        for rule, word in (("margn_frac > 1", "margin_frac"), ("contribution", "comparison"), ("P(revenue > 1) > 3", "chance"), ("P(revenue > 1", "')'"),
                           ("by.segment.nobody.units > 1", "nobody"), ("P(by.segment.all.units > 1) > 50%", "headline"), ("contribution > nothing", "PLAN"),
                           ("contribution > no_such_plan:contribution", "no_such_plan"), ("series.revenue > 1", "@DATE"), ("npv > 1", "npv"),
                           ("contribution > 5 apples", "number"), ("funnel.lead.conversion > 0", "lead")):
            folder.change("price_cut.json", lambda x, rule=rule: x.update(expect=[rule]))
            status, out, err = call("check", file, "--paths", 200)
            facts.check("%s is refused" % rule, status == 3 and word in out + err, (status, err[:200]))


def baselines(facts):
    """Exactly the same; the same draws after a change; tolerances; what is new or gone."""
    with Folder("minimal.json", "price_cut.json") as folder:
        file, base = folder.file("minimal.json"), folder.file("minimal.baseline.json")
        status, out, _ = call("accept", folder.path)
        facts.check("accept writes a baseline beside each scenario", status == 0 and os.path.exists(base) and
                    os.path.exists(folder.file("price_cut.baseline.json")), out)
        text = open(base, encoding="utf-8").read()
        stored = json.loads(text, object_pairs_hook=without_duplicates)
        facts.check("figures are sorted", list(stored["figures"]) == sorted(stored["figures"]) and list(stored["batch_means"]) == list(stored["figures"]))
        call("accept", file)
        facts.check("accepting again changes no byte", open(base, encoding="utf-8").read() == text)
        status, answer = check(folder.path)
        facts.check("an unchanged scenario is exactly its baseline", status == 0 and len(answer["checks"]) == 2 and
                    all("exactly" in c["message"] for c in answer["checks"]) and "moved" not in answer, answer)
        call("accept", file, "--paths", 500, "--seed", 7)
        status, answer = check(file)
        facts.check("nor has one changed that was accepted with other futures", status == 0 and answer["checks"][0]["message"].endswith("exactly as the baseline"), answer["checks"])
        call("accept", file)
        status, answer = check(folder.path, "--quick")
        facts.check("also in an eighth of the futures", status == 0 and all("exactly" in c["message"] for c in answer["checks"]), answer)
        folder.change("minimal.json", lambda x: x.update({"// why": "a comment", "expect": ["units > 1"]}))
        status, answer = check(file)
        facts.check("comments and rules are no change", status == 0 and "exactly" in answer["checks"][-1]["message"])
        folder.change("minimal.json", lambda x: x["offers"]["service"].update(unit_cost=2505))
        status, answer = check(file)
        moved = {m["figure"]: m["moved"] for m in answer["moved"]}
        facts.check("a cost of 0.2 % more shows in money left, not in sales", status == 1 and moved.get("contribution") == "yes" and
                    not {"revenue", "units", "leads"} & set(moved), moved)
        status, answer = check(file, "--quick")
        facts.check("and in an eighth of the futures", status == 1 and "contribution" in {m["figure"] for m in answer["moved"] if m["moved"] == "yes"})
        folder.change("minimal.json", lambda x: x["offers"]["service"].update(unit_cost=2501))
        status, answer = check(file)
        facts.check("a change within the tolerance is said and passes", status == 0 and {m["moved"] for m in answer["moved"]} == {"small"}, answer)
        call("accept", file, "--tolerance", "contribution=0.001%", "--tolerance", "goals.half_year=3")
        folder.change("minimal.json", lambda x: x["offers"]["service"].update(unit_cost=2502))
        status, answer = check(file)
        facts.check("tolerances are the baseline's own", status == 1 and
                    [m["figure"] for m in answer["moved"] if m["moved"] == "yes"] == ["contribution"], answer["moved"])
        call("accept", file)
        facts.check("accept keeps them", folder.read("minimal.baseline.json")["tolerance"] == {"default": "0.1%", "contribution": "0.001%", "goals.half_year": 3})
        folder.change("minimal.json", lambda x: x.pop("promotions"))
        status, answer = check(file)
        facts.check("a figure that is gone fails", status == 1 and {"promotion_cost": "gone"}.items() <= {m["figure"]: m["moved"] for m in answer["moved"]}.items())
        call("accept", file)
        folder.change("minimal.baseline.json", lambda x: (x["figures"].pop("units"), x["batch_means"].pop("units")))
        status, answer = check(file)
        facts.check("a new one is said and passes", status == 0 and {m["figure"]: m["moved"] for m in answer["moved"]} == {"units": "new"}, answer)
        os.remove(base)
        status, answer = check(file, "--set", "/expect=[]")
        facts.check("without rules and baseline there is nothing to check, which is said", status == 0 and answer["checks"][0]["verdict"] == "cannot tell")
        for damage in ("{", "{}", '{"format": "pricesim-baseline/1"}', json.dumps(dict(stored, batch_means={})), json.dumps(dict(stored, run={}))):
            with open(base, "w", encoding="utf-8") as out:
                out.write(damage)
            status, answer = check(file)
            facts.check("a damaged baseline is an error: %s" % damage[:30], status == 3 and answer["checks"][0]["verdict"] == "error", answer)


def ci(facts):
    """Formats for CI servers, exit codes, and that a machine accepts nothing."""
    with Folder("minimal.json", "price_cut.json") as folder:
        call("accept", folder.path)
        before = open(folder.file("minimal.baseline.json"), "rb").read()
        status, _, err = call("accept", folder.path, env=dict(WITHOUT_CI, CI="true"))
        facts.check("accept is refused in CI", status == 2 and "CI" in err and open(folder.file("minimal.baseline.json"), "rb").read() == before)
        folder.change("minimal.json", lambda x: (x["offers"]["service"].update(unit_cost=2600),
                                                 x.update(name="<script>&\"]]>", expect=["contribution < 5 ", {"rule": "units < 1", "severity": "warn"}])))
        folder.write("broken.json", {"pricesim": 1})
        folder.write("definition.json", {"segments": {}})
        status, out, _ = call("check", folder.path, "--format", "junit", "-q")
        suites = xml.etree.ElementTree.fromstring(out)
        counts = {os.path.basename(s.get("name")): [int(s.get(k)) for k in ("tests", "failures", "skipped")] for s in suites}
        facts.check("JUnit counts", counts["minimal.json"] == [3, 2, 1] and counts["price_cut.json"] == [1, 0, 0], counts)
        facts.check("a broken scenario is an error there", any(int(s.get("errors")) > 0 for s in suites if s.get("name").endswith("broken.json")))
        facts.check("a definition file is no scenario", "definition.json" not in counts)
        facts.check("a scenario that cannot be read decides the exit code", status == 3)
        os.remove(folder.file("broken.json"))
        status, out, _ = call("check", folder.path, "--format", "github", "-q")
        lines = out.splitlines()
        facts.check("annotations have file and line", status == 1 and sum(x.startswith("::error file=") for x in lines) == 2 and
                    sum(x.startswith("::warning file=") for x in lines) == 1 and all(",line=" in x for x in lines[:-1]), out)
        status, out, _ = call("check", folder.path, "-o", folder.file("r.md"), "-q")
        page = open(folder.file("r.md"), encoding="utf-8").read()
        facts.check("Markdown for a pull request", status == 1 and "## Failed" in page and "What moved" in page and "| contribution |" in page, page)
        facts.check("no such folder", call("check", folder.file("nowhere"))[0] == 4)
        facts.check("a folder without scenarios", call("check", os.path.join(ROOT, "docs"))[0] == 2)


def planted(facts):
    """Contribution 1 % lower by a higher cost, the draws shared: found with every one of 20 seeds."""
    found = 0
    with Folder("minimal.json") as folder:
        file, base = folder.file("minimal.json"), folder.read("minimal.json")
        for seed in range(1, 21):
            folder.write("minimal.json", base)
            call("accept", file, "--seed", seed)
            margin = folder.read("minimal.baseline.json")["figures"]
            units = margin["units"]["mean"] if "units" in margin else margin["orders"]["mean"]
            more = 0.01 * margin["contribution"]["mean"] / units
            folder.change("minimal.json", lambda x, more=more: x["offers"]["service"].update(unit_cost=2500 + more))
            status, answer = check(file)
            found += status == 1 and {"contribution": "yes"}.items() <= {m["figure"]: m["moved"] for m in answer["moved"]}.items()
    facts.check("a margin moved by 1 % is found with 20 of 20 seeds", found == 20, found)


def clean(facts):
    """Other draws of the same model: 25 baselines, each against 40 other seeds."""
    failed, seen = 0, set()
    with Folder("minimal.json") as folder:
        file, base = folder.file("minimal.json"), folder.file("minimal.baseline.json")
        for k in range(25):
            call("accept", file, "--seed", k + 1, "--paths", 300)
            stored = folder.read("minimal.baseline.json")
            for n in range(40):
                # Another stream with another seed: as if the random numbers of the program had changed.
                folder.write("minimal.baseline.json", dict(stored, stream=0, run={"seed": str(1000 + 40 * k + n), "paths": 300}))
                status, out, _ = call("check", file, "-q", "--format", "github")
                failed += status == 1
                seen.add(out.splitlines()[-1])
        os.remove(base)
    facts.check("of 1,000 clean checks with other draws at most 3 fail", failed <= 3, failed)
    facts.check("they were made", seen <= {"1 checks, 0 failed", "1 checks, 1 failed"} and seen, seen)


def stored(facts):
    """diff: of two results, or of a result and a baseline."""
    with Folder("price_cut.json") as folder:
        file, a, b, c = folder.file("price_cut.json"), folder.file("a.json"), folder.file("b.json"), folder.file("c.json")
        for path, more in ((a, ()), (b, ("--plan", "match")), (c, ("--seed", 2))):
            call("run", file, "-q", "--paths", 640, "-o", path, *more)
        call("accept", file, "--paths", 640)
        diff = lambda x, y: json.loads(call("diff", x, y, "--format", "json")[1])
        facts.check("a result and its baseline do not differ", diff(a, folder.file("price_cut.baseline.json"))["verdict"] == ["No figure differs."])
        moved = {m["figure"]: m for m in diff(a, b)["moved"]}
        one, two = (json.load(open(x, encoding="utf-8")) for x in (a, b))
        facts.check("both means are there", all(m["baseline"] == one["summary"][k]["mean"] and m["now"] == two["summary"][k]["mean"] for k, m in moved.items()))
        facts.check("another plan moved units, not leads", moved["units"]["moved"] == "yes" and moved["leads"]["moved"] == "no")
        facts.check("another seed is noise", not any(m["moved"] == "yes" for m in diff(a, c)["moved"]))
        facts.check("a scenario is no result", call("diff", a, file)[0] == 3 and call("diff", a, "nowhere.json")[0] == 4)


def begun(facts):
    """init: a scenario that runs, its schema, and CI files whose steps do what they say."""
    with Folder() as folder:
        status, out, _ = call("init", folder.path)
        facts.check("init writes a scenario and its schema", status == 0 and len(out.splitlines()) == 2, out)
        facts.check("the scenario is valid", call("validate", folder.file("scenario.json"))[0] == 0)
        facts.check("init overwrites nothing", call("init", folder.path)[0] == 4)
        facts.check("init --ci", call("init", folder.path, "--ci")[0] == 0)
        call("accept", folder.file("scenario.json"), "--paths", 640)
        github = open(folder.file(".github/workflows/pricesim.yml"), encoding="utf-8").read()
        gitlab = open(folder.file(".gitlab-ci.yml"), encoding="utf-8").read()
        step = github.split("Check the scenarios")[1].split("run: |")[1]
        job = gitlab.split("script:\n    - ")[2].splitlines()[0]
        env = dict(os.environ, GITHUB_STEP_SUMMARY=folder.file("summary.md"), CI="true")
        for want in (0, 1):
            for name, script in (("GitHub", step), ("GitLab", job)):
                script = script.replace("/tmp/pricesim/build/pricesim", PROGRAM).replace("/tmp/checks.md", folder.file("checks.md"))
                done = subprocess.run(["sh", "-c", script], cwd=folder.path, env=env, capture_output=True, text=True, check=False)
                facts.check("%s's step ends with %d" % (name, want), done.returncode == want, done.stdout + done.stderr)
            folder.change("scenario.json", lambda x: x["offers"]["service"].update(unit_cost=2700))
        facts.check("the summary holds the verdict", "## Failed" in open(folder.file("summary.md"), encoding="utf-8").read())
        suites = xml.etree.ElementTree.parse(folder.file("checks.xml")).getroot()
        facts.check("JUnit counts the failure", [int(x.get("failures")) for x in suites] == [1])


def main():
    facts = Facts()
    for part in (begun, stored, rules, baselines, ci, planted, clean):
        part(facts)
    return facts.close()


if __name__ == "__main__":
    sys.exit(main())
