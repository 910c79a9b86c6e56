"""The checks of this directory go red: each violation is planted in a small project of its own and
must be reported with its place."""

import pathlib
import platform
import subprocess
import sys
import tempfile

import house

HERE = pathlib.Path(__file__).parent
LONG_FUNCTION = "void f(void)\n{\n" + "    f();\n" * 69 + "}\n"

# (check, file, content, what the report must say; None: the plant is lawful)
PLANTS = [
    ("floors", "wire/a.c", '#include "base/b.h"\n', None),
    ("floors", "base/a.c", '#include "wire/b.h"\n', "base/a.c:1: base may not use wire"),
    ("floors", "sim/a.c", '\n#include "mail/b.h"\n', "sim/a.c:2: sim may not use mail"),
    ("floors", "mail/a.c", '#  include "resolver/b.h"\n', "mail/a.c:1:"),
    ("floors", "cli/a.c", '#include "tests/b.h"\n', "cli/a.c:1: cli may not use tests"),
    ("floors", "base/a.c", '#include "b.h"\n', "base/a.c:1:"),
    ("floors", "tests/a.c", '#include "cli/b.h"\n', None),
    ("floors", "live/a.c", "#include <uv.h>\n", None),
    ("floors", "sim/a.c", "#include <uv.h>\n", "sim/a.c:1: <uv.h> belongs in"),
    ("floors", "harness/yaml.c", "#include <yaml.h>\n", None),
    ("floors", "harness/a.c", "#include <yaml.h>\n", "harness/a.c:1:"),
    ("floors", "harness/a.c", "#include <ldns/ldns.h>\n", "harness/a.c:1:"),
    ("floors", "mail/a.c", "#include <openssl/evp.h>\n", "mail/a.c:1:"),
    ("floors", "base/a.c", "#include <time.h>\n", "base/a.c:1:"),
    ("floors", "inspect/a.c", "#include <stdlib.h>\n", "inspect/a.c:1:"),
    ("floors", "resolver/a.c", "#define _GNU_SOURCE\n", "resolver/a.c:1:"),
    ("floors", "wire/a.c", "#include HEADER\n", "wire/a.c:1:"),
    ("style", "base/a.c", LONG_FUNCTION, "base/a.c:2: 71 lines"),
    ("style", "base/a.c", LONG_FUNCTION.replace("    f();\n", "", 1), None),
    ("style", "cli/a.c", "    goto out;\n", "cli/a.c:1: goto"),
    ("style", "cli/a.c", "/* no\n goto */ // goto\n", None),
    ("style", "live/a.c", "p = malloc(3);\n", "live/a.c:1: malloc("),
    ("style", "base/arena.c", "p = calloc(1, 3);\n", None),
    ("style", "base/a.h", "typedef struct x x_t;\n", "base/a.h:1:"),
    ("words", "docs/a.md", "see /home/jane/notes\n", "docs/a.md:1: /home/jane/notes"),
    ("words", "docs/a.md", "https://example.com/home/x\n", None),
    ("words", "base/a.c", "/* FIXME later */\n", "base/a.c:1: FIXME"),
    ("words", "base/a.c", "/* as issue 7 says */\n", "base/a.c:1: issue 7"),
    ("words", "docs/a.md", "`../../elsewhere/x.md`\n", "docs/a.md:1: ../../elsewhere/x.md"),
    ("words", "docs/a.md", "[x](b.md)\n", "docs/a.md:1: b.md does not exist"),
    ("words", "docs/a.md", "[x](a.md#part), [y](https://example.com)\n", None),
    ("format", "base/a.c", "int  x;\n", "base/a.c:1"),
    ("format", "base/a.c", "int x;\n", None),
]
NEIGHBOURS = ["base/b.h", "wire/b.h", "mail/b.h", "resolver/b.h", "cli/b.h", "tests/b.h"]

# Compiled into an archive; what the purity check must say of it.
IMPURE = [
    ("int f(void);\nint f(void)\n{\n    return 1;\n}\n", None),
    ("#include <string.h>\nint f(const char *s);\nint f(const char *s)\n"
     "{\n    return strcmp(s, \"x\");\n}\n", None),
    ("#include <time.h>\nlong f(void);\nlong f(void)\n{\n    return time(0);\n}\n", "reaches time"),
    ("#include <stdlib.h>\nvoid *f(void);\nvoid *f(void)\n{\n    return malloc(1);\n}\n",
     "reaches malloc"),
    ("int f(void);\nint f(void)\n{\n    static int n;\n    return ++n;\n}\n", "keeps n"),
    ("int state = 3;\n", "keeps state"),
    ("int g;\nint *const table[] = {&g};\n", "keeps g"),
    ("extern const int g;\nextern const int *const table[1];\nconst int g = 1;\n"
     "const int *const table[1] = {&g};\n", None),
]  # fmt: skip

# A program with something for each flag to do, made with all of them but one; what the hardening
# check must say of it.
PROGRAM = """
#include <stdio.h>
#include <string.h>
#ifdef WRITABLE_CODE
__asm__(".section .both,\\"awx\\"\\n.byte 0\\n.text\\n");
#endif
#define FUNCTION(n) int f##n(int i); int f##n(int i) { return i + n; }
FUNCTION(0) FUNCTION(1) FUNCTION(2) FUNCTION(3) FUNCTION(4) FUNCTION(5) FUNCTION(6) FUNCTION(7)
int main(int argc, char **argv)
{
    char small[8], large[20000];
    snprintf(large, sizeof large, "%s!", argv[0]);
    memcpy(small, argv[0], (size_t)argc);
    puts(large);
    return small[0];
}
"""
HARDENED = (
    "-O2 -fPIE -pie -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong "
    "-fstack-clash-protection -fcf-protection=full -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code"
).split()
WEAKENED = [
    ("", None),
    ("-fno-pie -no-pie", "(b_pie)"),
    ("-Wl,-z,lazy", "(-z now)"),
    ("-Wl,-z,norelro", "(-z relro)"),
    ("-Wl,-z,execstack", "(-z noexecstack)"),
    ("-Wl,-z,noseparate-code", "(-z separate-code)"),
    ("-DWRITABLE_CODE", "written and executed"),
    ("-U_FORTIFY_SOURCE", "(-D_FORTIFY_SOURCE)"),
    ("-fno-stack-protector", "(-fstack-protector-strong)"),
    ("-fno-stack-clash-protection", "(-fstack-clash-protection)"),
    ("-fcf-protection=none", "(-fcf-protection)"),
]


def report(check, arguments):
    command = [sys.executable, str(HERE / f"{check}.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True)


def misjudged(result, expected):
    """What is wrong with a check's result; empty if it is as expected."""
    said = result.stdout + result.stderr
    if expected is None:
        return [] if result.returncode == 0 else said.splitlines()
    if result.returncode == 0:
        return ["the check stayed green"]
    return [] if expected in said else [f"expected: {expected}", *said.splitlines()]


def try_plant(check, file, content, expected):
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory)
        for path, text in [*((name, "") for name in NEIGHBOURS), (file, content)]:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        (root / ".clang-format").write_bytes((HERE.parents[1] / ".clang-format").read_bytes())
        return misjudged(report(check, ["--root", directory]), expected)


def try_impure(content, expected):
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory)
        (root / "a.c").write_text(content)
        subprocess.run(["cc", "-O1", "-fPIE", "-c", "a.c", "-o", "a.c.o"], cwd=root, check=True)
        subprocess.run(["ar", "rc", "libfz_base.a", "a.c.o"], cwd=root, check=True)
        return misjudged(report("purity", [str(root / "libfz_base.a")]), expected)


def try_weakened(arguments, expected):
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory)
        (root / "a.c").write_text(PROGRAM)
        subprocess.run(["cc", *HARDENED, *arguments.split(), "a.c", "-o", "a"], cwd=root, check=True)
        return misjudged(report("hardening", [str(root / "a")]), expected)


def main():
    tap = house.Tap()
    for check, file, content, expected in PLANTS:
        if check == "format" and "SKIP" in report("format", ["--root", str(HERE.parents[1])]).stdout:
            continue
        statement = f"{check}: {expected or f'lawful {file}'} ({content.strip()[:30]!r})"
        tap.point(statement.replace("#", "%"), try_plant(check, file, content, expected))
    for content, expected in IMPURE:
        tap.point(f"purity: {expected or 'lawful'}", try_impure(content, expected))
    if sys.platform == "linux" and platform.machine() == "x86_64":
        for arguments, expected in WEAKENED:
            statement = f"hardening: {expected or 'lawful'} ({arguments})"
            tap.point(statement, try_weakened(arguments, expected))
    return tap.end()


sys.exit(main())
