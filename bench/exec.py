#!/usr/bin/python3
"""What `faultzone exec` adds to a command that does nothing: the median time of `exec … true` less
that of `true` alone, with faultzone's own resolver and with each other that is installed. Target:
under 100 ms. The runs take turns, so that a busy moment strikes all alike.

    bench_exec [SCENARIO [RUNS]]"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

BUILD = Path(__file__).resolve().parents[1]
PROGRAM = BUILD / "cli" / "faultzone"
SCENARIO = BUILD.parent / "scenarios" / "proxy" / "article-proxied.yaml"
RESOLVERS = ["builtin", "none", "unbound", "named", "kresd", "pdns-recursor", "dnsmasq"]
TARGET_MS = 100
RUNS = 21


def milliseconds(command):
    begin = time.perf_counter()
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    taken = (time.perf_counter() - begin) * 1000
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip() or f"status {done.returncode}")
    return taken


def main():
    scenario = sys.argv[1] if len(sys.argv) > 1 else SCENARIO
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else RUNS
    commands = {"": ["true"]}
    for name in RESOLVERS:
        command = [PROGRAM, "exec", "--resolver", name, scenario, "true"]
        try:
            milliseconds(command)  # not counted: it warms the disk's cache
            commands[name] = command
        except RuntimeError as trouble:
            print(f"exec {name:14} left out: {trouble}")
    if len(commands) == 1:
        return 1
    taken = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            taken[name].append(milliseconds(command))
    bare = statistics.median(taken.pop(""))
    print(f"exec true, {runs} runs each; true alone: {bare:.1f} ms")
    for name, times in taken.items():
        added = statistics.median(times) - bare
        verdict = "" if added < TARGET_MS else f"   over the target of {TARGET_MS} ms"
        print(f"exec {name:14} adds {added:6.1f} ms   (least {min(times) - bare:.1f}, most {max(times) - bare:.1f}){verdict}")
    return 0


sys.exit(main())
