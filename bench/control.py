#!/usr/bin/python3
"""What a test suite waits for between two tests: a change of a zone, and the reset to the file's state,
over the control socket of `faultzone serve`. Target: a reset takes under 10 ms.

    bench_control [SCENARIO [TURNS]]"""

import http.client
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BUILD = Path(__file__).resolve().parents[1]
PROGRAM = BUILD / "cli" / "faultzone"
SCENARIO = BUILD.parent / "scenarios" / "proxy" / "article-proxied.yaml"
CHANGE = ("/v1/faults", {"loss": "10%"})
RESET = ("/v1/reset", None)
TARGET_MS, TURNS = 10, 200


class Control(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("faultzone")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)

    def milliseconds(self, path, body):
        begin = time.perf_counter()
        self.request("POST", path, None if body is None else json.dumps(body))
        answer = self.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"POST {path}: status {answer.status}")
        return (time.perf_counter() - begin) * 1000


def main():
    scenario = sys.argv[1] if len(sys.argv) > 1 else SCENARIO
    turns = int(sys.argv[2]) if len(sys.argv) > 2 else TURNS
    with tempfile.TemporaryDirectory(prefix="faultzone-bench-") as folder:
        path = f"{folder}/control"
        server = subprocess.Popen([PROGRAM, "serve", "--json", "--control-socket", path, scenario],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            json.loads(server.stdout.readline())  # it is ready
            control = Control(path)
            taken = [(control.milliseconds(*CHANGE), control.milliseconds(*RESET)) for _ in range(turns)]
        finally:
            server.terminate()
            server.wait()
    for name, times in zip(("a change", "a reset"), zip(*taken)):
        print(f"{name:9} {statistics.median(times):6.2f} ms   (least {min(times):.2f}, most {max(times):.2f})")
    if statistics.median(reset for _, reset in taken) >= TARGET_MS:
        print(f"a reset is over the target of {TARGET_MS} ms")
    return 0


sys.exit(main())
