# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs in parts: merged shards have the bytes of the whole run, whoever ran them and however many there are; what does not
make up a run is refused, and nothing is written then; a run that was interrupted goes on."""
import json
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "support"))
from driver import PROGRAM, ROOT, Facts  # noqa: E402
from random_scenario import random_scenario  # noqa: E402

SCENARIO = os.path.join(ROOT, "scenarios", "default.json")
MAGIC, HEAD = 24, 24 + 3 * 8
SCHEDULERS = ("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_COUNT", "AWS_BATCH_JOB_ARRAY_INDEX",
              "AWS_BATCH_JOB_ARRAY_SIZE", "JOB_COMPLETION_INDEX")


def fnv(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 % (1 << 64)
    return value


class Place:
    """A folder to work in."""

    def __init__(self, folder):
        self.folder = folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def pricesim(self, *arguments, text=None, env=None):
        clean = {k: v for k, v in os.environ.items() if k not in SCHEDULERS}
        done = subprocess.run([PROGRAM, *map(str, arguments)], cwd=self.folder, input=text, capture_output=True, timeout=120,
                              stdin=None if text else subprocess.DEVNULL, env=dict(clean, **(env or {})), check=False)
        self.out, self.said = done.stdout, done.stderr.decode(errors="replace")
        return done.returncode

    def bytes(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)

    def shards(self, run, n, stem="s", **how):
        """Runs all parts; their names, the last one first."""
        names = ["%s%d.shard" % (stem, i) for i in range(n, 0, -1)]
        for i, name in zip(range(n, 0, -1), names):
            if self.pricesim(*run, "-q", "--shard", "%d/%d" % (i, n), "-o", name, **how) != 0:
                raise RuntimeError(self.said)
        return names


def same_as_whole(facts, place, fact, run, n, **how):
    """The report of the shards is that of the whole, warnings too."""
    status = place.pricesim(*run, "--format", "json", **how)
    whole, said = place.out, place.said
    names = place.shards(run, n, **how)
    again = place.pricesim("merge", *names, "--format", "json")
    facts.check("%s: %d shards" % (fact, n), status == again == 0 and place.out == whole and place.said == said and len(whole) > 5000,
                (status, again, place.said[:200]))


def equal_bytes(facts, place):
    scenarios = os.path.join(ROOT, "scenarios")
    for name in sorted(os.listdir(scenarios)):
        if name.endswith(".json") and not name.endswith(".baseline.json"):
            same_as_whole(facts, place, name, ("run", os.path.join(scenarios, name), "--paths", 200), 3)
    for n in (1, 2, 7, 40):  # 16 batches of paths: some of 40 shards are empty
        same_as_whole(facts, place, "any number", ("run", SCENARIO, "--paths", 1000), n)
    same_as_whole(facts, place, "more batches than items", ("run", SCENARIO, "--paths", 34000, "--attribution", "none"), 3)
    same_as_whole(facts, place, "all attributed", ("run", SCENARIO, "--paths", 300, "--attribution", "all"), 4)
    for k in range(7000, 7012):
        scenario = json.dumps(random_scenario(k)).encode()
        for counts in ("whole", "expected"):
            run = ("run", "-", "--paths", 150, "--set", "/run/counts=" + counts)
            if place.pricesim(*run, text=scenario) == 0:
                same_as_whole(facts, place, "random %d, %s" % (k, counts), run, 3, text=scenario)
    run = ("run", SCENARIO, "--paths", 500, "--set", "/run/parameters=centre", "--plan", "authority")
    same_as_whole(facts, place, "a plan at the centre", run, 3)
    for suffix in ("txt", "csv", "html", "md"):
        place.pricesim(*run, "-q", "-o", "whole." + suffix)
        place.pricesim("merge", "s1.shard", "s2.shard", "s3.shard", "-q", "-o", "merged." + suffix)
        facts.check("the report as " + suffix, place.bytes("whole." + suffix) == place.bytes("merged." + suffix))


def other_machines(facts, place):
    """Shards of any thread number and instruction set, merged where the scenario is not."""
    folder = place.path("made")
    os.mkdir(folder)
    there = Place(folder)
    os.mkdir(there.path("parts"))
    shutil.copyfile(os.path.join(ROOT, "scenarios", "minimal.json"), there.path("base.json"))
    there.write("costs.csv", b"week,cost\n" + b"".join(b"%d,%d\n" % (w, 2400 + w % 200) for w in range(1, 200)))
    there.write("parts/promotions.json", b'{"autumn": {"kind": "percent_off", "value": "20%", "from": "2026-05-04", "to": "2026-05-17", "reach": "60%"}}\n')
    there.write("s.json", json.dumps({"extends": "base.json", "promotions": "parts/promotions.json", "offers": {
        "service": {"unit_cost": {"empirical": "costs.csv:cost"}}}}).encode())
    run = ("run", "s.json", "--paths", "500")
    there.pricesim(*run, "--format", "json", "--threads", 1)
    whole, said = there.out, there.said
    for i, (threads, isa) in enumerate(((1, "baseline"), (3, "v3"), (2, "v4"))):
        there.pricesim(*run, "-q", "--threads", threads, "--shard", "%d/3" % (i + 1), "-o", "%d.shard" % i, env={"PRICESIM_ISA": isa})
    for i in range(3):
        shutil.move(there.path("%d.shard" % i), place.path("%d.shard" % i))
    before = there.bytes("costs.csv")
    there.write("costs.csv", before.replace(b"2500", b"2501"))
    there.pricesim(*run, "-q", "--shard", "1/3", "-o", "x.shard")
    shutil.move(there.path("x.shard"), place.path("x.shard"))
    shutil.rmtree(folder)
    status = place.pricesim("merge", "0.shard", "1.shard", "2.shard", "--format", "json")
    facts.check("files of the scenario are in the shards", status == 0 and place.out == whole and place.said == said, place.said[:200])
    status = place.pricesim("merge", "x.shard", "1.shard", "2.shard")
    facts.check("another text of a file is another run", status == 3 and "another text" in place.said, (status, place.said))


def refused(facts, place, fact, word, names, exit_status=3):
    place.write("old.json", b"old")
    status = place.pricesim("merge", *names, "-q", "-o", "old.json")
    facts.check("refused: " + fact, status == exit_status and word in place.said and place.bytes("old.json") == b"old" and not place.out,
                (status, place.said[:300]))
    left = [n for n in os.listdir(place.folder) if n.startswith(".pricesim")]
    facts.check("refused: %s: nothing is left over" % fact, not left, left)


def patched(place, name, data):
    """A shard whose checksum holds."""
    place.write(name, data + struct.pack("<Q", fnv(data)))


def refusals(facts, place):
    run = ("run", SCENARIO, "--paths", 300, "--attribution", "none")
    place.shards(run, 3)
    all_of = ("s1.shard", "s2.shard", "s3.shard")
    data = place.bytes("s2.shard")
    refused(facts, place, "a missing shard", "futures 65 to 192 of 300 are in no shard", ("s1.shard", "s3.shard"))
    refused(facts, place, "the last is missing", "futures 193 to 300 of 300", all_of[:2])
    refused(facts, place, "a shard twice", "holds futures that s2.shard holds, too", (*all_of, "s2.shard"))
    place.shards(run, 2, "t")
    refused(facts, place, "overlapping shards", "holds futures that", ("t1.shard", *all_of[1:]))
    for cut in (0, 10, MAGIC, HEAD - 1, HEAD + 100, len(data) // 2, len(data) - 1):
        place.write("cut.shard", data[:cut])
        refused(facts, place, "cut off at %d" % cut, "cut.shard: error[SHARD]", ("s1.shard", "cut.shard", "s3.shard"))
    place.write("long.shard", data + b"x")
    refused(facts, place, "a byte too many", "damaged", ("s1.shard", "long.shard", "s3.shard"))
    rng = random.Random(5)
    for _ in range(40):
        at = rng.randrange(MAGIC, len(data))
        place.write("bad.shard", data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1:])
        refused(facts, place, "a bit of byte %d" % at, "bad.shard: error[SHARD]", ("s1.shard", "bad.shard", "s3.shard"))
    for fact, change, word in (("the scenario", ("--set", "/calendar/periods=51"), "is of scenario"), ("the seed", ("--seed", 2), "is of scenario"),
                               ("the paths", ("--paths", 301), "is of scenario"),
                               ("the attribution", ("--attribution", "all"), "of the run")):
        status = place.pricesim(*run, "-q", *change, "--shard", "2/3", "-o", "other.shard")
        facts.check("a shard of other " + fact, status == 0, place.said)
        refused(facts, place, "a shard of other " + fact, word, ("s1.shard", "other.shard", "s3.shard"))
    length, = struct.unpack_from("<q", data, HEAD)
    version = data[HEAD + 8:HEAD + 8 + length]
    patched(place, "new.shard", data[:-8].replace(version, version[:-1] + b"9", 1))
    refused(facts, place, "another version of the program", "made by pricesim", ("new.shard", "s1.shard", "s3.shard"))
    stream = HEAD + 8 + length + 1
    patched(place, "new.shard", data[:stream] + struct.pack("<q", 77) + data[stream + 8:-8])
    refused(facts, place, "other random numbers", "random stream 77", ("s1.shard", "new.shard", "s3.shard"))
    place.write("big.shard", data[:MAGIC] + data[MAGIC:MAGIC + 8][::-1] + data[MAGIC + 8:])
    refused(facts, place, "another order of bytes", "order of bytes", ("s1.shard", "big.shard", "s3.shard"))
    refused(facts, place, "no shard at all", "not a shard file", (SCENARIO,))
    refused(facts, place, "no file", "NOT_FOUND", ("none.shard", "s1.shard"), 4)
    refused(facts, place, "a folder", "NOT_FILE", (".",), 4)
    place.pricesim("merge", "cut.shard", "none.shard", "s1.shard")
    facts.check("all that is wrong is said", "cut.shard" in place.said and "none.shard" in place.said, place.said)


def never_crashes(facts, place):
    """Bytes changed behind a checksum that holds: refused, or a report; nothing else."""
    run = ("run", os.path.join(ROOT, "scenarios", "minimal.json"), "--paths", 64)
    place.shards(run, 1)
    data, rng, wrong = place.bytes("s1.shard")[:-8], random.Random(6), []
    recipe, = struct.unpack_from("<q", data, MAGIC + 16)
    size = 40000  # the checksum is slow in Python: the recipe and the beginning of the shard
    body = HEAD + recipe
    places = [rng.randrange(HEAD, body) for _ in range(30)] + [rng.randrange(body, body + 24) for _ in range(10)] + \
             [rng.randrange(len(data) - size, len(data)) for _ in range(30)]
    for at in places:
        patched(place, "bad.shard", data[:at] + bytes([rng.randrange(256)]) + data[at + 1:])
        status = place.pricesim("merge", "bad.shard", "--format", "json")
        if status not in (0, 3, 5) and not (status == 4 and at < body):  # the name of a file may have changed
            wrong.append((at, status, place.said[:100]))
    facts.check("changed shards never crash it", not wrong, wrong[:3])


def schedulers(facts, place):
    run = ("run", SCENARIO, "--paths", 300, "--attribution", "none", "-q")
    place.shards(run, 3)
    slurm = {"SLURM_ARRAY_TASK_ID": "12", "SLURM_ARRAY_TASK_MIN": "10", "SLURM_ARRAY_TASK_COUNT": "3"}
    batch = {"AWS_BATCH_JOB_ARRAY_INDEX": "2", "AWS_BATCH_JOB_ARRAY_SIZE": "3"}
    for fact, env, value in (("Slurm", slurm, "auto"), ("AWS Batch", batch, "auto"), ("Kubernetes", {"JOB_COMPLETION_INDEX": "2"}, "auto/3"),
                             ("Slurm, with the number", slurm, "auto/3")):
        status = place.pricesim(*run, "--shard", value, "-o", "auto.shard", env=env)
        facts.check("a task of " + fact, status == 0 and place.bytes("auto.shard") == place.bytes("s3.shard"), (status, place.said))
        os.remove(place.path("auto.shard"))
    for fact, env, value, word in (
            ("no scheduler", {}, "auto", "no task of"), ("two schedulers", {**batch, "JOB_COMPLETION_INDEX": "2"}, "auto", "both"),
            ("Kubernetes without the number", {"JOB_COMPLETION_INDEX": "2"}, "auto", "auto/N"),
            ("an index beyond", {**batch, "AWS_BATCH_JOB_ARRAY_INDEX": "3"}, "auto", "3 tasks from 0"),
            ("an index that is none", {"JOB_COMPLETION_INDEX": "two"}, "auto/3", "'two'"),
            ("an index before the first", {**slurm, "SLURM_ARRAY_TASK_ID": "9"}, "auto", "from 10"),
            ("no size", {"AWS_BATCH_JOB_ARRAY_INDEX": "1"}, "auto", "AWS_BATCH_JOB_ARRAY_SIZE is ''"),
            ("part 0", {}, "0/3", "I/N expected"), ("part 4 of 3", {}, "4/3", "I/N expected"), ("no number", {}, "3", "I/N expected"),
            ("words", {}, "one/three", "I/N expected"), ("nothing", {}, "", "I/N expected"), ("a sign", {}, "+1/3", "I/N expected"),
            ("too many", {}, "1/100001", "I/N expected"), ("auto/0", {}, "auto/0", "I/N expected")):
        status = place.pricesim(*run, "--shard", value, "-o", "auto.shard", env=env)
        facts.check("--shard: " + fact, status == 2 and word in place.said and not os.path.exists(place.path("auto.shard")), (status, place.said))
    for fact, options, word in (("without -o", (), "-o"), ("to standard output", ("-o", "-"), "-o"),
                                ("with a format", ("-o", "x.shard", "--format", "json"), "without --format"),
                                ("with a checkpoint", ("-o", "x.shard", "--checkpoint", "c"), "--checkpoint")):
        facts.check("--shard " + fact, place.pricesim(*run, "--shard", "1/3", *options) == 2 and word in place.said, place.said)
    facts.check("a shard cannot be written", place.pricesim(*run, "--shard", "1/3", "-o", "none/x.shard") == 4, place.said)


def example(facts, place):
    """The job for Slurm, with the variables that Slurm sets."""
    script = os.path.join(ROOT, "examples", "cluster", "slurm.sh")
    os.symlink(PROGRAM, place.path("pricesim"))
    for i in range(3):
        env = dict(os.environ, PATH=place.folder + ":" + os.environ["PATH"], SLURM_ARRAY_TASK_ID=str(i), SLURM_ARRAY_TASK_MIN="0",
                   SLURM_ARRAY_TASK_COUNT="3", SLURM_CPUS_PER_TASK="2")
        done = subprocess.run(["sh", script, SCENARIO, "300"], cwd=place.folder, env=env, capture_output=True, check=False)
        facts.check("slurm.sh, task %d" % i, done.returncode == 0, done.stderr)
    place.pricesim("run", SCENARIO, "--paths", 300, "--format", "json", "-q")
    whole = place.out
    place.pricesim("merge", *("shards/%d.shard" % i for i in range(3)), "--format", "json", "-q")
    facts.check("slurm.sh: the merged run", place.out == whole, place.said)


def kept(facts, place):
    """What is there is not run again; what is not whole is."""
    run = ("run", SCENARIO, "--paths", 300, "--attribution", "none", "--shard", "1/3", "-o", "k.shard")
    place.pricesim(*run, "-q")
    whole, before = place.bytes("k.shard"), os.stat(place.path("k.shard")).st_ino
    facts.check("a shard that is there is said", place.pricesim(*run) == 0 and "already" in place.said, place.said)
    facts.check("a shard that is there stays", os.stat(place.path("k.shard")).st_ino == before)
    for fact, data in (("cut off", whole[:-100]), ("damaged", whole[:-100] + b"0" + whole[-99:]), ("empty", b""), ("no shard", b"{}")):
        place.write("k.shard", data)
        facts.check("a shard that is %s is run again" % fact, place.pricesim(*run, "-q") == 0 and place.bytes("k.shard") == whole, place.said)
    place.pricesim(*run, "-q", "--seed", 2)
    facts.check("a shard of another run is replaced", place.bytes("k.shard") != whole)


def checkpoints(facts, place):
    run = ("run", SCENARIO, "--paths", 4000, "-q")
    place.pricesim(*run, "-o", "whole.json")
    status = place.pricesim(*run, "--checkpoint", "kept", "-o", "parts.json")
    facts.check("a run in parts", status == 0 and place.bytes("whole.json") == place.bytes("parts.json"), place.said)
    files = sorted(os.listdir(place.path("kept")))
    os.remove(place.path("kept/" + files[3]))
    place.write("kept/" + files[5], b"half")
    before = {f: os.stat(place.path("kept/" + f)).st_mtime_ns for f in files if f not in (files[3], files[5])}
    status = place.pricesim(*run, "--checkpoint", "kept", "-o", "again.json")
    after = {f: os.stat(place.path("kept/" + f)).st_mtime_ns for f in before}
    facts.check("it goes on", status == 0 and place.bytes("whole.json") == place.bytes("again.json") and before == after, place.said)
    status = place.pricesim(*run, "--seed", 2, "--checkpoint", "kept", "-o", "other.json")
    facts.check("a folder of another run", status == 3 and "another run" in place.said and not os.path.exists(place.path("other.json")), place.said)
    place.write("file", b"")
    facts.check("a file is no folder", place.pricesim(*run, "--checkpoint", "file") == 4 and "file" in place.said, place.said)
    long = ("run", SCENARIO, "--paths", "60000", "-q", "--attribution", "none", "--threads", "1")
    killed = 0
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
        work = subprocess.Popen([PROGRAM, *long, "--checkpoint", "killed", "-o", "killed.json"], cwd=place.folder, stderr=subprocess.PIPE)
        deadline = time.time() + 60
        count = len(os.listdir(place.path("killed"))) if os.path.isdir(place.path("killed")) else 0
        while time.time() < deadline and work.poll() is None:
            if os.path.isdir(place.path("killed")) and len(os.listdir(place.path("killed"))) > count:
                break
            time.sleep(0.005)
        work.send_signal(number)
        said = work.communicate()[1].decode()
        killed += work.returncode != 0
        if work.returncode > 0:
            facts.check("signal %d: says how to go on" % number, work.returncode == 128 + number and "the same command goes on" in said,
                        (work.returncode, said))
        facts.check("signal %d: no report" % number, work.returncode == 0 or not os.path.exists(place.path("killed.json")))
    facts.check("it was killed", killed >= 1, killed)
    place.pricesim(*long, "-o", "whole.json")
    place.pricesim(*long, "--checkpoint", "killed", "-o", "killed.json")
    facts.check("killed and gone on", place.bytes("whole.json") == place.bytes("killed.json"), place.said)


def precision(facts, place):
    """As many futures as it takes, and the result of a run with so many."""
    for fact, run, text in (("a file", ("run", SCENARIO), None),
                            ("standard input", ("run", "-"), place_bytes(SCENARIO))):
        status = place.pricesim(*run, "--paths", 100, "--precision", "1.5%", "--format", "json", text=text)
        asked, said = place.out, place.said
        result = json.loads(asked)
        paths, part = result["run"]["paths"], [result["summary"][m]["se"] / abs(result["summary"][m]["mean"])
                                               for m in ("revenue", "contribution", "units")]
        facts.check("--precision, %s: reached" % fact, status == 0 and max(part) <= 0.015 and paths in (200, 400, 800, 1600, 3200, 6400), (status, paths, part))
        place.pricesim(*run, "--paths", paths, "--format", "json", text=text)
        facts.check("--precision, %s: the bytes of a run with so many" % fact, place.out == asked and place.said == said, place.said)
    place.pricesim("run", SCENARIO, "--paths", paths // 2, "--format", "json", "-q")
    half = json.loads(place.out)["summary"]
    facts.check("--precision: half as many are too few", max(half[m]["se"] / abs(half[m]["mean"]) for m in ("revenue", "contribution", "units")) > 0.015)
    status = place.pricesim("run", SCENARIO, "--paths", 300, "--precision", "50%", "--format", "json", "-q")
    facts.check("--precision: enough at once", status == 0 and json.loads(place.out)["run"]["paths"] == 300, place.said)
    status = place.pricesim("run", SCENARIO, "--paths", 300, "--precision", "0.0002%", "-q", "-o", "x.json")
    facts.check("--precision: more than can be run", status == 5 and "would take more than" in place.said and not os.path.exists(place.path("x.json")), place.said)
    for value in ("0", "x", "", "%", "100%", "1", "-1%", "0.00001%", "nan"):
        facts.check("--precision %s" % value, place.pricesim("run", SCENARIO, "--precision", value) == 2 and "0.5%" in place.said, place.said)
    facts.check("--precision with --shard", place.pricesim("run", SCENARIO, "--precision", "1%", "--shard", "1/2", "-o", "x") == 2)
    facts.check("--precision with --checkpoint", place.pricesim("run", SCENARIO, "--precision", "1%", "--checkpoint", "x") == 2)


def place_bytes(file):
    with open(file, "rb") as opened:
        return opened.read()


def main():
    facts = Facts()
    for part in (equal_bytes, other_machines, refusals, never_crashes, schedulers, example, kept, checkpoints, precision):
        folder = tempfile.mkdtemp()
        try:
            part(facts, Place(folder))
        finally:
            shutil.rmtree(folder)
    return facts.close()


if __name__ == "__main__":
    sys.exit(main())
