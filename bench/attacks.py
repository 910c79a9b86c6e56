#!/usr/bin/python3
"""What one client's question costs upstream when the zones are an attacker's: faultzone's own
resolver and each other that is installed, run by `faultzone exec` inside the same scenarios. Counted
are the queries that reach simulated servers, over UDP and TCP, from the question until a second after
its answer; priming of the root is left out. The worst of some seeds is shown, and the answer's code.
With --markdown also: what a client hears when somebody forges answers.

    bench_attacks [--markdown] [--runs N] [ATTACK...]

--markdown prints docs/attacks.md."""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

BUILD = Path(__file__).resolve().parents[1]
PROGRAM = BUILD / "cli" / "faultzone"
SCENARIOS = BUILD.parent / "scenarios" / "attack"
PATIENCE_S = 20  # of the client
LINGER_S = 1  # after the answer: what a resolver still sends then counts too
LIMIT = 100  # upstream queries for one client's question

# The scenario, the question, what it is.
ATTACKS = [
    ("nxns", "x1.evil.example", "A", "NXNSAttack: a referral to 150 servers that do not exist"),
    ("nrdelegation", "x1.evil.example", "A", "NRDelegation: a referral to 150 names of one server that refuses"),
    ("tsuname", "www.one.example", "A", "TsuNAME: two zones that need each other"),
    ("aliases-times-labels", "l1.l2.l3.l4.l5.l6.l7.l8.l9.c1.example", "A", "CAMP: 11 aliases, each 10 labels deep"),
    ("aliases-times-referrals", "www." + "".join(f"l{i}." for i in range(9, 0, -1)) + "c1.example", "A", "CAMP: 11 aliases, each behind 10 delegations"),
    ("referrals-without-end", "x1.evil.example", "A", "iDNS: servers whose addresses lead to further servers"),
    ("referrals-that-branch", "x1.evil.example", "A", "the same, five servers each time"),
    ("referrals-label-by-label", ".".join(f"z{i:02}" for i in range(34, -1, -1)) + ".example", "A", "35 delegations, one label each"),
    ("a-very-deep-name", ".".join(f"l{i}" for i in range(60)) + ".customer.example", "TXT", "minimisation: a name of 62 labels"),
    ("aliases-from-zone-to-zone", "www.c1.example", "A", "20 aliases through 20 zones"),
    ("alias-loops", "ping.evil.example", "A", "two aliases that name each other"),
    ("never-content", "www.ladder.example", "A", "servers that want every question put otherwise"),
    ("names-at-silent-servers", "x1.customer.example", "A", "silent servers"),
    ("tcp-framing", "k.long.example", "TXT", "TCP: a length that never comes"),
]

KEY = "k1._domainkey.customer.example"

# The scenario, the questions, what the true answer to the last one holds, what it is.
FORGERIES = [
    ("spoof-near-miss", [f"{KEY} TXT"], "p=MII", "the port is known, 50 IDs are tried"),
    ("spoof-letter-case", [f"{KEY} TXT"], "p=MII", "port and ID are known, the letter case is not"),
    ("spoof-wrong-source", ["www.customer.example A"], "192.0.2.10", "all is known, but it comes from another port"),
    ("spoof-header-only", ["a.customer.example A"], "192.0.2.11", "TuDoor: bare headers before each answer"),
    ("spoof-truncation", [f"{KEY} TXT"], "p=MII", "a forged answer with TC"),
    ("spoof-lucky-referral", ["r1.customer.example A", f"{KEY} TXT"], "p=MII", "Kaminsky's referral of the zone, all guessed right"),
    ("poison-beside-the-answer", ["www.customer.example A", "www.bank.example A"], "192.0.2.12", "beside an answer: another domain's address"),
    ("poison-beside-the-answer", ["www.customer.example A", "mail.customer.example A"], "192.0.2.11", "beside an answer: other name servers for the zone"),
    ("poison-dname", ["r1.customer.example A", "www.customer.example A"], "192.0.2.11", "a DNAME for the whole zone"),
    ("poison-glue", ["www.sub.evil.example A", "www.victim.org A"], "192.0.2.10", "glue for somebody else's name server"),
]

# The name for --resolver, how it tells its version, and what to take of that.
RESOLVERS = [
    ("builtin", [PROGRAM, "--version"], r"faultzone (\S+)"),
    ("unbound", ["unbound", "-V"], r"Version (\S+)"),
    ("named", ["named", "-V"], r"BIND (\S+)"),
    ("kresd", ["kresd", "--version"], r"version (\S+)"),
    ("pdns-recursor", ["pdns_recursor", "--version"], r"Recursor (\S+)"),
]


def version(command, pattern):
    """What the program says of itself; None if it is not there."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    found = re.search(pattern, done.stdout + done.stderr)
    return found.group(1) if found else "unknown"


def is_counted(query):
    """True of a query to a simulated server, but for those that fill in the root's servers."""
    name = query["name"].lower()
    return query["server"] != "resolver" and name != "." and not name.endswith("root-servers.net.")


def fair(scenario):
    """The scenario without what spares faultzone's own resolver half of the servers' addresses."""
    text = (SCENARIOS / f"{scenario}.yaml").read_text(encoding="utf-8")
    return re.sub(r"^resolver: \{ipv6: false\}\n", "", text, flags=re.MULTILINE)


def attack(resolver, scenario, name, rrtype, seed):
    """One question: how many queries it made, and how it ended."""
    asking = f"dig +tries=1 +time={PATIENCE_S} '{name}' {rrtype}; sleep {LINGER_S}"
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        path = Path(folder) / f"{scenario}.yaml"
        path.write_text(fair(scenario), encoding="utf-8")
        done = subprocess.run(
            [PROGRAM, "exec", "--resolver", resolver, "--seed", str(seed), "--log", f"jsonl:{log}",
             path, "--", "sh", "-c", asking],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    if done.returncode >= 125:
        raise RuntimeError(done.stderr.strip() or f"status {done.returncode}")
    status = re.search(r"status: (\w+)", done.stdout)
    queries = sum(1 for event in events if event["event"] == "query" and is_counted(event))
    return queries, status.group(1) if status else "no answer"


def ask(questions):
    """A command that asks one after another and shows what is said to the last."""
    digs = [f"dig +tries=1 +time={PATIENCE_S} {question}" for question in questions]
    return "; ".join([f"{dig} >/dev/null" for dig in digs[:-1]] + digs[-1:])


def forge(resolver, scenario, questions, truth):
    """What comes of forged answers: the truth, the forger's word, or no answer."""
    done = subprocess.run(
        [PROGRAM, "exec", "--resolver", resolver, SCENARIOS / f"{scenario}.yaml", "--", "sh", "-c", ask(questions)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode >= 125:
        raise RuntimeError(done.stderr.strip() or f"status {done.returncode}")
    status = re.search(r"status: (\w+)", done.stdout)
    if status is None:
        return "no answer"
    if truth in done.stdout:
        return "the truth"
    return "**the forger's**" if status.group(1) in ("NOERROR", "NXDOMAIN") else status.group(1)


def worst(resolver, scenario, name, rrtype, runs):
    return max(attack(resolver, scenario, name, rrtype, seed) for seed in range(1, runs + 1))


def measure(attacks, resolvers, runs):
    """(queries, status) by attack and resolver."""
    table = {}
    for scenario, name, rrtype, _ in attacks:
        for resolver in resolvers:
            table[scenario, resolver] = worst(resolver, scenario, name, rrtype, runs)
            queries, status = table[scenario, resolver]
            print(f"{scenario} {resolver}: {queries} {status}", file=sys.stderr)
    return table


def outcomes(resolvers):
    """What each resolver's client hears, by the forgery's words and the resolver."""
    heard = {}
    for scenario, questions, truth, words in FORGERIES:
        for resolver in resolvers:
            heard[words, resolver] = forge(resolver, scenario, questions, truth)
            print(f"{words}, {resolver}: {heard[words, resolver]}", file=sys.stderr)
    return heard


def peak(table, attacks, resolver):
    return max(table[row[0], resolver][0] for row in attacks)


def print_text(table, attacks, resolvers, _runs):
    print(f"{'upstream queries':28}" + "".join(f"{name:>20}" for name in resolvers))
    for row in attacks:
        cells = (f"{queries} {status}" for queries, status in (table[row[0], name] for name in resolvers))
        print(f"{row[0]:28}" + "".join(f"{cell:>20}" for cell in cells))
    print(f"{'the worst':28}" + "".join(f"{peak(table, attacks, name):>20}" for name in resolvers))


HEAD = """# What attacks cost

<!-- made by `bench_attacks --markdown`; edit bench/attacks.py instead -->

One client asks one question whose zones are an attacker's. How many queries does the resolver send to
find that out? Below, faultzone's own resolver and those of Debian 12 stand side by side, each sealed
inside the same scenario by `faultzone exec --resolver`, with the configuration that `exec` writes and
every limit at its default, over IPv4 and IPv6. (Faultzone's own does not minimise names by itself: it
does where the scenario is about that.) Counted are the queries that reached simulated servers, over UDP and TCP,
until a second after the answer; those that fill in the root's servers are left out. Each cell is the
worst of {runs} seeds, with the response code that the client got in the end (it waits {patience} seconds).
"""

MIDDLE = """
## What forged answers do

Here somebody answers first: from off the path, knowing as much as the row says, or as a server that
tells more than it was asked. Shown is what the client hears in the end, to this question or to the next.
"""

TAIL = """
The scenarios are those of `scenarios/attack`, where each asserts its outcome and the number of queries of
faultzone's own resolver; forged answers, poisoned caches and broken TCP are there too. The bound of {limit}
queries for one client's question is [the policy](reference/scenario.md#the-resolvers-policy) `queries-max`.

Some cells want a word. Letter case saves who varies it: Knot Resolver by itself, faultzone's own because
the scenario says so. A bare header before every answer spoils each new try of a resolver that takes it
for the server's word; and where a zone's name servers were moved, SERVFAIL means that the forger's were
asked, who serve nothing here. What takes real programs seconds of real time may come out a query or two
different on another machine. CAMP ends in an answer where a resolver's bounds let it come that far: that
is no fault, only a price. A resolver that gives up after a few queries is not always the better one:
`referrals-label-by-label` and `aliases-from-zone-to-zone` are legal, and only long.

To make this page anew, with all four installed, on a quiet machine:

```sh
meson compile -C build
build/bench/bench_attacks --markdown >docs/attacks.md
```
"""


def print_markdown(table, attacks, resolvers, runs):
    print(HEAD.format(runs=runs, patience=PATIENCE_S))
    print("| Attack | " + " | ".join(resolvers.values()) + " |")
    print("|---" * (len(resolvers) + 1) + "|")
    for scenario, _, _, words in attacks:
        cells = (f"{queries} {status}" for queries, status in (table[scenario, name] for name in resolvers))
        print(f"| [{words}](../scenarios/attack/{scenario}.yaml) | " + " | ".join(cells) + " |")
    print("| **The worst** | " + " | ".join(f"**{peak(table, attacks, name)}**" for name in resolvers) + " |")
    print(MIDDLE)
    print("| Forgery | " + " | ".join(resolvers.values()) + " |")
    print("|---" * (len(resolvers) + 1) + "|")
    heard = outcomes(resolvers)
    for scenario, _, _, words in FORGERIES:
        cells = (heard[words, name] for name in resolvers)
        print(f"| [{words}](../scenarios/attack/{scenario}.yaml) | " + " | ".join(cells) + " |")
    print(TAIL.format(limit=LIMIT), end="")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--markdown", action="store_true", help="print docs/attacks.md")
    parser.add_argument("--runs", type=int, default=3, help="seeds for each cell (default 3)")
    parser.add_argument("attack", nargs="*", help="scenarios of scenarios/attack (default: all of the table)")
    options = parser.parse_args()
    attacks = [row for row in ATTACKS if not options.attack or row[0] in options.attack]
    resolvers = {}
    for name, command, pattern in RESOLVERS:
        told = version(command, pattern)
        if told is None:
            print(f"{name} is left out: it is not installed", file=sys.stderr)
        else:
            resolvers[name] = f"{name} {told}"
    table = measure(attacks, resolvers, options.runs)
    (print_markdown if options.markdown else print_text)(table, attacks, resolvers, options.runs)
    return 1 if peak(table, attacks, "builtin") > LIMIT else 0


sys.exit(main())
