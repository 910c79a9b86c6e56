"""What the checks of this directory share: the project's files, and results as TAP."""

import argparse
import pathlib

FLOORS = ["base", "wire", "mail", "sim", "resolver", "inspect", "live", "harness", "cli"]
GUESTS = ["tests", "fuzz", "bench"]  # may use every floor, no floor uses them
TEXT_SUFFIXES = {".c", ".h", ".py", ".md", ".yaml", ".yml", ".build", ".txt", ".scd", ".json", ""}
SKIPPED_DIRECTORIES = {".git", "corpus", "__pycache__"}


def root_from_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path, required=True)
    return parser.parse_args().root.resolve()


def is_build_directory(path):
    return (path / "meson-private").is_dir() or path.name.startswith("build")


def walk(directory):
    """Every file below `directory`, without build trees and corpora, in a stable order."""
    for path in sorted(directory.iterdir()):
        if path.is_dir():
            if path.name not in SKIPPED_DIRECTORIES and not is_build_directory(path):
                yield from walk(path)
        elif path.name != ".git":  # a linked work tree's pointer to its repository
            yield path


def sources(root, directories):
    """The C files of the named top-level directories."""
    for directory in directories:
        if (root / directory).is_dir():
            yield from (p for p in walk(root / directory) if p.suffix in {".c", ".h"})


def texts(root):
    """Every file of the project that people read."""
    return (p for p in walk(root) if p.suffix in TEXT_SUFFIXES)


def lines(path):
    """Numbered lines of a file, from 1."""
    return enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)


class Tap:
    """Test points, each with the places that break its rule."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def point(self, statement, violations, notes=()):
        violations = list(violations)
        self.count += 1
        self.failed += bool(violations)
        print(f"{'not ok' if violations else 'ok'} {self.count} - {statement}")
        for line in [*violations, *notes]:
            print(f"# {line}")

    def end(self):
        print(f"1..{self.count}")
        return 1 if self.failed or not self.count else 0


def skip_all(reason):
    print(f"1..0 # SKIP {reason}")
    return 0
