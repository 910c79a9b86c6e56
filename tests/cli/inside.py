"""What the tests of `faultzone exec` share: running it, watching its processes, skipping where the
system forbids it."""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
import tap  # noqa: E402

PROGRAM = ""
ROOT = Path()
PYTHON = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
FORBIDDEN = ""  # why exec cannot work here; empty if it can

DNS_ONLY = "scenarios/proxy/article-dns-only.yaml"
PROXIED = "scenarios/proxy/article-proxied.yaml"
NAME = "cs1._domainkey.example.com"
# Daemons live where only root looks.
os.environ["PATH"] += ":/usr/local/sbin:/usr/sbin:/sbin"


def command(*arguments):
    return [PROGRAM, *map(str, arguments)]


def run(*arguments, stdin=None, prefix=(), **options):
    """Runs the program; a hang is a failure."""
    return subprocess.run(
        [*prefix, *command(*arguments)],
        stdin=subprocess.DEVNULL if stdin is None else None, input=stdin,
        capture_output=True, text=True, timeout=60, cwd=ROOT, **options,
    )  # fmt: skip


def needs(program, package=None):
    return unittest.skipUnless(
        shutil.which(program), f"{program} is not installed (apt-get install {package or program})"
    )


def has_perl_module(name):
    return subprocess.run(["perl", f"-M{name}", "-e", "1"], stderr=subprocess.DEVNULL, check=False).returncode == 0


@contextlib.contextmanager
def public_copy(scenario):
    """A folder that everybody may enter, with the program and the scenario."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        shutil.copy(PROGRAM, f"{folder}/faultzone")
        shutil.copy(ROOT / scenario, f"{folder}/scenario.yaml")
        yield folder


def children(pid):
    """The processes below `pid` that are not zombies."""
    found = []
    for task in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = task.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == pid and state != "Z":
            child = int(task.parent.name)
            found += [child, *children(child)]
    return found


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def network_of(pid):
    return os.readlink(f"/proc/{pid}/ns/net")


class Inside(unittest.TestCase):
    def setUp(self):
        if FORBIDDEN:
            self.skipTest(FORBIDDEN)

    def start(self, *arguments, **options):
        """Starts the program and waits for a line of its command; kills it in the end."""
        process = subprocess.Popen(command(*arguments), stdout=subprocess.PIPE, cwd=ROOT, text=True, **options)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertEqual(process.stdout.readline(), "ready\n")
        return process


def main():
    global PROGRAM, ROOT, FORBIDDEN
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--root", required=True, type=Path)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    PROGRAM, ROOT = os.path.abspath(arguments.program), arguments.root.resolve()
    tried = run("doctor", "--json")
    if tried.returncode == 3:
        broken = [row for row in json.loads(tried.stdout)["system"] if not row["works"]]
        FORBIDDEN = "; ".join(f"{row['name']}: {row['trouble']}" for row in broken)
    tap.main(arguments.names)
