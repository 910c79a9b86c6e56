"""What no test reaches: gcovr's counts as a document, and a reason for each line that stays unreached.

    python3 tests/measure/coverage.py --root . COUNTS.json     writes the document to standard output
    python3 tests/measure/coverage.py --root . --check         every reason has its line in the sources

COUNTS.json is what `gcovr --json` makes of a run, with the assertions left out. Ends with status 1 if a
floor is below its goal, a line has no reason, or a reason has no such line any more.
"""

import argparse
import json
import pathlib
import sys
from dataclasses import dataclass, field

import places
from unreached import UNREACHED

FLOORS = ["wire", "mail", "resolver"]
LINES_GOAL = 95.0  # per cent
BRANCHES_GOAL = 90.0

INTRODUCTION = """\
# What the tests reach

<!-- made by ./dev coverage -->

Lines and branches of the floors that read what others send, as gcov counts them in a build without
optimisation: unit tests of these floors, the inputs of the [fuzz targets](fuzzing.md), and the shipped
scenarios, played together. Assertions are left out: what they guard against cannot happen, so no test
reaches it. The goal is {lines:.0f} % of the lines and {branches:.0f} % of the branches of each floor, and a
reason for each line that nothing reaches.

[How well the tests judge what they reach](mutation.md) is a question of its own.
"""


@dataclass
class Count:
    lines: int = 0
    lines_reached: int = 0
    branches: int = 0
    branches_reached: int = 0

    def add(self, other):
        self.lines += other.lines
        self.lines_reached += other.lines_reached
        self.branches += other.branches
        self.branches_reached += other.branches_reached

    @property
    def lines_share(self):
        return share(self.lines_reached, self.lines)

    @property
    def branches_share(self):
        return share(self.branches_reached, self.branches)


@dataclass
class File:
    path: str
    count: Count = field(default_factory=Count)
    unreached: list = field(default_factory=list)  # line numbers


def share(part, whole):
    return 100.0 if whole == 0 else 100.0 * part / whole


def read_file(entry):
    file = File(entry["file"])
    for line in entry["lines"]:
        if line.get("gcovr/noncode") or line.get("gcovr/excluded"):
            continue
        reached = [branch["count"] > 0 for branch in line["branches"]]
        file.count.add(Count(1, line["count"] > 0, len(reached), sum(reached)))
        if line["count"] == 0:
            file.unreached.append(line["line_number"])
    return file


def read_counts(path):
    entries = json.loads(path.read_text())["files"]
    return sorted((read_file(entry) for entry in entries), key=lambda file: file.path)


def reasons_of(source, file, used):
    """(line number, text, reason) of each unreached line. A reason holds for its line and for the
    unreached lines right behind it."""
    reason = before = None
    for number in file.unreached:
        row = source.row_at(number, UNREACHED)
        if row is not None:
            used.add(row)
            reason = row[3]
        elif before != number - 1:
            reason = None
        before = number
        yield number, source.text(number), reason


def table(files):
    yield "| file | lines | reached | branches | reached |"
    yield "|---|---:|---:|---:|---:|"
    for file in files:
        count = file.count
        yield (f"| [{file.path}](../{file.path}) | {count.lines} | {count.lines_share:.1f} % "
               f"| {count.branches} | {count.branches_share:.1f} % |")


def sum_of(files):
    count = Count()
    for file in files:
        count.add(file.count)
    return count


def write_floor(floor, files, out):
    count = sum_of(files)
    print(f"\n## {floor}\n\n{count.lines_share:.1f} % of {count.lines} lines, "
          f"{count.branches_share:.1f} % of {count.branches} branches.\n", file=out)
    print("\n".join(table(files)), file=out)


def write_reasons(unreached, out):
    print("\n## Lines that nothing reaches\n", file=out)
    if not unreached:
        print("None.", file=out)
        return
    print("| function | line | why |\n|---|---|---|", file=out)
    for path, function, text, reason in unreached:
        shown = text.replace("|", "\\|")
        print(f"| {path}: {function} | `{shown}` | {reason or '**no reason**'} |", file=out)


def judge(root, files, out):
    """Writes the document; what is wrong, a line each."""
    print(INTRODUCTION.format(lines=LINES_GOAL, branches=BRANCHES_GOAL), end="", file=out)
    used, unreached, wrong = set(), [], []
    for floor in FLOORS:
        own = [file for file in files if file.path.startswith(f"{floor}/")]
        write_floor(floor, own, out)
        count = sum_of(own)
        if count.lines_share < LINES_GOAL or count.branches_share < BRANCHES_GOAL:
            wrong.append(f"{floor}: {count.lines_share:.1f} % of lines, {count.branches_share:.1f} % of branches")
        for file in own:
            source = places.Source(root, file.path)
            for number, text, reason in reasons_of(source, file, used):
                unreached.append((file.path, source.function_at(number), text, reason))
                if reason is None:
                    wrong.append(f"{file.path}:{number}: reached by nothing: {text}")
    write_reasons(unreached, out)
    wrong += [f"{row[0]}: {row[1]}: is reached, and needs no reason: {row[2]}" for row in UNREACHED if row not in used]
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("counts", type=pathlib.Path, nargs="?")
    options = parser.parse_args()
    if options.check:
        return places.check(options.root, UNREACHED)
    wrong = judge(options.root, read_counts(options.counts), sys.stdout)
    print("\n".join(wrong), file=sys.stderr, end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
