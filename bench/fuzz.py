#!/usr/bin/python3
"""How many inputs a second fuzz targets try, over and over those that are checked in: built plainly, and
with the sanitizers that CI fuzzes with (where `./dev fuzz` has built them). Beside `message` stands ldns,
which parses, builds and parses again; Debian's library has no sanitizers in it, so what its column says
with them is too good. Processor time, the best of several rounds taken in turn.

    bench_fuzz [ROUNDS [SECONDS]]"""

import re
import subprocess
import sys
from pathlib import Path

ROUNDS, SECONDS = 3, 2
BUILDS = {"plain": Path(__file__).resolve().parent.parent, "sanitized": Path("build-fuzz")}
CORPORA = {
    "message": ["fuzz/corpus/message.hex", "fuzz/corpus/message"],
    "ldns": ["fuzz/corpus/message.hex", "fuzz/corpus/message"],
    "lookup": ["fuzz/corpus/lookup.hex"],
    "world": ["fuzz/corpus/world.hex"],
    "inspector": ["fuzz/corpus/inspector.hex"],
    "control": ["fuzz/corpus/control.hex"],
}
GOALS = {"lookup": 20000, "world": 2000}
RATIO_GOAL = 10  # `message` to ldns


def rate(build, target, seconds):
    program = BUILDS[build] / "fuzz" / f"fuzz_{target}_replay"
    if not program.exists():
        return 0
    run = subprocess.run([program, "--seconds", str(seconds), *CORPORA[target]], check=True, capture_output=True,
                         text=True)
    return int(re.search(r"(\d+) a second", run.stdout)[1])


def main(rounds=ROUNDS, seconds=SECONDS):
    rates = {(target, build): 0 for target in CORPORA for build in BUILDS}
    for _ in range(int(rounds)):
        for target, build in rates:
            rates[target, build] = max(rates[target, build], rate(build, target, seconds))
    print(f"{'inputs a second':16} " + " ".join(f"{build:>10}" for build in BUILDS))
    for target in CORPORA:
        goal = f"  (goal: {GOALS[target]})" if target in GOALS else ""
        print(f"{target:16} " + " ".join(f"{rates[target, build] or '-':>10}" for build in BUILDS) + goal)
    for build in BUILDS:
        if rates["ldns", build] > 0:
            ratio = rates["message", build] / rates["ldns", build]
            print(f"message to ldns, {build}: {ratio:.1f} (goal: {RATIO_GOAL})")


main(*sys.argv[1:])
