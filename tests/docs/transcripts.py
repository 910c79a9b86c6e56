"""What the documents show is what happens. A document's fenced blocks are played in order in an empty
directory of their own:

    ```yaml first.yaml        is written to that file;
    ```console                holds commands (`$ …`) and what they print, both streams together.

A line of only `…` in the output stands for any lines; a line that ends in `…` for any ending. With
--update, blocks without `…` that are no longer true are rewritten."""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "house"))
import house  # noqa: E402

FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ANY = "…"
COMMAND_SECONDS_MAX = 60


def commands(block):
    """(command, expected output) pairs of a console block."""
    command, output = None, []
    for line in block.splitlines():
        if line.startswith("$ "):
            if command is not None:
                yield command, output
            command, output = line[2:], []
        else:
            output.append(line)
    if command is not None:
        yield command, output


def line_matches(expected, line):
    return line == expected or (expected.endswith(ANY) and line.startswith(expected[: -len(ANY)]))


def matches(expected, lines):
    if not expected:
        return not lines
    if expected[0] == ANY:
        return any(matches(expected[1:], lines[skip:]) for skip in range(len(lines) + 1))
    return bool(lines) and line_matches(expected[0], lines[0]) and matches(expected[1:], lines[1:])


class Session:
    """A directory in which commands follow one another."""

    def __init__(self, directory, program, root):
        self.directory = pathlib.Path(directory)
        self.environment = dict(os.environ, PATH=f"{program.parent}:{os.environ['PATH']}", COLUMNS="100")
        self.status = 0
        for name in ["scenarios", "docs"]:
            (self.directory / name).symlink_to(root / name)

    def run(self, command):
        result = subprocess.run(
            ["bash", "-c", f"(exit {self.status}); {command}"],
            cwd=self.directory, env=self.environment, timeout=COMMAND_SECONDS_MAX,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.status = result.returncode
        return [line.rstrip() for line in result.stdout.decode(errors="replace").splitlines()]


def play_block(session, block, where, tap):
    """Runs a console block; returns it as it should be."""
    true_lines = []
    for command, expected in commands(block):
        lines = session.run(command)
        fine = matches(expected, lines)
        said = [] if fine else ["expected:", *expected, "seen:", *lines]
        tap.point(f"{where}: {command}".replace("#", "%"), said)
        true_lines += [f"$ {command}", *(expected if fine or ANY in expected else lines)]
    return "".join(f"{line}\n" for line in true_lines)


def play(document, program, root, tap):
    """Plays a document; returns its text as it should be."""
    text = document.read_text(encoding="utf-8")
    where = document.relative_to(root).as_posix()
    with tempfile.TemporaryDirectory() as directory:
        session = Session(directory, program, root)

        def replace(fence):
            language, name, block = fence.groups()
            if language == "yaml" and name:
                (session.directory / name).write_text(block, encoding="utf-8")
            if language != "console":
                return fence[0]
            return f"```console\n{play_block(session, block, where, tap)}```"

        return FENCE.sub(replace, text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("program", type=pathlib.Path)
    arguments = parser.parse_args()
    root, tap = arguments.root.resolve(), house.Tap()
    for document in [root / "README.md", *sorted((root / "docs").rglob("*.md"))]:
        text = play(document, arguments.program.resolve(), root, tap)
        if arguments.update:
            document.write_text(text, encoding="utf-8")
    return tap.end()


sys.exit(main())
