"""Plays the part of ClusterFuzzLite and OSS-Fuzz: gives .clusterfuzzlite/build.sh the environment that their
build image gives it, in a clean copy of the sources, and looks at what it leaves as they do, far from the
sources: every target starts, is instrumented, has all its libraries with it, and runs on its seeds.

    python3 fuzz/clusterfuzz.py --root . --build build-clusterfuzz [--seconds 5] WAY…

A WAY is `address` or `undefined` (libFuzzer with that sanitizer), `standalone` (the replayer as the engine:
no fuzzer at all) or `afl` (AFL++).
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

COMMON = "-O1 -fno-omit-frame-pointer -gline-tables-only"
ADDRESS = "-fsanitize=address -fsanitize-address-use-after-scope"
UNDEFINED = "-fsanitize=bool,array-bounds,bounds,shift,signed-integer-overflow,vptr,unreachable,return,null \
-fno-sanitize-recover=all"
LIBFUZZER = "-fsanitize=fuzzer"

# way: compiler, flags, engine, what is in an instrumented program, how often at least
WAYS = {
    "address": ("clang", f"{COMMON} {ADDRESS} -fsanitize=fuzzer-no-link", LIBFUZZER, "__asan_report", 50),
    "undefined": ("clang", f"{COMMON} {UNDEFINED} -fsanitize=fuzzer-no-link", LIBFUZZER, "__ubsan_handle", 20),
    "standalone": ("clang", f"{COMMON} {ADDRESS} -fsanitize=fuzzer-no-link", "standalone.a", "__asan_report", 50),
    "afl": ("afl-clang-fast", f"{COMMON} {ADDRESS}", "/usr/lib/afl/libAFLDriver.a", "__asan_report", 50),
}
IN_EVERY_IMAGE = re.compile(r"^(/lib64/ld-|linux-vdso|lib(c|m|dl|rt|pthread|resolv|gcc_s|stdc\+\+)\.so)")
FINDING = re.compile(r"ERROR: |runtime error|Assertion|Sanitizer", re.I)
AFL = {"AFL_NO_UI": "1", "AFL_NO_AFFINITY": "1", "AFL_SKIP_CPUFREQ": "1", "AFL_QUIET": "1",
       "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1"}


def run(command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, errors="replace", **options)


def copy_sources(root, copy):
    listed = run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (root / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / name, copy / name)


def make_standalone(compiler, flags, source, archive):
    objects = archive.with_suffix(".o")
    run([*compiler, *flags.split(), "-std=c17", "-D_DEFAULT_SOURCE", f"-I{source}", "-c", source / "fuzz/standalone.c",
         "-o", objects], check=True)
    run(["ar", "rcs", archive, objects], check=True)


def build(way, root, place):
    """Runs build.sh; returns what it said, and whether it went well."""
    compiler, flags, engine, *_ = WAYS[way]
    cache = ["ccache"] if shutil.which("ccache") and compiler == "clang" else []
    source, work, out = place / "src/faultzone", place / "work", place / "out"
    shutil.rmtree(place, ignore_errors=True)
    for directory in (source, work, out):
        directory.mkdir(parents=True)
    copy_sources(root, source)
    if engine == "standalone.a":
        engine = place / engine
        make_standalone([compiler], flags, source, engine)
    environment = os.environ | AFL | {
        "CC": " ".join([*cache, compiler]), "CXX": " ".join([*cache, compiler + "++"]),
        "CFLAGS": flags, "CXXFLAGS": flags, "LIB_FUZZING_ENGINE": str(engine),
        "SRC": str(source.parent), "WORK": str(work), "OUT": str(out),
        "SANITIZER": way if way in ("address", "undefined") else "address", "ARCHITECTURE": "x86_64",
        "FUZZING_ENGINE": "afl" if way == "afl" else "libfuzzer",
    }  # fmt: skip
    result = run(["bash", ".clusterfuzzlite/build.sh"], cwd=source, env=environment)
    return result.stdout + result.stderr, result.returncode == 0


class Image:
    """What is left of a build when it is run: $OUT, under another name, and nothing else."""

    def __init__(self, place):
        self.out = (place / "image").resolve()
        (place / "out").rename(self.out)
        shutil.rmtree(place / "src")
        shutil.rmtree(place / "work")
        self.targets = sorted(path.name.removesuffix(".options") for path in self.out.glob("*.options"))

    def run(self, *command, **more):
        environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"} | AFL | more
        return run(command, cwd="/", env=environment)

    def seeds(self, target):
        directory = self.out / "seeds" / target
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        with zipfile.ZipFile(self.out / f"{target}_seed_corpus.zip") as packed:
            packed.extractall(directory)
        return directory


def missing_libraries(image, target):
    for line in image.run("ldd", image.out / target).stdout.splitlines():
        name, _, path = (line.strip().removesuffix(")").rpartition(" (")[0]).partition(" => ")
        if not IN_EVERY_IMAGE.match(name) and not path.startswith(str(image.out)):
            yield f"{name} is not beside it: {path}"


def not_instrumented(image, target, mark, least):
    code = image.run("objdump", "--disassemble", "--no-show-raw-insn", image.out / target).stdout
    count = len(re.findall(rf"call +[0-9a-f]+ <{mark}", code))
    if count < least:
        yield f"{count} calls of {mark}…: it is not instrumented"


def told(result):
    """What is wrong with a run, if anything."""
    if result.returncode != 0 or FINDING.search(result.stderr):
        yield f"status {result.returncode}"
        yield from (result.stdout + result.stderr).splitlines()[-15:]


def try_libfuzzer(image, target, seconds):
    program = image.out / target
    started = image.run(program, "-runs=4", "-seed=1337")
    yield from told(started)
    counters = re.search(r"\((\d+) inline 8-bit counters\)", started.stderr)
    if counters is None or int(counters[1]) < 100:
        yield "libFuzzer sees no code of ours"
    known = image.run(program, "-help=1").stderr
    options = re.findall(r"^(\w+) *= *(\d+)", (image.out / f"{target}.options").read_text(), re.M)
    yield from (f"libFuzzer has no option {name}" for name, _ in options if f"\n {name} " not in known)
    dictionary = image.out / f"{target}.dict"
    words = [f"-dict={dictionary}"] if dictionary.exists() else []
    flags = [f"-{name}={value}" for name, value in options]
    yield from told(image.run(program, *flags, *words, "-seed=1", f"-max_total_time={seconds}",
                              f"-artifact_prefix={image.out}/found-{target}-", image.seeds(target)))


def try_standalone(image, target, _seconds):
    seeds = image.seeds(target)
    replayed = image.run(image.out / target, seeds)
    yield from told(replayed)
    count = sum(1 for _ in seeds.iterdir())
    if f"{count} inputs replayed" not in replayed.stdout:
        yield f"not all of its {count} seeds were replayed"


def try_afl(image, target, seconds):
    seeds, found = image.seeds(target), image.out / "found" / target
    for seed in sorted(seeds.iterdir(), key=lambda path: path.stat().st_size)[20:]:
        seed.unlink()  # AFL++ tries each of them several times before it begins
    found.mkdir(parents=True, exist_ok=True)
    fuzzed = image.run("afl-fuzz", "-V", seconds, "-m", "none", "-t", "5000+", "-i", seeds, "-o", found, "--",
                       image.out / target)
    stats = dict(re.findall(r"^(\w+) +: (.*)$", next(found.glob("default/fuzzer_stats"), None).read_text(), re.M)
                 if (found / "default/fuzzer_stats").exists() else [])
    if fuzzed.returncode != 0 or not stats:
        yield from [f"status {fuzzed.returncode}", *(fuzzed.stdout + fuzzed.stderr).splitlines()[-15:]]
        return
    print(f"# {target}: {stats['execs_done']} runs, {stats['edges_found']} edges, {stats['corpus_found']} new inputs")
    if int(stats["edges_found"]) < 20 or int(stats["execs_done"]) < 20:
        yield "AFL++ sees no code of ours"
    if stats["saved_crashes"] != "0":
        yield f"{stats['saved_crashes']} crashes in {found}"


def check(way, image, target, seconds):
    *_, mark, least = WAYS[way]
    drive = {"standalone": try_standalone, "afl": try_afl}.get(way, try_libfuzzer)
    yield from missing_libraries(image, target)
    yield from not_instrumented(image, target, mark, least)
    yield from drive(image, target, seconds)


def expected_targets(root):
    table = (root / "fuzz/meson.build").read_text()
    return {f"fuzz_{name}" for name in re.findall(r"^ *'(\w+)': \[", table, re.M)} - {"fuzz_jury"}


def play(way, root, place, seconds):
    """One way from the sources to running targets; how many things are wrong."""
    said, fine = build(way, root, place)
    if not fine:
        print(*said.splitlines()[-40:], f"not ok {way}: build.sh", sep="\n")
        return 1
    image, failed = Image(place), 0
    absent = expected_targets(root) - set(image.targets)
    if absent:
        print(f"not ok {way}: build.sh left out {', '.join(sorted(absent))}")
    for target in image.targets:
        wrong = list(check(way, image, target, seconds))
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {way}: {target}", *(f"# {line}" for line in wrong), sep="\n", flush=True)
    return failed + bool(absent)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("way", nargs="*", choices=[*WAYS, []])
    arguments = parser.parse_args()
    failed = 0
    for way in arguments.way or ["address", "undefined", "standalone"]:
        failed += play(way, arguments.root.resolve(), arguments.build.resolve() / way, arguments.seconds)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
