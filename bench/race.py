"""What the benchmarks with real peers share: one zone told to all in their own ways, the questions
about it, servers each on one core, and rounds in which they take turns, so that a busy moment
strikes all alike. Nothing is compared across runs."""

import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

BENCH = Path(__file__).resolve().parent
PROGRAM = BENCH.parent / "cli" / "faultzone"
FLOOD = BENCH / "dns_flood"
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, CLIENT_CORE = {CORES[0]}, {CORES[-1]}
ZONE = "example.com"
NAMES = 200  # of each kind
STARTUP_S = 20
os.environ["PATH"] = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"  # where daemons live

# A 2048-bit RSA key's public half: what most answers about DKIM carry. Nobody has the private one.
KEY = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA0Mi1ZbalFRcpxsXtoK7zbN76nPr4NFWTXYgnuj8HMRKLiheg8AKegChO"
    "ttXmHWqOFEiIM7+a6b7Xsq5rAgLQ+eWb3rqq4153WoXq226mpTLLMVb5jjt1xqktlyUaVYq4AvOiOe2Xc1g8MV8UK/2ghSUqDSWX"
    "WBuKo03EAkWEFYOp0vCQxg2erusZnL2A6u+v4P2Si2dMNVsq6wtwImB80KN/VmTpGldl2f4L3mIM83ItiYDnAlO7+uc4IOsUMl+o"
    "4h/+LDsVwdhmiSCscKX8ktjlaKHWy1qeMO7QG+ic/DF5WdrUytARpGKIRt/fYrngOTreQcNu5dYY7NPG5kF+6wIDAQAB"
)


def records():
    """The zone's lines beside SOA and NS: keys, addresses, aliases."""
    for i in range(NAMES):
        yield f's{i}._domainkey 3600 TXT ( "v=DKIM1; k=rsa; p={KEY[:230]}" "{KEY[230:]}" )'
        yield f"host{i} 3600 A 192.0.2.{i % 250 + 1}"
        yield f"alias{i} 3600 CNAME host{i}"


def questions():
    """Of each kind as many: a key, an address, an alias that leads to one, a type that is not there,
    a name that is not."""
    for i in range(NAMES):
        yield f"s{i}._domainkey.{ZONE}. TXT"
        yield f"host{i}.{ZONE}. A"
        yield f"alias{i}.{ZONE}. A"
        yield f"host{i}.{ZONE}. TXT"
        yield f"none{i}.{ZONE}. A"


def write_world(folder):
    """scenario.yaml, zone (of RFC 1035) and questions."""
    lines = "".join(f"      {record}\n" for record in records())
    (folder / "scenario.yaml").write_text(
        f"scenario: what is asked in a benchmark\nlatency: 0s\nzones:\n  {ZONE}:\n    records: |\n{lines}"
    )
    (folder / "zone").write_text(
        f"$ORIGIN {ZONE}.\n$TTL 3600\n@ SOA ns1 hostmaster 1 7200 3600 1209600 300\n@ NS ns1\n@ NS ns2\n"
        "ns1 A 192.0.2.251\nns2 A 192.0.2.252\n" + "\n".join(records()) + "\n"
    )
    (folder / "questions").write_text("\n".join(questions()) + "\n")


def is_installed(program):
    return shutil.which(program) is not None


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# --- processes -----------------------------------------------------------------------------------


def children_of(pid):
    """It and all below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*"):
        for child in (task / "children").read_text().split():
            found += children_of(int(child))
    return found


def cpu_seconds(pids):
    """Of all threads, user and system together."""
    total = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").glob("*"):
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def resident_mb(pids):
    kilobytes = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                kilobytes += int(line.split()[1])
    return kilobytes / 1024


def start(command, core, **more):
    # A group of its own: a keyboard's interrupt is for the benchmark, which then ends all.
    process = subprocess.Popen([str(part) for part in command], start_new_session=True, **more)
    os.sched_setaffinity(process.pid, core)
    return process


def stop(process):
    if process is not None and process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Flood:
    """A client under way."""

    def __init__(self, process):
        self.process = process

    def tell(self, order):
        self.process.stdin.write(order + "\n")
        self.process.stdin.flush()
        words = self.process.stdout.readline().split()
        if not words:
            raise RuntimeError("the client has ended")
        return {
            "answers": int(words[0]),
            "seconds": float(words[1]),
            "given_up": int(words[2]),
            "strange": int(words[3]),
            "rcodes": dict(word.split(":") for word in words[4:]),
        }


def flood_at(port, folder):
    command = [FLOOD, "127.0.0.1", port, folder / "questions"]
    return Flood(start(command, CLIENT_CORE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))


class Racer:
    """One server, the client that asks it, and what was measured."""

    def __init__(self, name):
        self.name = name
        self.absent = None
        self.server = self.flood = None
        self.pids = []  # the server's
        self.rates, self.costs = [], []
        self.memory = 0
        self.given_up = self.strange = 0

    def leave_out(self, why):
        self.absent = why
        self.end()

    def wait(self):
        """Until everything is answered."""
        deadline = time.monotonic() + STARTUP_S
        while self.flood.tell(f"ask {5 * NAMES}")["answers"] < 5 * NAMES:
            if time.monotonic() > deadline or (self.server is not None and self.server.poll() is not None):
                raise RuntimeError("it does not answer")
            time.sleep(0.2)

    def take_place(self, pids):
        """The server's processes, now that it answers: all on one core. The answers must be those
        that were meant."""
        self.pids = pids
        told = self.flood.tell(f"ask {5 * NAMES}")
        if self.name != "echo" and told["rcodes"] != {"0": str(4 * NAMES), "3": str(NAMES)}:
            raise RuntimeError(f"it answers otherwise than it should: {told}")
        for pid in self.pids:
            for task in Path(f"/proc/{pid}/task").glob("*"):
                os.sched_setaffinity(int(task.name), SERVER_CORE)

    def race(self, seconds):
        before = cpu_seconds(self.pids)
        told = self.flood.tell(f"for {seconds}")
        self.costs.append((cpu_seconds(self.pids) - before) * 1e6 / max(told["answers"], 1))
        self.rates.append(told["answers"] / told["seconds"])
        self.given_up += told["given_up"]
        self.strange += told["strange"]
        self.memory = resident_mb(self.pids)

    def end(self):
        if self.flood is not None:
            self.flood.process.stdin.close()
            stop(self.flood.process)
        stop(self.server)
        self.server = self.flood = None


# --- the race ------------------------------------------------------------------------------------


def median_ratio(ours, theirs):
    """Of rounds that were run one after the other."""
    return statistics.median(a / b for a, b in zip(ours, theirs))


def run(racers, rounds, seconds):
    there = [racer for racer in racers if racer.absent is None]
    for _ in range(rounds):
        for racer in there:
            racer.race(seconds)


def put_table(racers, ours):
    print(f"{'':14} {'answers/s':>10} {'CPU us':>8} {'RSS MB':>8} {'rate, ours/its':>15} {'CPU, its/ours':>14}")
    for racer in racers:
        if racer.absent is not None:
            print(f"{racer.name:14} absent: {racer.absent}")
            continue
        rate = median_ratio(ours.rates, racer.rates)
        cost = median_ratio(racer.costs, ours.costs)
        print(
            f"{racer.name:14} {statistics.median(racer.rates):10.0f} {statistics.median(racer.costs):8.2f}"
            f" {racer.memory:8.1f} {rate:15.2f} {cost:14.2f}"
            + (f"   {racer.given_up} given up" if racer.given_up else "")
            + (f"   {racer.strange} strange" if racer.strange else "")
        )


def put_target(ours, theirs, wanted):
    """On a busy machine the rate says who else wanted the core; what an answer costs still holds."""
    rate, cost = median_ratio(ours.rates, theirs.rates), median_ratio(theirs.costs, ours.costs)
    print(
        f"{ours.name} / {theirs.name}: rate {rate:.2f}, CPU {cost:.2f}, target at least {wanted}"
        f"{'' if max(rate, cost) >= wanted else '   MISSED'}"
    )


def options(rounds, seconds):
    """Rounds and seconds a round from the command line."""
    words = sys.argv[1:]
    return (int(words[0]) if words else rounds), (float(words[1]) if len(words) > 1 else seconds)
