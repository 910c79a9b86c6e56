"""The n-th allocation fails, the n-th call of the system fails, n = 1, 2, … until none does: every time
the program succeeds wholly or says in a sentence why not, and neither crashes, hangs nor leaks.

    torture.py --program build-asan/tests/torture/faultzone-torture --plain build-asan/cli/faultzone
               --root . [--every K] [--kind KIND] [CASE…]

KIND is memory or calls; memory+ and calls+ let everything fail from the n-th on. With --every K only
each K-th place is tried."""

import argparse
import concurrent.futures
import http.client
import json
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading

SCENARIO = "scenarios/proxy/article-proxied.yaml"
KEY = "cs1._domainkey.example.com"
TIME_MAX_S = 60
KINDS = ["memory", "memory+", "calls", "calls+"]
NO_SOCKETS = "there is no memory for one socket more"  # libuv's table cannot grow: serve ends
NAMELESS = ("Sanitizer", "runtime error:", "Assertion", "stack smashing", "double free")


class Trial:
    """A run of the program in which the n-th fails, and how it ended."""

    def __init__(self, options, orders):
        self.options = options
        self.directory = tempfile.TemporaryDirectory(prefix="torture-")
        self.box = pathlib.Path(self.directory.name)
        self.report = self.box / "report"
        self.environment = dict(
            os.environ, TORTURE=orders, TORTURE_REPORT=str(self.report), ASAN_OPTIONS="exitcode=99",
            LSAN_OPTIONS=f"print_suppressions=0:suppressions={options.root}/tests/torture/leaks.txt",
        )  # fmt: skip
        self.status, self.output, self.errors, self.notes = None, "", "", []

    def start(self, words, user=None):
        return subprocess.Popen(
            words, cwd=self.options.root, env=self.environment, user=user,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def finish(self, child):
        """Waits until the child ends by itself; one that does not is killed, with its status None."""
        self.pid = child.pid
        try:
            output, errors = child.communicate(timeout=TIME_MAX_S)
            self.status = child.returncode
        except subprocess.TimeoutExpired:
            child.kill()
            output, errors = child.communicate()
        self.output += output.decode(errors="replace")
        self.errors += errors.decode(errors="replace")

    def end(self):
        lines = [line.split() for line in self.report.read_text().splitlines()] if self.report.exists() else []
        self.failed = next((what for _, what, _ in lines if what != "end"), "")
        self.blocks = next((int(blocks) for pid, what, blocks in lines if what == "end" and int(pid) == self.pid), None)
        self.directory.cleanup()
        return self


class Command:
    """A command that ends by itself: `fine` when nothing fails, else one of `statuses`. Where a failure is
    a lost packet, what it says need not be the same (`is_same`). With `has_keys` OpenSSL is at work: it
    has places by the thousand, of which some are tried, and loses memory of its own there."""

    def __init__(self, *words, fine=0, statuses=(2, 3), before=(), is_same=True, has_keys=False):
        self.words, self.fine, self.statuses, self.before = words, fine, statuses, before
        self.is_same, self.counts_blocks, self.stride = is_same, not has_keys, 37 if has_keys else 1

    def program(self, options):
        return [options.plain, *self.before, options.program] if self.before else [options.program]

    def run(self, options, orders):
        trial = Trial(options, orders)
        words = [word.replace("BOX", str(trial.box)).replace("PLAIN", options.plain) for word in self.words]
        trial.finish(trial.start([*self.program(options), *words]))
        return trial.end()

    def trouble(self, trial, untroubled):
        if trial.status == self.fine:
            return None if trial.output == untroubled.output or not self.is_same else "other output: " + trial.output
        if trial.status not in self.statuses:
            return "wrong status"
        words = "memory", "NO  ", "retry-later"  # of `check`: with the reason behind it
        is_told = trial.errors or any(word in trial.output for word in words)
        return None if is_told else "no sentence"


def question(name, number):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", 16, 1)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=5)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(5)
        self.sock.connect(self.path)


class Serve:
    """A served world: it starts, answers, is controlled and stops, or says why it does not start. One
    failure may cost one answer; the same question, put again, is answered."""

    fine, statuses, counts_blocks, stride = 0, (2, 3), True, 1
    REQUESTS = [
        ("GET", "/v1/state", None),
        ("POST", "/v1/zones/example.com", {"proxied": []}),
        ("POST", "/v1/faults", {"loss": "0%"}),
        ("DELETE", "/v1/faults", None),
        ("POST", "/set-txt", {"host": "new.example.", "value": "text"}),
        ("GET", "/v1/queries?limit=1", None),
        ("POST", "/v1/forget", {}),
        ("POST", "/v1/reset", {}),
    ]

    def __init__(self, for_good=False):
        self.for_good = for_good

    def run(self, options, orders):
        trial = Trial(options, orders)
        path = str(trial.box / "control")
        trial.box.chmod(0o777)
        # As root it would look a user up, and there the C library itself ends the program.
        child = trial.start([options.program, "serve", "--json", "--control-socket", path, "--control-port", "0",
                             "--log", f"jsonl:{trial.box}/log", SCENARIO],
                            user="nobody" if os.geteuid() == 0 else None)  # fmt: skip
        watch = threading.Timer(TIME_MAX_S, child.kill)
        watch.start()
        line = child.stdout.readline()
        watch.cancel()
        if line:
            self.talk(trial, json.loads(line), path, orders.endswith("+"))
            child.send_signal(signal.SIGTERM)
        trial.finish(child)
        if trial.status == 3 and NO_SOCKETS in trial.errors:
            trial.notes.clear()  # whoever talked to it found nobody
        if os.path.exists(path) and trial.status is not None:
            trial.notes.append("the control socket is left behind")
        return trial.end()

    def talk(self, trial, ready, path, for_good):
        for number, attempt in enumerate([self.udp, self.tcp]):
            self.persist(trial, for_good, attempt, ready["port"], number)
        for request in self.REQUESTS:
            self.persist(trial, for_good, self.control, path, request)

    @staticmethod
    def persist(trial, for_good, attempt, *arguments):
        for _ in range(1 if for_good else 3):
            try:
                attempt(*arguments)
                return
            except (OSError, http.client.HTTPException, ValueError) as error:
                last = error
        if not for_good:
            trial.notes.append(f"{attempt.__name__} {arguments[1:]}: {last!r}, every time")

    @staticmethod
    def udp(port, number):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(3)
            client.sendto(question(KEY, number), ("127.0.0.1", port))
            if client.recv(4096)[:2] != struct.pack(">H", number):
                raise ValueError("not the answer")

    @staticmethod
    def tcp(port, number):
        with socket.create_connection(("127.0.0.1", port), timeout=3) as client:
            octets = question(KEY, number)
            client.sendall(struct.pack(">H", len(octets)) + octets)
            if len(client.recv(4096)) < 12:
                raise ValueError("no answer")

    @staticmethod
    def control(path, request):
        connection = UnixConnection(path)
        method, target, body = request
        connection.request(method, target, None if body is None else json.dumps(body))
        answer = connection.getresponse()
        text = json.loads(answer.read())
        connection.close()
        if answer.status != 200:
            raise ValueError(f"{answer.status}: {text}")

    def trouble(self, trial, untroubled):
        if trial.notes:
            return "; ".join(trial.notes)
        if trial.status != self.fine and trial.status not in self.statuses:
            return "wrong status"
        return None if trial.errors else "no sentence"


CASES = {
    "run": Command("run", SCENARIO),
    "run-reports": Command("run", "--report", "junit:BOX/x", "--report", "json:BOX/y", "--format", "tap", SCENARIO),
    "run-github": Command("run", "--format", "github", SCENARIO),
    "run-dnssec": Command("run", "scenarios/dnssec/stale-ds.yaml", has_keys=True),
    "run-keys": Command("run", "scenarios/key/key-of-4096-bits.yaml", has_keys=True),
    "run-rpl": Command("run", "scenarios/rpl/deckard-basic.rpl"),
    "show": Command("show", "--packets", SCENARIO),
    "lint": Command("lint", SCENARIO),
    "list": Command("list", "--json", SCENARIO),
    "sign": Command("sign", "scenarios/key/key-of-4096-bits.yaml", has_keys=True),
    "schema": Command("schema"),
    "reference": Command("reference", "resolver"),
    "catalogue": Command("catalogue", "BOX", SCENARIO),
    "doctor": Command("doctor", statuses=(3,), is_same=False),
    "help": Command("help", "serve"),
    "ask": Command("ask", KEY, before=("exec", SCENARIO, "--"), is_same=False),
    "check": Command("check", "--selector", "cs1", "--target", "cs1.domainkey.coresender.net", "example.com",
                     before=("exec", SCENARIO, "--"), fine=1, statuses=(2, 3, 4), is_same=False),
    "exec": Command("exec", SCENARIO, "--", "PLAIN", "ask", KEY, statuses=(125,)),
    "serve": Serve(),
}  # fmt: skip


def trouble(case, trial, untroubled):
    """What is wrong with how it ended; None if nothing is."""
    if any(word in trial.errors for word in NAMELESS):
        why = "crash or leak"
    elif trial.status is None:
        why = f"hung for {TIME_MAX_S} s"
    elif trial.status < 0 or 128 <= trial.status:
        why = f"ended by a signal, status {trial.status}"
    elif case.counts_blocks and None not in (trial.blocks, untroubled.blocks) and trial.blocks > untroubled.blocks:
        why = f"{trial.blocks - untroubled.blocks} blocks of memory more at its end"
    else:
        why = case.trouble(trial, untroubled)
    return why and f"{why}\n  status {trial.status}\n  {trial.errors.strip()}"


def torture(options, pool, name, kind):
    """Tries every place of one case; how many were bad."""
    case, bad, n = CASES[name], 0, options.begin
    step = options.every * case.stride
    again = "+" if kind.endswith("+") else ""
    untroubled = case.run(options, "none")
    if untroubled.status != case.fine:
        print(f"{name}: ends with {untroubled.status} where nothing fails: {untroubled.errors}")
        return 1
    while True:
        batch = range(n, n + 16 * step, step)
        for n, trial in zip(batch, pool.map(lambda n: case.run(options, f"{kind.rstrip('+')}:{n}{again}"), batch)):
            if not trial.failed or n > options.end:
                print(f"{name}, {kind}: {n - 1} places, {bad} bad", flush=True)
                return bad
            why = trouble(case, trial, untroubled)
            if why is not None:
                bad += 1
                print(f"{name}, {kind.rstrip('+')}:{n}{again} ({trial.failed}): {why}", flush=True)
        n += step


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--plain", required=True)
    parser.add_argument("--root", required=True)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--begin", type=int, default=1)
    parser.add_argument("--end", type=int, default=1 << 60)
    parser.add_argument("--kind", action="append", choices=KINDS)
    parser.add_argument("cases", nargs="*")
    options = parser.parse_args()
    options.program, options.plain = os.path.abspath(options.program), os.path.abspath(options.plain)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        bad = sum(torture(options, pool, name, kind) for name in options.cases or CASES for kind in options.kind or KINDS)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
