"""Rules of style that clang-format does not know: short functions, no goto, one malloc. Relies on
the format check: a function's braces stand alone in the first column."""

import re
import statistics
import sys

import house

FUNCTION_LINES_MAX = 70
# Not `free`: what the C library hands out (scandir) must be given back.
HEAP_CALL = re.compile(r"\b(malloc|calloc|realloc|reallocarray|strdup|strndup|asprintf)\s*\(")
HEAP_FILE = "base/arena.c"
LIBUV_FILE = "live/loop_memory.c"  # libuv asks for memory of its own through it
GOTO = re.compile(r"\bgoto\b")
TYPEDEF = re.compile(r"\btypedef\b.*\b\w+_t;")


def code_lines(path):
    """Numbered lines without comments, strings and character constants."""
    text = path.read_text(encoding="utf-8", errors="replace")
    token = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
    bare = token.sub(lambda match: "\n" * match[0].count("\n"), text)
    return enumerate(bare.splitlines(), 1)


def functions(path):
    """(first line, lines) of every function body, braces included."""
    start = None
    for number, line in house.lines(path):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            yield start, number - start + 1
            start = None


def matches(root, directories, pattern, exempt=()):
    for path in house.sources(root, directories):
        relative = path.relative_to(root).as_posix()
        if relative in exempt:
            continue
        for number, line in code_lines(path):
            found = pattern.search(line)
            if found:
                yield f"{relative}:{number}: {found[0]}"


def too_long(root, sizes):
    for path in house.sources(root, [*house.FLOORS, *house.GUESTS]):
        for start, size in functions(path):
            sizes.append(size)
            if size > FUNCTION_LINES_MAX:
                yield f"{path.relative_to(root)}:{start}: {size} lines"


def spread(sizes):
    if not sizes:
        return "no functions"
    ordered = sorted(sizes)
    ninetieth = ordered[len(ordered) * 9 // 10]
    return f"{len(ordered)} functions: median {statistics.median_low(ordered)} lines, " + (
        f"90th percentile {ninetieth}, longest {ordered[-1]}"
    )


def main():
    root = house.root_from_arguments()
    everywhere = [*house.FLOORS, *house.GUESTS]
    tap = house.Tap()
    sizes = []
    long_ones = list(too_long(root, sizes))
    tap.point(f"no function is over {FUNCTION_LINES_MAX} lines", long_ones, [spread(sizes)])
    tap.point("no goto", matches(root, everywhere, GOTO))
    tap.point("no type of our own ends in _t", matches(root, everywhere, TYPEDEF))
    heap_calls = matches(root, house.FLOORS, HEAP_CALL, exempt=[HEAP_FILE, LIBUV_FILE])
    tap.point(f"memory comes from {HEAP_FILE} only", heap_calls)
    return tap.end()


sys.exit(main())
