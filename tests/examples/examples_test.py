"""The examples: each naive check is caught by the proxied scenario, each right one is right."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "cli"))
import inside  # noqa: E402
from inside import PYTHON, Inside, needs  # noqa: E402


def has_dnspython():
    return subprocess.run([PYTHON, "-c", "import dns.resolver"], stderr=subprocess.DEVNULL, check=False).returncode == 0


class Examples(Inside):
    def check(self, *command):
        done = subprocess.run(
            ["sh", "examples/check.sh", *command], env={**os.environ, "FAULTZONE": inside.PROGRAM},
            capture_output=True, text=True, timeout=120, cwd=inside.ROOT, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout.splitlines()

    def caught_and_mended(self, interpreter, folder, ending, said):
        naive = self.check(interpreter, f"examples/{folder}/naive.{ending}")
        right = self.check(interpreter, f"examples/{folder}/right.{ending}")
        healthy = "dns-only: 0, as it should be"
        self.assertEqual(naive, (1, [healthy, f"proxied: {said}, but it should be 1"]))
        self.assertEqual(right, (0, [healthy, "proxied: 1, as it should be"]))

    @unittest.skipUnless(has_dnspython(), "dnspython is missing (apt-get install python3-dnspython)")
    def test_python(self):
        self.caught_and_mended(PYTHON, "python", "py", 0)

    @needs("node", "nodejs")
    def test_node(self):
        self.caught_and_mended("node", "node", "js", 4)

    @needs("host", "bind9-host")
    def test_shell(self):
        self.caught_and_mended("sh", "shell", "sh", 0)


SANITIZED = os.environ.get("FAULTZONE_SANITIZED", "none") != "none"


class Library(unittest.TestCase):
    """Programs against the library as it is installed."""

    def run_in(self, folder, *command, **variables):
        return subprocess.run(
            command, cwd=folder, env={**os.environ, **variables},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    def install(self, folder):
        """Into `folder`, as `ninja install` does. The directory of the library's pkg-config file."""
        build = Path(inside.PROGRAM).parents[1]
        installed = self.run_in(folder, "meson", "install", "-C", build, "--destdir", folder, "--no-rebuild")
        self.assertEqual(installed.returncode, 0, installed.stdout + installed.stderr)
        return next(Path(folder).rglob("faultzone.pc")).parent


class Embedded(Library):
    """The C example."""

    @unittest.skipIf(SANITIZED, "a sanitized library needs a sanitized program")
    @needs("cc", "gcc")
    @needs("pkg-config")
    @needs("meson")
    def test_it_builds_and_passes_by_its_readme(self):
        with tempfile.TemporaryDirectory() as folder:
            package = self.install(folder)
            flags = self.run_in(
                folder, "pkg-config", "--cflags", "--libs", "faultzone", "check",
                PKG_CONFIG_PATH=str(package), PKG_CONFIG_SYSROOT_DIR=folder,
            )  # fmt: skip
            self.assertEqual(flags.returncode, 0, flags.stderr)
            libraries = flags.stdout.replace(f"{folder}{folder}", folder).split()
            source = inside.ROOT / "examples/c/proxied_test.c"
            built = self.run_in(folder, "cc", "-Wall", "-Wextra", "-Werror", "-o", "proxied_test", source, *libraries)
            self.assertEqual(built.returncode, 0, built.stderr)
            done = self.run_in(inside.ROOT, f"{folder}/proxied_test", LD_LIBRARY_PATH=str(package.parent))
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn("100%: Checks: 4, Failures: 0, Errors: 0", done.stdout)

    @unittest.skipIf(SANITIZED, "names of the sanitizers are seen too")
    @needs("nm", "binutils")
    def test_nothing_but_the_public_names_is_seen(self):
        library = next((Path(inside.PROGRAM).parents[1] / "harness").glob("libfaultzone.so.?.?.?"))
        names = [line.split()[-1] for line in self.run_in("/", "nm", "-D", "--defined-only", library).stdout.splitlines()]
        header = (inside.ROOT / "harness/faultzone.h").read_text(encoding="utf-8")
        self.assertGreater(len(names), 5)
        for name in names:
            self.assertTrue(f"{name}(" in header or name == "faultzone", name)


def has_library(name):
    return shutil.which("pkg-config") and subprocess.run(["pkg-config", "--exists", name], check=False).returncode == 0


@unittest.skipIf(SANITIZED, "a sanitized library needs a sanitized program")
@unittest.skipUnless(has_library("libcares"), "c-ares is missing (apt-get install libc-ares-dev)")
@needs("pkg-config")
@needs("meson")
class Fuzzing(Library):
    """The fuzzing example, by the commands of its README."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.package = self.install(folder.name)
        description = self.package / "faultzone.pc"
        text = description.read_text(encoding="utf-8")
        description.write_text(text.replace("prefix=/", f"prefix={folder.name}/", 1), encoding="utf-8")
        self.sources = Path(folder.name) / "fuzzing"
        shutil.copytree(inside.ROOT / "examples/fuzzing", self.sources)

    def commands(self, beginning):
        """The README's block that begins so."""
        readme = (self.sources / "README.md").read_text(encoding="utf-8")
        blocks = re.findall(r"^```sh\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
        return next(block for block in blocks if block.startswith(beginning))

    def follow(self, beginning):
        done = self.run_in(
            self.sources, "sh", "-ec", self.commands(beginning),
            PKG_CONFIG_PATH=str(self.package), LD_LIBRARY_PATH=str(self.package.parent),
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    def found(self, beginning):
        status, said = self.follow(beginning)
        self.assertNotEqual(status, 0, said)
        self.assertIn("AddressSanitizer: stack-buffer-overflow", said)
        self.assertRegex(said, r"'lookup'.* overflows this variable")

    @needs("clang")
    def test_libfuzzer_finds_the_planted_bug_and_replays_it(self):
        self.found("clang -g -O1 -fsanitize")
        self.found("VERBOSE=1")
        self.assertRegex(self.follow("VERBOSE=1")[1], r"# so far: [a-z+ -]*text")

    @needs("clang")
    def test_libfuzzer_finds_nothing_in_what_is_mended(self):
        status, said = self.follow("clang -g -O1 -DMENDED")
        self.assertEqual(status, 0, said)
        self.assertIn("Done 10000 runs", said)

    @needs("gcc")
    def test_random_inputs_find_the_planted_bug_without_a_fuzzer(self):
        self.found("gcc ")


# Reads `argv[1]` octets more than the answer has.
READS_ON = """
#include <faultzone.h>
#include <stdlib.h>
static const unsigned char query[] = "\\1\\2\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\0\\0\\2\\0\\1"; /* . NS */
int main(int argc, char **argv)
{
    struct faultzone *world = faultzone_open_text("scenario: x\\nzones: {}\\n", 1, NULL, 0);
    struct faultzone_arrival answer;
    unsigned sum = 0;
    if (argc < 2 || world == NULL ||
        faultzone_exchange(world, FAULTZONE_UDP, NULL, query, sizeof query - 1, &answer) != FAULTZONE_ANSWERED) {
        return 2;
    }
    for (size_t i = 0; i < answer.size + (size_t)atoi(argv[1]); i++) {
        sum += answer.octets[i];
    }
    faultzone_close(world);
    return sum == 0;
}
"""


@unittest.skipIf(SANITIZED, "a sanitized library needs a sanitized program")
@needs("gcc")
class Watched(Library):
    def test_one_octet_behind_an_answer_is_seen_by_a_sanitizer(self):
        with tempfile.TemporaryDirectory() as folder:
            library = self.install(folder).parent
            (Path(folder) / "reads_on.c").write_text(READS_ON, encoding="utf-8")
            header = next(Path(folder).rglob("faultzone.h")).parent
            built = self.run_in(
                folder, "gcc", "-g", "-fsanitize=address", f"-I{header}", "-o", "reads_on", "reads_on.c",
                f"-L{library}", "-lfaultzone",
            )  # fmt: skip
            self.assertEqual(built.returncode, 0, built.stderr)
            done = [self.run_in(folder, "./reads_on", more, LD_LIBRARY_PATH=str(library)) for more in ["0", "1"]]
            self.assertEqual(done[0].returncode, 0, done[0].stderr)
            self.assertNotEqual(done[1].returncode, 0)
            self.assertIn("use-after-poison", done[1].stderr)


class Files(unittest.TestCase):
    def test_files_for_ci_are_yaml_and_name_commands_that_exist(self):
        yaml = None
        try:
            import yaml
        except ImportError:
            self.skipTest("PyYAML is missing (apt-get install python3-yaml)")
        for name in ["github-actions.yml", "gitlab-ci.yml"]:
            text = (inside.ROOT / "examples/ci" / name).read_text(encoding="utf-8")
            words = json.dumps(yaml.safe_load(text))
            self.assertIn("faultzone run", words)
            self.assertIn("faultzone exec", words)


inside.main()
