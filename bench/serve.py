#!/usr/bin/python3
"""Answers a second, and what one costs: a simulated server of `faultzone serve`, beside NSD, Knot DNS
and BIND with the same zone, and beside a bare echo on libuv. All on loopback, each on one core, with
one client that has 64 questions under way. Targets: on a par with NSD and Knot DNS, at least 75% of
the echo, under 20 MB.

    bench_serve [ROUNDS [SECONDS]]"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import race

ROUNDS, SECONDS = 7, 1.5
RATIO_TARGET, ECHO_TARGET, MEMORY_TARGET = 0.95, 0.75, 20  # on a par: within what rounds differ by


def start_serve(racer, folder):
    racer.server = race.start(
        [race.PROGRAM, "serve", "--json", "--control-socket", "none", folder / "scenario.yaml"],
        race.SERVER_CORE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    ready = json.loads(racer.server.stdout.readline())
    for server in ready["servers"]:
        if server["name"] == f"ns1.{race.ZONE}" and server["real"].startswith("127."):
            return int(server["real"].rsplit(":", 1)[1])
    raise RuntimeError(f"no name server of {race.ZONE} among {ready['servers']}")


def start_echo(racer, folder):
    del folder
    port = race.free_port()
    racer.server = race.start([race.BENCH / "dns_echo", port], race.SERVER_CORE)
    return port


def start_quietly(racer, folder, command):
    with open(folder / f"{racer.name}.log", "w", encoding="utf-8") as log:
        racer.server = race.start(command, race.SERVER_CORE, stdout=log, stderr=log)


def start_nsd(racer, folder):
    port = race.free_port()
    (folder / "nsd.conf").write_text(
        f"""server:
  ip-address: 127.0.0.1@{port}
  server-count: 1
  rrl-ratelimit: 0
  do-ip6: no
  username: ""
  chroot: ""
  database: ""
  zonesdir: "{folder}"
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd.state"
  xfrdir: "{folder}"
  zonelistfile: "{folder}/zone.list"
remote-control:
  control-enable: no
zone:
  name: {race.ZONE}
  zonefile: zone
"""
    )
    start_quietly(racer, folder, ["nsd", "-d", "-c", folder / "nsd.conf"])
    return port


def start_knot(racer, folder):
    port = race.free_port()
    (folder / "knot.conf").write_text(
        f"""server:
  listen: 127.0.0.1@{port}
  rundir: {folder}
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
database:
  storage: {folder}
zone:
  - domain: {race.ZONE}
    storage: {folder}
    file: zone
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
"""
    )
    start_quietly(racer, folder, ["knotd", "-c", folder / "knot.conf"])
    return port


def start_named(racer, folder):
    port = race.free_port()
    (folder / "named.conf").write_text(
        f"""options {{
  directory "{folder}";
  pid-file none;
  session-keyfile none;
  managed-keys-directory "{folder}";
  listen-on port {port} {{ 127.0.0.1; }};
  listen-on-v6 {{ none; }};
  recursion no;
  minimal-responses yes;
}};
controls {{ }};
zone "{race.ZONE}" {{ type primary; file "{folder}/zone"; }};
"""
    )
    start_quietly(racer, folder, ["named", "-f", "-n", "1", "-c", folder / "named.conf"])
    return port


CONTENDERS = [
    ("serve", None, start_serve),
    ("NSD", "nsd", start_nsd),
    ("Knot DNS", "knotd", start_knot),
    ("BIND", "named", start_named),
    ("echo", None, start_echo),
]


def enter(name, program, start, folder):
    racer = race.Racer(name)
    if program is not None and not race.is_installed(program):
        racer.leave_out(f"{program} is not installed")
        return racer
    try:
        port = start(racer, folder)
        racer.flood = race.flood_at(port, folder)
        racer.wait()
        racer.take_place(race.children_of(racer.server.pid))
    except (RuntimeError, OSError) as trouble:
        racer.leave_out(str(trouble))
    return racer


def main():
    rounds, seconds = race.options(ROUNDS, SECONDS)
    racers = []
    with tempfile.TemporaryDirectory(prefix="faultzone-bench-") as name:
        folder = Path(name)
        race.write_world(folder)
        try:
            for contender in CONTENDERS:
                racers.append(enter(*contender, folder))
            ours = racers[0]
            if ours.absent is not None:
                print(f"serve: {ours.absent}", file=sys.stderr)
                return 1
            race.run(racers, rounds, seconds)
        finally:
            for racer in racers:
                racer.end()
    print(f"an authoritative server on loopback, {rounds} rounds of {seconds} s each, medians")
    race.put_table(racers, ours)
    by_name = {racer.name: racer for racer in racers if racer.absent is None}
    for peer, wanted in [("NSD", RATIO_TARGET), ("Knot DNS", RATIO_TARGET), ("echo", ECHO_TARGET)]:
        if peer in by_name:
            race.put_target(ours, by_name[peer], wanted)
    verdict = "" if ours.memory < MEMORY_TARGET else "   MISSED"
    print(f"serve has {ours.memory:.1f} MB resident, target under {MEMORY_TARGET}{verdict}")
    return 0


sys.exit(main())
