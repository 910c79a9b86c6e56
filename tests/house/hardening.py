"""The program carries what makes a bug hard to exploit. Looks into the built program itself: a flag
that was asked for and did nothing counts as missing. On x86-64 Linux, where gcc, clang and binutils
leave known traces."""

import re
import subprocess
import sys

import house


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Program:
    """What readelf, nm and objdump say of a program."""

    def __init__(self, path):
        self.header = output_of("readelf", "--wide", "--file-header", path)
        self.segments = re.findall(
            r"^  (\w+) +(?:0x\w+ +){5}([RWE ]{3}) ", output_of("readelf", "--wide", "--segments", path), re.M
        )
        self.dynamic = output_of("readelf", "--wide", "--dynamic", path)
        self.symbols = set(re.findall(r" U (\w+)", output_of("nm", "--dynamic", path)))
        self.code = output_of("objdump", "--disassemble", "--no-show-raw-insn", path)

    def modes(self, kind):
        return [mode.replace(" ", "") for name, mode in self.segments if name == kind]


def position_independent(program):
    if not re.search(r"Type: +DYN", program.header) or not re.search(r"FLAGS_1.*\bPIE\b", program.dynamic):
        yield "the program is loaded where everybody knows it is (b_pie)"


def bound_at_start(program):
    if not re.search(r"FLAGS_1.*\bNOW\b", program.dynamic):
        yield "functions are looked up while the program runs (-z now)"


def relocations_read_only(program):
    if not program.modes("GNU_RELRO"):
        yield "pointers that the loader fills stay writable (-z relro)"


def stack_not_executable(program):
    if program.modes("GNU_STACK") != ["RW"]:
        yield f"the stack is {program.modes('GNU_STACK') or 'of no stated mode'} (-z noexecstack)"


def code_apart(program):
    """Headers and constants are in no page that can be executed, and no page is both W and X."""
    loaded = program.modes("LOAD")
    if not loaded or loaded[0] != "R":
        yield f"the first segment, which has headers, is {loaded[:1]} (-z separate-code)"
    if any("W" in mode and "E" in mode for mode in loaded):
        yield f"a segment can be written and executed: {loaded}"


def stack_protected(program):
    if "__stack_chk_fail" not in program.symbols:
        yield "no function watches its return address (-fstack-protector-strong)"


def fortified(program):
    for name in ("__memcpy_chk", "__snprintf_chk"):
        if name not in program.symbols:
            yield f"{name} is not called (-D_FORTIFY_SOURCE)"


def stack_probed(program):
    """A frame larger than a page is touched page by page: gcc writes `orq`, clang `movq`."""
    probe = r"sub +\$0x1000,%rsp\n[^\n]*(?:orq|movq) +\$0x0,\(%rsp\)"
    if not re.search(probe, program.code):
        yield "a large frame can step over the guard page (-fstack-clash-protection)"


def entries_marked(program):
    """A program starts in code of the C library, which has two or three marks of its own."""
    if len(re.findall(r"\bendbr64\b", program.code)) < 10:
        yield "an indirect jump can go anywhere (-fcf-protection)"


CHECKS = {
    "is loaded anywhere": position_independent,
    "has all its functions bound at start": bound_at_start,
    "has relocations that are read-only": relocations_read_only,
    "has a stack that cannot be executed": stack_not_executable,
    "keeps code apart from data": code_apart,
    "watches return addresses": stack_protected,
    "calls fortified functions": fortified,
    "touches every page of a large frame": stack_probed,
    "marks where indirect jumps may go": entries_marked,
}


def main():
    tap = house.Tap()
    for path in sys.argv[1:]:
        program = Program(path)
        for statement, check in CHECKS.items():
            tap.point(f"{path.rsplit('/', 1)[-1]} {statement}", check(program))
    return tap.end()


sys.exit(main())
