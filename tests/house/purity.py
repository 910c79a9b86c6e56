"""No clock, die, socket, environment or stray heap is reachable from the floors below `live`: what
their archives leave undefined comes from a short list, and they keep no writable state of their
own. Reads a plain build, neither instrumented nor link-time optimised."""

import pathlib
import re
import subprocess
import sys

import house

FUNCTIONS = {
    "memchr", "memcmp", "memcpy", "memmove", "memset",
    "strchr", "strcmp", "strlen", "strncmp", "strrchr",
    "snprintf", "vsnprintf",
    "__assert_fail", "__stack_chk_fail", "_GLOBAL_OFFSET_TABLE_",
}  # fmt: skip
HEAP = {"calloc", "free"}
HEAP_MEMBER = ("libfz_base.a", "arena.c.o")

# Writable sections; .data.rel.ro is constant once the program is loaded.
WRITABLE = re.compile(r"^(\.bss|\.data(?!\.rel\.ro)|\.tbss|\.tdata|\*COM\*)")


def plain_name(symbol):
    """The function behind a fortified one: __memcpy_chk is memcpy."""
    fortified = re.fullmatch(r"__(\w+)_chk", symbol)
    return fortified[1] if fortified else symbol


def allowed(archive, member, symbol):
    name = plain_name(symbol)
    return name in FUNCTIONS or (name in HEAP and (archive.name, member) == HEAP_MEMBER)


def symbols(archive, *flags):
    """(member, symbol) pairs as nm lists them."""
    output = subprocess.run(
        ["nm", "--print-file-name", *flags, str(archive)], check=True, capture_output=True, text=True
    ).stdout
    for line in output.splitlines():
        place, _, rest = line.rpartition(": ") if ": " in line else line.rpartition(":")
        yield re.sub(r"^.*[/:]", "", place.rstrip(":]")), rest.split()[-1]


def defined(archives):
    return {symbol for archive in archives for _, symbol in symbols(archive, "--defined-only")}


def impure(archive, known):
    for member, symbol in symbols(archive, "--undefined-only"):
        if symbol not in known and not allowed(archive, member, symbol):
            yield f"{archive.name}({member}) reaches {symbol}"


def writable(archive):
    output = subprocess.run(
        ["objdump", "--syms", str(archive)], check=True, capture_output=True, text=True
    ).stdout
    member = "?"
    for line in output.splitlines():
        heading = re.match(r"^(\S+\.o):\s+file format", line)
        entry = re.match(r"^[0-9a-f]+ (.{7}) (\S+)\s+([0-9a-f]+)\s+(.*)$", line)
        if heading:
            member = heading[1].split("/")[-1]
        elif entry and "O" in entry[1] and WRITABLE.match(entry[2]):
            yield f"{archive.name}({member}) keeps {entry[4]} in {entry[2]}"


def main():
    archives = [pathlib.Path(argument) for argument in sys.argv[1:]]
    known = defined(archives)
    tap = house.Tap()
    for archive in archives:
        tap.point(f"{archive.name} reaches only pure functions", impure(archive, known))
        tap.point(f"{archive.name} keeps no writable state", writable(archive))
    return tap.end()


sys.exit(main())
