#!/usr/bin/python3
"""Answers from a warm cache: the builtin resolver of `faultzone serve` beside Unbound, BIND, Knot
Resolver and PowerDNS Recursor, which `faultzone exec --resolver` runs inside the same simulated
internet. One thread each, all on one core, one client that has 64 questions under way and asks what
was asked before. Target: on a par with the best of them.

    bench_warm [ROUNDS [SECONDS]]"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import race

ROUNDS, SECONDS = 7, 1.5
RATIO_TARGET = 0.95  # on a par: within what rounds differ by


def enter_builtin(racer, folder):
    racer.server = race.start(
        [race.PROGRAM, "serve", "--json", "--control-socket", "none", folder / "scenario.yaml"],
        race.SERVER_CORE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    ready = json.loads(racer.server.stdout.readline())
    racer.flood = race.flood_at(ready["port"], folder)
    racer.wait()
    racer.take_place([racer.server.pid])


def is_running(pid, program):
    words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    return Path(words[0].decode()).name == program


def enter_foreign(racer, folder, resolver, program):
    """The client runs inside; what it asks is another process there."""
    with open(folder / f"{resolver}.log", "w", encoding="utf-8") as log:
        inside = race.start(
            [race.PROGRAM, "exec", "--resolver", resolver, folder / "scenario.yaml", "--"]
            + [race.FLOOD, "127.0.0.1", "53", folder / "questions"],
            race.CLIENT_CORE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    racer.flood = race.Flood(inside)
    racer.wait()
    racer.take_place([pid for pid in race.children_of(inside.pid) if is_running(pid, program)])


FOREIGN = {"unbound": "unbound", "named": "named", "kresd": "kresd", "pdns-recursor": "pdns_recursor"}


def enter(racer, folder):
    try:
        if racer.name == "builtin":
            enter_builtin(racer, folder)
        elif not race.is_installed(FOREIGN[racer.name]):
            racer.leave_out(f"{FOREIGN[racer.name]} is not installed")
        else:
            enter_foreign(racer, folder, racer.name, FOREIGN[racer.name])
    except (RuntimeError, OSError) as trouble:
        racer.leave_out(str(trouble))


def main():
    rounds, seconds = race.options(ROUNDS, SECONDS)
    racers = [race.Racer(name) for name in ["builtin", *FOREIGN]]
    ours = racers[0]
    with tempfile.TemporaryDirectory(prefix="faultzone-bench-") as name:
        folder = Path(name)
        race.write_world(folder)
        try:
            for racer in racers:
                enter(racer, folder)
            if ours.absent is not None:
                print(f"warm: {ours.absent}", file=sys.stderr)
                return 1
            race.run(racers, rounds, seconds)
        finally:
            for racer in racers:
                racer.end()
    print(f"a resolver with a warm cache, {rounds} rounds of {seconds} s each, medians")
    race.put_table(racers, ours)
    there = [racer for racer in racers[1:] if racer.absent is None]
    if there:
        race.put_target(ours, min(there, key=lambda racer: race.median_ratio(ours.rates, racer.rates)), RATIO_TARGET)
    return 0


sys.exit(main())
