"""Changes decisions in the sources, one at a time, and sees whether a test goes red.

    python3 tests/measure/mutants.py --root . --build DIRECTORY [--survivors] [FILE…]
    python3 tests/measure/mutants.py --root . --check      every reason for a survivor has its line

--survivors: only what survived the last whole run. Without FILE: wire, mail and the resolver's classify; docs/mutation.md is written. All changes of a run
are built into one set of programs (mutations.py), under AddressSanitizer and UndefinedBehaviorSanitizer
as in ./dev test. A change counts as killed if a test of its own floor, or the replay of a corpus, is
red, crashes, or takes ten times as long. Tests that measure time judge nothing here.
"""

import argparse
import concurrent.futures
import functools
import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field

import mutations
import places
from survivors import SURVIVORS

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "fuzz"))
from plants import copy_tree  # noqa: E402

GOAL = 90.0  # per cent
WALL_SECONDS_MAX = 120
PATTERNS = ["wire/*.[ch]", "mail/*.[ch]", "resolver/classify.[ch]"]
SWITCH_FILE = "base/arena.c"  # every program has it
# What judges a floor: its suite, and the corpora of its fuzz targets.
CORPORA = {
    "wire": {"corpus-message", "corpus-name", "corpus-rdata", "corpus-edns", "corpus-frame"},
    "mail": {"corpus-dkim_key"},
    "resolver": set(),
}

INTRODUCTION = """\
# How well the tests judge

<!-- made by ./dev mutants -->

`./dev mutants` changes one decision of wire, mail or the resolver's `classify` after another: a condition
is negated, `<` becomes `<=` and `>` becomes `>=` (and back), `&&` becomes `||` (and back). A change is
killed if a test of its floor goes red, crashes under the sanitizers, or does not end. Of {total} changes
{killed} are killed: {share:.1f} % (goal: {goal:.0f} %).

"""


@dataclass
class Program:
    name: str
    floor: str
    command: list
    directory: str
    tap: bool
    fork: str = "no"
    seconds: float = 0.0
    reaches: set = field(default_factory=set)


@dataclass
class Result:
    mutant: mutations.Mutant
    killer: str = ""  # the program, and what it said


# --- building -------------------------------------------------------------------------------------


def seed(root, tree, paths):
    """The tree with all mutants in it; the mutants."""
    copy_tree(root, tree)
    found = []
    for path in paths:
        seeder = mutations.Seeder(root, path, len(found))
        found += seeder.mutants
        write_if_changed(tree / path, seeder.seeded())
    switch = mutations.SWITCH.replace("MUTANTS", str(len(found)))
    write_if_changed(tree / SWITCH_FILE, (root / SWITCH_FILE).read_text() + switch)
    return found


def write_if_changed(path, text):
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def build(tree):
    directory = tree / "build-mutants"
    if not (directory / "build.ninja").exists():
        subprocess.run(["meson", "setup", directory, tree, "-Dtests=enabled", "-Dbench=disabled", "-Dwerror=false",
                        "-Db_sanitize=address,undefined", "-Db_lundef=false", "-Doptimization=1",
                        "-Ddebug=false", "-Dc_args=-w"],
                       check=True, stdout=subprocess.DEVNULL, env={**os.environ, "CC": os.environ.get("CC", "clang")})
    subprocess.run(["ninja", "--quiet", "-C", directory, "build.ninja"], check=True, stdout=subprocess.DEVNULL)
    programs = read_programs(directory)
    targets = [os.path.relpath(program.command[0], directory) for program in programs]
    run = subprocess.run(["ninja", "--quiet", "-C", directory, *targets], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"the mutants do not build:\n{run.stdout[-4000:]}")
    return programs


def read_programs(directory):
    output = subprocess.run(["meson", "introspect", "--tests", directory], check=True, capture_output=True).stdout
    programs = []
    for test in json.loads(output):
        suites = {suite.split(":")[-1] for suite in test["suite"]}
        for floor, corpora in CORPORA.items():
            if (floor in suites and test["protocol"] == "tap") or test["name"] in corpora:
                programs.append(Program(f"{floor}/{test['name']}", floor, test["cmd"], test["workdir"] or directory,
                                        test["protocol"] == "tap"))
    return programs


# --- running --------------------------------------------------------------------------------------


def complaint(line):
    """What a red line of TAP says; empty if it is not one."""
    if not line.startswith("not ok"):
        return ""
    return ":".join(line.split(":")[1:3]).strip() or line.strip()


def run(program, environment, cpu_seconds):
    """What was red first; empty if nothing was."""
    command = ["/bin/sh", "-c", f'ulimit -c 0; ulimit -t {cpu_seconds}; exec "$@"', "sh", *program.command]
    child = subprocess.Popen(command, cwd=program.directory, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                             start_new_session=True, text=True, errors="replace",
                             env={**os.environ, "CK_FORK": program.fork, "ASAN_OPTIONS": "detect_leaks=0:symbolize=0",
                                  "UBSAN_OPTIONS": "symbolize=0", **environment})
    timer = threading.Timer(WALL_SECONDS_MAX, os.killpg, (child.pid, signal.SIGKILL))
    timer.start()
    red = ""
    for line in child.stdout:
        red = complaint(line)
        if red:
            os.killpg(child.pid, signal.SIGKILL)
            break
    child.stdout.close()
    status = child.wait()
    timer.cancel()
    if red or status == 0:
        return red
    return f"ends by signal {-status}" if status < 0 else f"ends with status {status}"


def measure(program):
    """What the program costs, and which mutants it comes by."""
    for program.fork in ["no", "yes"]:
        with tempfile.NamedTemporaryFile("r") as seen:
            began = resource.getrusage(resource.RUSAGE_CHILDREN)
            red = run(program, {"MUTANT_SEEN": seen.name}, WALL_SECONDS_MAX)
            ended = resource.getrusage(resource.RUSAGE_CHILDREN)
            program.seconds = ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime
            program.reaches = {int(line) for line in seen.read().split()}
        if not red:
            return
    sys.exit(f"{program.name} is red without any change: {red}")


def try_mutant(mutant, programs):
    floor = mutant.path.split("/")[0]
    module = pathlib.PurePath(mutant.path).stem
    own = [program for program in programs if program.floor == floor and mutant.number in program.reaches]
    for program in sorted(own, key=lambda one: (one.name != f"{floor}/{module}", one.seconds)):
        red = run(program, {"MUTANT": str(mutant.number)}, int(2 + 10 * program.seconds))
        if red:
            return Result(mutant, f"{program.name}: {red}")
    return Result(mutant)


def try_all(mutants, programs, jobs):
    began, results = time.monotonic(), []
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for result in pool.map(lambda mutant: try_mutant(mutant, programs), mutants):
            results.append(result)
            if not result.killer:
                print(f"survives  {result.mutant.path}:{result.mutant.line}: {result.mutant.change}", flush=True)
            if len(results) % 100 == 0:
                print(f"{len(results)} of {len(mutants)} after {time.monotonic() - began:.0f} s", flush=True)
    return results


# --- reporting ------------------------------------------------------------------------------------


def key_of(root, mutant):
    """What names a mutant when lines move."""
    source = source_of(root, mutant.path)
    return mutant.path, source.function_at(mutant.line), source.text(mutant.line), mutant.change


def row_of(root, mutant):
    """The row of the list of survivors that speaks of this mutant."""
    return next((row for row in SURVIVORS if row[:4] == key_of(root, mutant)), None)


def share(results):
    return 100.0 * sum(bool(result.killer) for result in results) / max(1, len(results))


def write_table(results, out):
    print("| file | changes | killed | |\n|---|---:|---:|---:|", file=out)
    for path in sorted({result.mutant.path for result in results}):
        own = [result for result in results if result.mutant.path == path]
        killed = sum(bool(result.killer) for result in own)
        print(f"| [{path}](../{path}) | {len(own)} | {killed} | {share(own):.1f} % |", file=out)


def write_survivors(root, survivors, out):
    print("\n## Survivors\n\nChanges that no test notices.\n\n| place | change | why |\n|---|---|---|", file=out)
    for mutant in survivors:
        row = row_of(root, mutant)
        change = mutant.change.replace("|", "\\|")
        print(f"| {mutant.path}:{mutant.line} {key_of(root, mutant)[1]} | {change} "
              f"| {row[4] if row else '**no reason**'} |", file=out)


@functools.cache
def source_of(root, path):
    return places.Source(root, path)


def write_document(root, results, out):
    killed = sum(bool(result.killer) for result in results)
    print(INTRODUCTION.format(total=len(results), killed=killed, share=share(results), goal=GOAL), end="", file=out)
    write_table(results, out)
    write_survivors(root, [result.mutant for result in results if not result.killer], out)


def judge(root, results):
    """What is wrong, a line each."""
    wrong, used = [], set()
    for result in results:
        mutant = result.mutant
        row = None if result.killer else row_of(root, mutant)
        used.add(row)
        if not result.killer and row is None:
            wrong.append(f"{mutant.path}:{mutant.line}: survives: {mutant.change}")
    paths = {result.mutant.path for result in results}
    wrong += [f"{row[0]}: {row[1]}: is killed, and needs no reason: {row[3]}"
              for row in SURVIVORS if row[0] in paths and row not in used]
    for floor in sorted({path.split("/")[0] for path in paths}):
        own = share([result for result in results if result.mutant.path.startswith(f"{floor}/")])
        if own < GOAL:
            wrong.append(f"{floor}: {own:.1f} % are killed")
    return wrong


def remember(root, file, results):
    file.write_text(json.dumps([key_of(root, result.mutant) for result in results if not result.killer]))


def choose(root, options, mutants, file):
    """The mutants that are asked for: of some files, or those that survived before."""
    survived = {tuple(key) for key in json.loads(file.read_text())} if options.survivors else None
    return [mutant for mutant in mutants
            if (not options.files or mutant.path in options.files)
            and (survived is None or key_of(root, mutant) in survived)]


def mutate(options):
    root, tree = options.root.resolve(), options.build.resolve()
    every = sorted(path.relative_to(root).as_posix() for pattern in PATTERNS for path in root.glob(pattern))
    unknown = set(options.files) - set(every)
    if unknown:
        sys.exit(f"not among the files that are mutated: {' '.join(sorted(unknown))}")
    mutants = seed(root, tree, every)
    programs = build(tree)
    for program in programs:
        measure(program)
    chosen = choose(root, options, mutants, tree / "survivors.json")
    print(f"{len(chosen)} changes, {len(programs)} programs", flush=True)
    results = try_all(chosen, programs, options.jobs)
    print(f"{sum(bool(result.killer) for result in results)} of {len(results)} killed: {share(results):.1f} %")
    if options.survivors:
        return 0
    if not options.files:
        remember(root, tree / "survivors.json", results)
        with open(root / "docs/mutation.md", "w") as out:
            write_document(root, results, out)
    wrong = judge(root, results)
    print("\n".join(["", *wrong]) if wrong else "every survivor has its reason")
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--build", type=pathlib.Path)
    parser.add_argument("--survivors", action="store_true")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    return places.check(options.root, SURVIVORS) if options.check else mutate(options)


if __name__ == "__main__":
    sys.exit(main())
