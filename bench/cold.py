#!/usr/bin/python3
"""CPU time of a cold look-up on real sockets: faultzone's resolver and each real one that is
installed, in the same simulated internet (`faultzone exec`) and in turn. Every look-up asks for the
DKIM key of a customer that nobody has asked for before: a referral, a CNAME, a second zone, a TXT
record; what lies above is known from the first few.

    bench_cold [ROUNDS]

A real resolver is a process of its own, whose CPU time is read from the kernel, and the servers are
another. Faultzone's own runs in one process with the servers, all packets over sockets as with
others; what is compared is the sum of both. Queries are counted by the datagrams that arrive, two
each."""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

BUILD = Path(__file__).resolve().parents[1]
PROGRAM = BUILD / "cli" / "faultzone"
RESOLVERS = ["builtin", "builtin, minimising", "unbound", "named", "kresd", "pdns-recursor"]
CUSTOMERS, WARM = 400, 40
ROUNDS = 5
KEY = "v=DKIM1; k=rsa; p=" + "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A" * 7

# Runs inside: process 1 is faultzone, process 2 the resolver if that is another. Sixteen questions
# are under way at a time.
CLIENT = r"""
import socket, struct, sys, pathlib
first, last = int(sys.argv[1]), int(sys.argv[2])
def cpu(pid):
    tasks = pathlib.Path(f"/proc/{pid}/task")
    return sum(int((t / "schedstat").read_text().split()[0]) for t in tasks.iterdir()) if tasks.exists() else 0
def datagrams():
    rows = [l.split() for l in open("/proc/net/snmp") if l.startswith("Udp:")]
    v6 = [l.split()[1] for l in open("/proc/net/snmp6") if l.startswith("Udp6InDatagrams")]
    return int(rows[1][rows[0].index("InDatagrams")]) + int(v6[0])
def query(i):
    labels = f"k1._domainkey.c{i}.com".split(".")
    name = b"".join(bytes([len(l)]) + l.encode() for l in labels) + b"\0"
    return struct.pack(">6H", i, 0x0100, 1, 0, 0, 1) + name + struct.pack(">2HBHHIH", 16, 1, 0, 41, 1232, 0, 0)
def ask(first, last):
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    door.settimeout(8)
    waiting, next_one = set(), first
    while next_one < last or waiting:
        while next_one < last and len(waiting) < 16:
            door.sendto(query(next_one), ("127.0.0.1", 53)); waiting.add(next_one); next_one += 1
        reply = door.recv(4096)
        number, flags, _, answers = struct.unpack(">4H", reply[:8])
        if flags & 15 or answers != 2:
            raise SystemExit(f"c{number}: flags {flags:04x}, {answers} answers")
        waiting.discard(number)
ask(0, first)
before = cpu(1), cpu(2) if pathlib.Path("/proc/2/comm").read_text().strip() != "python3" else 0, datagrams()
ask(first, last)
after = cpu(1), cpu(2) if pathlib.Path("/proc/2/comm").read_text().strip() != "python3" else 0, datagrams()
print(*(b - a for a, b in zip(before, after)))
"""


def write_scenario(path, minimises):
    with open(path, "w", encoding="ascii") as file:
        file.write("scenario: many customers\nzones:\n  mailer.net:\n    records: |\n")
        for i in range(CUSTOMERS):
            file.write(f'      k{i}.dkim 300 TXT "{KEY}"\n')
        for i in range(CUSTOMERS):
            file.write(f"  c{i}.com:\n    provider: cloudflare\n    records: |\n"
                       f"      k1._domainkey 300 CNAME k{i}.dkim.mailer.net.\n")
        file.write("resolver: {cache-octets: 8388608, lookups-max: 64, "
                   f"qname-minimisation: {minimises}}}\nsteps: []\n")


def run(name, folder):
    resolver, _, minimises = name.partition(", ")
    scenario = Path(folder) / "customers.yaml"
    write_scenario(scenario, "true" if minimises else "false")
    command = [PROGRAM, "exec", "--resolver", resolver, scenario, "--",
               "/usr/bin/python3", "-c", CLIENT, str(WARM), str(CUSTOMERS)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"status {done.returncode}")
    host, own, datagrams = (int(word) for word in done.stdout.split())
    lookups = CUSTOMERS - WARM
    return host / lookups / 1000, own / lookups / 1000, datagrams / lookups / 2 - 1


def collect(rounds):
    """Median (CPU of faultzone's process, of the resolver's, queries) of a look-up, by resolver."""
    seen = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for name in RESOLVERS:
                try:
                    seen.setdefault(name, []).append(run(name, folder))
                except RuntimeError as trouble:
                    print(f"{name:20} left out: {trouble}")
    return {name: [statistics.median(column) for column in zip(*rows)] for name, rows in seen.items()}


def main():
    rows = collect(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
    print("CPU time of a cold look-up, median of rounds")
    for name, (host, own, queries) in rows.items():
        process = f"{own:7.1f} us" if own > 0 else "the same  "
        print(f"{name:20} with its servers {host + own:7.1f} us   its own process {process}   {queries:5.2f} upstream queries")
    best = min((own for _, own, _ in rows.values() if own > 0), default=None)
    if best is not None and "builtin" in rows:
        host = rows["builtin"][0]
        print(f"builtin, servers included: {host / best:.2f} of the best peer's own process; target: under 0.5")
    return 0


sys.exit(main())
