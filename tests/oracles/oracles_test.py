"""What the parser takes strictly, other parsers take too: BIND's, dnspython's, and ldns as far as it can be
trusted. Where they do not, differences.txt says so, with a reason; what it says and nobody needs is wrong
as well."""

import argparse
import fnmatch
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import tap

HERE = pathlib.Path(__file__).resolve().parent
JURORS = {
    "bind": "the headers of BIND's libraries are not there (bind9-dev)",
    "dnspython": "dnspython is not installed (python3-dnspython)",
    "ldns": "the juror was not built",
}
TAKES = "fine"
UNASKED = "is not asked"  # ldns


class Difference:
    def __init__(self, line):
        self.juror, self.what, self.complaint, self.reason = (part.strip() for part in line.split("|"))
        self.line, self.needed = line, False

    def covers(self, juror, what, complaint):
        return (juror == self.juror and fnmatch.fnmatchcase(what, self.what)
                and complaint.startswith(self.complaint))


def differences():
    lines = (HERE / "differences.txt").read_text().splitlines()
    return [Difference(line) for line in lines if line and not line.startswith("#")]


class Message:
    """One that we take, and its records alone."""

    def __init__(self, name):
        self.name, self.parts = name, []  # parts: (hex, what)


def accepted():
    paths = []
    for path in map(pathlib.Path, arguments.paths):
        paths += sorted(path.iterdir()) if path.is_dir() else [path]
    run = subprocess.run([arguments.accepted, *paths], check=True, capture_output=True, text=True)
    messages = []
    for line in run.stdout.splitlines():
        octets, what, name = line.split("\t")
        if what == "message":
            messages.append(Message(name))
        messages[-1].parts.append((octets, what))
    return messages


def ask(command, messages):
    """What a juror says of every part; None if it is not there."""
    lines = "".join(f"{octets}\t\n" for message in messages for octets, _ in message.parts)
    run = subprocess.run(command, input=lines, capture_output=True, text=True)
    if run.returncode == 77:
        return None
    assert run.returncode == 0, f"{command}: {run.stderr}"
    return run.stdout.splitlines()


def unexplained(juror, message, words, known):
    """What a juror minds in a message and nobody has explained."""
    if words[0] in (TAKES, UNASKED):
        return []
    minded = [(what, said) for (_, what), said in zip(message.parts, words) if said not in (TAKES, UNASKED)]
    excused = False
    for what, said in minded:
        for difference in known:
            if difference.covers(juror, what, said):
                difference.needed = excused = True
    return [] if excused else [f"{message.name}: {what}: {said}: {octets}" for (octets, what), said
                               in zip(message.parts, words) if said not in (TAKES, UNASKED)]


class Jurors(unittest.TestCase):
    def judge(self, juror, command):
        messages = accepted()
        self.assertGreater(len(messages), 50)
        words = ask(command, messages) if command[-1] else None
        if words is None:
            self.skipTest(JURORS[juror])
        self.assertEqual(len(words), sum(len(message.parts) for message in messages))
        known = [difference for difference in differences() if difference.juror == juror]
        problems, asked, at = [], 0, 0
        for message in messages:
            said = words[at:at + len(message.parts)]
            at += len(message.parts)
            asked += said[0] != UNASKED
            problems += unexplained(juror, message, said, known)
        self.assertGreater(asked, len(messages) * 3 // 4)
        self.assertEqual(problems, [], f"{juror} does not take what we take")
        self.assertEqual([difference.line for difference in known if not difference.needed], [],
                         "differences that are none any more")

    def test_bind_takes_what_we_take(self):
        self.judge("bind", [arguments.bind])

    def test_dnspython_takes_what_we_take(self):
        self.judge("dnspython", [sys.executable, str(HERE / "juror_dnspython.py")])

    def test_ldns_takes_what_we_take_and_sees_the_same(self):
        self.judge("ldns", [arguments.ldns])

    def test_every_difference_has_a_juror_and_a_reason(self):
        for difference in differences():
            self.assertIn(difference.juror, JURORS)
            self.assertTrue(difference.complaint and len(difference.reason) > 10, difference.line)


parser = argparse.ArgumentParser()
parser.add_argument("--accepted", required=True)
parser.add_argument("--bind", default="")
parser.add_argument("--ldns", default="")
parser.add_argument("paths", nargs="+", help="lists of messages, and directories of them")
arguments = parser.parse_args()
if __name__ == "__main__":
    tap.main([])
