"""Adds up test results: reads Meson's testlog.json files and plain TAP files, shows every failed
test point with what was said about it, and ends with `N passed, N failed, N skipped`."""

import argparse
import json
import pathlib
import re
import sys

POINT = re.compile(r"^(not )?ok\b\s*\d*\s*(.*)$")
SKIP = re.compile(r"#\s*skip", re.IGNORECASE)
PLAN_SKIP = re.compile(r"^1\.\.0\s*#\s*skip\s*(.*)", re.IGNORECASE)


class Tally:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def fail(self, where, lines):
        self.failed += 1
        print(f"\nFAILED {where}", *(f"    {line}" for line in lines), sep="\n")

    def skip(self, where, reason):
        self.skipped += 1
        print(f"skipped {where}: {reason}")

    def points(self, where, tap):
        """Counts the test points of one TAP stream; returns whether one of them failed."""
        failed_before = self.failed
        lines = tap.splitlines()
        for at, line in enumerate(lines):
            point = POINT.match(line)
            if PLAN_SKIP.match(line):
                self.skip(where, PLAN_SKIP.match(line)[1])
            elif point and SKIP.search(line):
                self.skip(where, point[2])
            elif point and point[1]:
                self.fail(f"{where}: {point[2]}", said_after(lines, at))
            elif point:
                self.passed += 1
        return self.failed > failed_before

    def meson_test(self, where, test):
        stdout, result = test.get("stdout") or "", test["result"]
        has_points = any(POINT.match(l) or PLAN_SKIP.match(l) for l in stdout.splitlines())
        told = self.points(where, stdout) if has_points else False
        if result in {"OK", "EXPECTEDFAIL"} and not has_points:
            self.passed += 1
        elif result == "SKIP" and not has_points:
            self.skip(where, "")
        elif result not in {"OK", "EXPECTEDFAIL", "SKIP"} and not told:
            self.fail(f"{where}: {result}", ending(stdout) + ending(test.get("stderr") or ""))


def said_after(lines, at):
    """The comments and YAML block that follow a test point."""
    said = []
    for line in lines[at + 1 :]:
        if POINT.match(line) or re.match(r"^1\.\.\d", line):
            break
        said.append(line)
    return said[:40]


def ending(text):
    return text.splitlines()[-20:]


def read_meson(tally, path):
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        test = json.loads(line)
        tally.meson_test(f"{path.parts[0]}: {test['name']}", test)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--broken", type=int, default=0, help="steps that could not run")
    parser.add_argument("logs", nargs="*", type=pathlib.Path)
    arguments = parser.parse_args()
    tally = Tally()
    tally.failed = arguments.broken
    for path in arguments.logs:
        if not path.is_file():
            tally.fail(str(path), ["no results were written"])
        elif path.suffix == ".json":
            read_meson(tally, path)
        else:
            tally.points(str(path), path.read_text(encoding="utf-8", errors="replace"))
    print(f"{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped")
    return 1 if tally.failed or not tally.passed else 0


sys.exit(main())
