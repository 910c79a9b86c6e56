#!/usr/bin/python3
"""`faultzone serve` under load for a long time: two dnsperf, over UDP and over TCP, ask its resolver as
fast as it answers, while one packet in ten is lost and all are late. What is asked changes all the
time: records that soon expire, and more names that do not exist than a cache holds. Prints the
answers by RCODE and the resident memory; fails if that has grown after the first tenth, if too
little was answered, or too much with SERVFAIL.

    bench_soak [SECONDS]"""

import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import race

SECONDS = 600
GROWTH_MAX_MB = 1
ANSWERED_LEAST = 0.5  # of what was asked: one in ten is lost on each of several ways
FAILED_MOST = 0.05  # of what was answered
ABSENT_NAMES = 50000
# Together fewer questions under way than the resolver takes at a time, or it would be right to fail the rest.
LOADS = {
    "udp": ["-c", "20", "-q", "800"],
    "tcp": ["-m", "tcp", "-c", "40", "-q", "150"],
}
SCENARIO_HEAD = f"""scenario: what is asked in a soak test
latency: 1ms
resolver: {{lookups-max: 1024, clients-waiting-max: 4096, clients-per-question-max: 100}}
faults:
  - loss: 10%
  - delay: {{time: 2ms, jitter: 20ms}}
zones:
  {race.ZONE}:
    records: |
"""


def write_world(folder):
    records = "".join(f"      {record.replace(' 3600 ', ' 1 ')}\n" for record in race.records())
    (folder / "scenario.yaml").write_text(SCENARIO_HEAD + records)
    absent = [f"nobody{i}.{race.ZONE}. A" for i in range(ABSENT_NAMES)]
    (folder / "questions").write_text("\n".join([*race.questions(), *absent]) + "\n")


def start_serve(folder):
    process = race.start(
        [race.PROGRAM, "serve", "--json", "--control-socket", "none", folder / "scenario.yaml"],
        race.SERVER_CORE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    return process, json.loads(process.stdout.readline())["port"]


def start_dnsperf(folder, port, load, seconds):
    command = ["dnsperf", "-s", "127.0.0.1", "-p", port, "-d", folder / "questions", "-l", seconds, "-t", "2", "-e"]
    log = open(folder / f"dnsperf-{load}", "w", encoding="utf-8")
    return race.start(command + LOADS[load], race.CLIENT_CORE, stdout=log, stderr=log)


def number(pattern, text):
    found = re.search(pattern, text)
    return int(found.group(1)) if found else 0


def report(folder, load):
    """True if enough was answered, and few answers were failures."""
    text = (folder / f"dnsperf-{load}").read_text(encoding="utf-8")
    sent, completed = number(r"Queries sent:\s+(\d+)", text), number(r"Queries completed:\s+(\d+)", text)
    codes = re.search(r"Response codes:\s+(.*)", text)
    rate = re.search(r"Queries per second:\s+([\d.]+)", text)
    print(
        f"{load}: {sent} asked, {completed} answered, {float(rate.group(1)) if rate else 0:.0f} a second; "
        f"{codes.group(1) if codes else text.strip()[-300:]}"
    )
    failed = number(r"SERVFAIL (\d+)", text)
    return completed >= ANSWERED_LEAST * sent and failed <= FAILED_MOST * completed


def watch(process, seconds):
    """Resident megabytes, once a hundredth of the time."""
    began = time.monotonic()
    seen = [race.resident_mb([process.pid])]
    while time.monotonic() - began < seconds:
        time.sleep(seconds / 100)
        if process.poll() is not None:
            raise RuntimeError(f"serve ended with {process.returncode}")
        seen.append(race.resident_mb([process.pid]))
    return seen


def soak(folder, seconds):
    serve, port = start_serve(folder)
    loads = []
    try:
        loads = [start_dnsperf(folder, port, load, seconds) for load in LOADS]
        seen = watch(serve, seconds)
        for load in loads:
            load.wait(30)
    finally:
        for process in [*loads, serve]:
            race.stop(process)
    is_served = all([report(folder, load) for load in LOADS])
    print(f"serve: {serve.stderr.read().splitlines()[0]}")
    settled = seen[len(seen) // 10]
    growth = max(seen[-len(seen) // 10 :]) - settled
    print(
        f"resident MB: {seen[0]:.1f} at the start, {settled:.1f} after a tenth, "
        f"{seen[len(seen) // 2]:.1f} half-way, {seen[-1]:.1f} at the end, {max(seen):.1f} at most"
    )
    if growth > GROWTH_MAX_MB:
        print(f"FAILED: grew by {growth:.1f} MB")
    if not is_served:
        print("FAILED: too little was answered, or too much with SERVFAIL")
    return 0 if is_served and growth <= GROWTH_MAX_MB else 1


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    if not race.is_installed("dnsperf"):
        print("soak: dnsperf is not installed", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="faultzone-bench-") as name:
        write_world(Path(name))
        return soak(Path(name), seconds)


sys.exit(main())
