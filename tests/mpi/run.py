# SPDX-License-Identifier: GPL-3.0-or-later
"""One run by many ranks: the bytes of a run by one; ranks that disagree, fail, are killed, hang or are cut off end the job
within the deadline, with a message, and nothing is written; parts that were kept are not run again."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "support"))
from driver import PROGRAM, ROOT, Facts  # noqa: E402
from random_scenario import random_scenario  # noqa: E402

MPI = PROGRAM + "-mpi"
DEFAULT = os.path.join(ROOT, "scenarios", "default.json")
MPIRUN = ["mpirun", "--oversubscribe"] + (["--allow-run-as-root"] if os.getuid() == 0 else [])
LONG = ("run", DEFAULT, "--paths", "400000", "--attribution", "none", "--mpi", "-q")
# Time beside the deadline in which a job has to be gone: mpirun gives processes a second to end, twice; machines are slow.
GRACE = 20


class Place:
    """A folder to work in."""

    def __init__(self, folder):
        self.folder = folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def bytes(self, name):
        try:
            with open(self.path(name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def run(self, *command, given=b""):
        done = subprocess.run([str(c) for c in command], cwd=self.folder, capture_output=True, timeout=120, input=given, check=False)
        self.out, self.said = done.stdout, done.stderr.decode(errors="replace")
        return done.returncode

    def ranks(self, n, *arguments, given=b""):
        return self.run(*MPIRUN, "-n", n, MPI, *arguments, given=given)

    def start(self, n, *arguments, command=None):
        """A job in the background, and when all its ranks are there."""
        with open(self.path("log"), "wb") as log:
            job = subprocess.Popen([*(command or MPIRUN), "-n", str(n), MPI, *arguments], cwd=self.folder, stdout=log, stderr=log,
                                   stdin=subprocess.DEVNULL)
        return job

    def end(self, job, limit):
        """Exit status, seconds, what was said; None when it did not end."""
        begin = time.time()
        try:
            job.wait(timeout=limit)
        except subprocess.TimeoutExpired:
            job.kill()
        return job.poll(), time.time() - begin, self.bytes("log").decode(errors="replace")


def processes_of(job):
    """Ranks that this mpirun started here, in their order."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name, encoding="utf-8", errors="replace") as file:
                    state = file.read().rsplit(")", 1)[1].split()
                with open("/proc/%s/cmdline" % name, "rb") as file:
                    program = file.read().split(b"\0")[0].decode()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(state[1]) == job.pid and program == MPI:
                found.append(int(name))
    return sorted(found)


def until(condition, limit=60):
    end = time.time() + limit
    while not condition() and time.time() < end:
        time.sleep(0.02)
    return condition()


def same_bytes(facts, place):
    run = ("run", DEFAULT, "--paths", 3000)
    place.run(PROGRAM, *run, "--format", "json")
    whole, said = place.out, place.said
    for n, threads in ((1, 2), (2, 1), (3, 2), (4, 1)):
        status = place.ranks(n, *run, "--mpi", "--threads", threads, "-o", "out.json")
        facts.check("%d ranks, %d threads" % (n, threads), status == 0 and place.bytes("out.json") == whole and place.said == said,
                    (status, place.said[:300]))
    status = place.ranks(3, *run, "--mpi", "--format", "json")
    facts.check("only rank 0 writes to standard output", status == 0 and place.out == whole, (status, len(place.out)))
    status = place.run(MPI, *run, "--mpi", "--format", "json")
    facts.check("without mpirun it is one rank", status == 0 and place.out == whole, place.said[:300])
    status = place.run(MPI, *run, "--format", "json")
    facts.check("pricesim-mpi without --mpi is pricesim", status == 0 and place.out == whole, place.said[:300])
    for k in range(7100, 7104):
        name, counts = place.path("random.json"), ("whole", "expected")[k % 2]
        with open(name, "w", encoding="utf-8") as file:
            json.dump(random_scenario(k), file)
        for paths in (40, 2500):  # fewer paths than parts, and more
            random = ("run", name, "--paths", paths, "--set", "/run/counts=" + counts)
            status = place.run(PROGRAM, *random, "--format", "json")
            whole, said = place.out, place.said
            if status == 0:
                place.ranks(3, *random, "--mpi", "-o", "out.json")
                facts.check("random %d, %s, %d paths" % (k, counts, paths), place.bytes("out.json") == whole and place.said == said,
                            place.said[:300])
    for suffix in ("txt", "csv"):
        place.run(PROGRAM, *run, "-o", "whole." + suffix, "-q")
        place.ranks(2, *run, "--mpi", "-o", "ranks." + suffix, "-q")
        facts.check("the report as " + suffix, place.bytes("whole." + suffix) == place.bytes("ranks." + suffix))


def as_many_as_it_takes(facts, place):
    """--precision: one run after the other with more futures, by the same ranks."""
    for precision, paths in (("20%", 100), ("1%", 200)):
        run = ("run", DEFAULT, "--paths", paths, "--precision", precision)
        place.run(PROGRAM, *run, "--format", "json")
        whole, said = place.out, place.said
        reached = json.loads(whole)["run"]["paths"]
        facts.check("precision %s takes more runs than one, or not" % precision, (reached > paths) == (precision == "1%"), reached)
        for n in (1, 2, 3):
            status = place.ranks(n, *run, "--mpi", "--format", "json")
            facts.check("precision %s, %d ranks" % (precision, n), status == 0 and place.out == whole and place.said == said,
                        (status, place.said[:300]))
    job = place.start(3, "run", DEFAULT, "--paths", "200", "--precision", "0.02%", "--mpi", "-q", "-o", "out.json", "--deadline", "3")
    until(lambda: len(processes_of(job)) == 3)
    time.sleep(3.0)  # some runs later
    for pid in processes_of(job)[1:2]:
        os.kill(pid, signal.SIGTERM)
    status, _, said = place.end(job, 3 + GRACE)
    facts.check("precision: a rank that is terminated in a later run", status == 130 and "rank 1 (" in said, (status, said[-600:]))


def from_standard_input(facts, place):
    """Only rank 0 has it; files that it names are read by all."""
    with open(DEFAULT, "rb") as file:
        text = file.read()
    shutil.copyfile(DEFAULT, place.path("base.json"))
    for fact, given, more in (("a scenario", text, ()), ("with changes", text, ("--set", "/run/counts=expected", "--plan", "match")),
                              ("that extends a file", b'{"extends": "base.json", "name": "more"}', ()),
                              ("with a precision", text, ("--precision", "2%"))):
        run = ("run", "-", "--paths", 300, *more, "--format", "json")
        alone = place.run(PROGRAM, *run, given=given)
        whole, said = place.out, place.said
        status = place.ranks(3, *run, "--mpi", given=given)
        facts.check("standard input: " + fact, alone == 0 and status == 0 and place.out == whole and place.said == said,
                    (alone, status, place.said[:300]))
    status = place.ranks(2, "run", "-", "--mpi", given=b"{")
    facts.check("standard input: a fault is said once", status == 3 and place.said.count("error[") == 1, (status, place.said[:300]))


def disagreements(facts, place):
    """Each rank with a command line of its own."""
    shutil.copyfile(os.path.join(ROOT, "scenarios", "minimal.json"), place.path("a.json"))
    run = ["run", "a.json", "--paths", "500", "--mpi", "-o", "out.json"]
    with open(MPI, "rb") as file:
        program = file.read()
    place.run(MPI, "version")
    version = place.out.split()[1]
    with open(place.path("other"), "wb") as file:
        file.write(program.replace(version + b"\0", version[:-1] + b"9\0"))
    os.chmod(place.path("other"), 0o755)
    for fact, second, word, exit_status in (
            ("another scenario", [MPI, "run", DEFAULT, *run[2:]], "its scenario is", 3),
            ("another seed", [MPI, *run, "--seed", "2"], "its scenario is", 3),
            ("another number of paths", [MPI, "run", "a.json", "--paths", "501", "--mpi"], "its scenario is", 3),
            ("another attribution", [MPI, *run, "--attribution", "all"], "its options or the texts", 3),
            ("a scenario that is not there", [MPI, "run", "b.json", "--mpi"], "no such file", 4),
            ("an option that is none", [MPI, *run, "--threads", "x"], "--threads", 2),
            ("another version", [place.path("other"), *run], "it runs pricesim", 3)):
        status = place.run(*MPIRUN, "-n", 1, MPI, *run, ":", "-n", 1, *second)
        facts.check("rank 1 has %s" % fact, status == exit_status and word in place.said and "rank 1 (" in place.said and
                    place.bytes("out.json") is None, (status, place.said[:600]))
    status = place.run(*MPIRUN, "-n", 1, MPI, *run, ":", "-n", 1, MPI, *run, "--threads", 2)
    facts.check("threads may differ", status == 0 and place.bytes("out.json"), place.said[:300])
    os.remove(place.path("out.json"))
    for fact, arguments, word, exit_status in (
            ("no file", ("run", "none.json", "--mpi"), "NOT_FOUND", 4), ("--shard", ("run", "a.json", "--mpi", "--shard", "1/2", "-o", "x"), "--shard", 2),
            ("--precision with --checkpoint", ("run", "a.json", "--mpi", "--precision", "1%", "--checkpoint", "x"), "--precision", 2),
            ("a precision beyond reach", ("run", "a.json", "--mpi", "--precision", "1e-6"), "error[LIMIT]", 5),
            ("nothing on standard input", ("run", "-", "--mpi"), "error[SYNTAX]", 3),
            ("a place that cannot be written", ("run", "a.json", "--mpi", "-o", "none/x.json"), "none/x.json", 4),
            ("memory", ("run", "a.json", "--mpi", "--memory", "1M"), "--memory allows", 5)):
        status = place.ranks(3, *arguments)
        facts.check("said once: " + fact, status == exit_status and place.said.count(word) == 1, (status, place.said[:600]))
    for deadline in ("1", "x", "86401"):
        facts.check("--deadline " + deadline, place.run(MPI, *run, "--deadline", deadline) == 2, place.said)
    status = place.run(PROGRAM, *run)
    facts.check("pricesim has no MPI", status == 2 and "pricesim-mpi" in place.said and place.bytes("out.json") is None, place.said)


def lost(facts, place):
    for fact, number, rank, exit_status, word in (
            ("killed", signal.SIGKILL, 1, 137, "signal 9"), ("rank 0 killed", signal.SIGKILL, 0, 137, "signal 9"),
            ("hung", signal.SIGSTOP, 2, 124, "rank 2 ("), ("rank 0 hung", signal.SIGSTOP, 0, 124, "rank 0 ("),
            ("terminated", signal.SIGTERM, 1, 130, "rank 1 (")):
        job = place.start(3, *LONG, "--deadline", "3", "-o", "out.json")
        facts.check(fact + ": all ranks start", until(lambda: len(processes_of(job)) == 3))
        time.sleep(1.0)
        pids = processes_of(job)
        os.kill(pids[rank], number)
        status, seconds, said = place.end(job, 3 + GRACE)
        facts.check("%s: the job ends" % fact, status == exit_status and word in said, (status, seconds, said[-600:]))
        facts.check("%s: no rank stays" % fact, until(lambda: not any(os.path.exists("/proc/%d/exe" % p) for p in pids), 10))
        if exit_status == 124:
            facts.check("%s: says why" % fact, "has said nothing for 3 s" in said, said)
        left = [f for f in os.listdir(place.folder) if f != "log"]
        facts.check("%s: nothing is written" % fact, not left, left)
    job = place.start(3, "run", DEFAULT, "--paths", "30000", "--attribution", "none", "--mpi", "-q", "--deadline", "20", "-o", "out.json")
    until(lambda: len(processes_of(job)) == 3)
    pids = processes_of(job)
    for pid in pids[1:]:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(1.5)
    for pid in pids[1:]:
        os.kill(pid, signal.SIGCONT)
    status, _, said = place.end(job, 100)
    facts.check("a rank that comes back in time", status == 0 and place.bytes("out.json"), (status, said))


def goes_on(facts, place):
    """Killed in the middle; the rest by another number of ranks."""
    run = ("run", DEFAULT, "--paths", "40000", "--attribution", "none", "-q")
    kept = place.path("kept")
    job = place.start(3, *run, "--mpi", "--checkpoint", "kept", "-o", "out.json")
    facts.check("parts are kept", until(lambda: os.path.isdir(kept) and len(os.listdir(kept)) > 4))
    os.kill(processes_of(job)[1], signal.SIGKILL)
    status, _, said = place.end(job, GRACE)
    facts.check("killed", status == 137 and place.bytes("out.json") is None, (status, said))
    before = {f: os.stat(os.path.join(kept, f)).st_mtime_ns for f in os.listdir(kept) if f.endswith(".shard")}
    facts.check("some are there, some are not", 4 < len(before) < 64, len(before))
    status = place.ranks(2, *run, "--mpi", "--checkpoint", "kept", "-o", "out.json")
    after = {f: os.stat(os.path.join(kept, f)).st_mtime_ns for f in before}
    place.run(PROGRAM, *run, "-o", "whole.json")
    facts.check("it goes on with the bytes of one run", status == 0 and place.bytes("out.json") == place.bytes("whole.json"), place.said)
    facts.check("what was kept is not run again", before == after and len(os.listdir(kept)) == 64, len(os.listdir(kept)))
    status = place.ranks(2, *run, "--mpi", "--checkpoint", "kept", "-o", "again.json")
    facts.check("when all is there", status == 0 and place.bytes("again.json") == place.bytes("whole.json"), place.said)
    names = ["kept/" + f for f in sorted(os.listdir(kept))]
    status = place.run(PROGRAM, "merge", *names, "-q", "-o", "merged.json")
    facts.check("they are shards like others", status == 0 and place.bytes("merged.json") == place.bytes("whole.json"), place.said)
    status = place.ranks(2, *run, "--seed", 2, "--mpi", "--checkpoint", "kept", "-o", "other.json")
    facts.check("a folder of another run", status == 3 and "another run" in place.said and place.bytes("other.json") is None, place.said)


# Two machines that are network namespaces: mpirun in one reaches the other through `ip netns exec` instead of ssh.
NETWORK = """set -e
ip netns add $A; ip netns add $B
ip link add $A netns $A type veth peer name $B netns $B
ip -n $A addr add 10.77.0.1/24 dev $A; ip -n $B addr add 10.77.0.2/24 dev $B
for n in $A $B; do ip -n $n link set $n up; ip -n $n link set lo up; done
"""
KEEPALIVE = ("--mca", "oob_tcp_keepalive_time", "2", "--mca", "oob_tcp_keepalive_intvl", "1", "--mca", "oob_tcp_keepalive_probes", "3")


def behind(network):
    done = subprocess.run(["ip", "netns", "pids", network], capture_output=True, check=False)
    return [int(p) for p in done.stdout.split()]


def ranks_behind(network):
    found = []
    for pid in behind(network):
        try:
            with open("/proc/%d/cmdline" % pid, "rb") as file:
                found += [pid] if file.read().split(b"\0")[0].decode() == MPI else []
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found


def cut_off(facts, place):
    a, b = "psa%d" % os.getpid(), "psb%d" % os.getpid()
    names = {"A": a, "B": b}
    made = subprocess.run(["sh", "-c", NETWORK], env=dict(os.environ, **names), capture_output=True, check=False)
    try:
        if made.returncode != 0:
            facts.skipped += 2
            print("skipped: no network namespaces here: %s" % made.stderr.decode().strip()[:200])
            return
        with open(place.path("agent"), "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\nshift\nexec ip netns exec %s unshare -u sh -c \"hostname second; $*\"\n" % b)
        os.chmod(place.path("agent"), 0o755)
        command = ["ip", "netns", "exec", a, "unshare", "-u", "sh", "-c", "hostname first; exec \"$@\"", "sh", *MPIRUN, "--mca", "btl", "tcp,self",
                   "--mca", "plm_rsh_agent", place.path("agent"), *KEEPALIVE, "--host", "10.77.0.1:2,10.77.0.2:2"]
        run = ("run", DEFAULT, "--paths", "2000", "-q")
        place.run(PROGRAM, *run, "-o", "whole.json")
        status, _, said = place.end(place.start(4, *run, "--mpi", "-o", "out.json", command=command), 60)
        facts.check("two machines: the same bytes", status == 0 and place.bytes("out.json") == place.bytes("whole.json"), (status, said))
        os.remove(place.path("out.json"))
        # Keepalive (5 s) before the deadline: when mpirun has something on its way to the daemon, TCP only repeats it.
        job = place.start(4, *LONG, "--deadline", "10", "-o", "out.json", command=command)
        until(lambda: len(ranks_behind(b)) == 2)
        time.sleep(3)
        subprocess.run(["ip", "-n", b, "link", "set", b, "down"], check=True)
        status, seconds, said = place.end(job, 10 + GRACE)
        facts.check("two machines: cut off", status not in (0, None) and place.bytes("out.json") is None and
                    ("has said nothing for 10 s" in said or "lost communication with a remote daemon" in said), (status, seconds, said[-800:]))
        facts.check("two machines: no rank goes on behind the cut", until(lambda: not ranks_behind(b), GRACE), ranks_behind(b))
    finally:
        for pid in behind(b):  # Open MPI's daemon, which stays when its mpirun cannot be reached
            os.kill(pid, signal.SIGKILL)
        for name in names.values():
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


def main():
    facts = Facts()
    if not os.path.exists(MPI) or shutil.which("mpirun") is None:
        print("skipped: no pricesim-mpi, as Open MPI is not here")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    for part in (same_bytes, as_many_as_it_takes, from_standard_input, disagreements, lost, goes_on, cut_off):
        folder = tempfile.mkdtemp()
        try:
            part(facts, Place(folder))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return facts.close()


if __name__ == "__main__":
    sys.exit(main())
