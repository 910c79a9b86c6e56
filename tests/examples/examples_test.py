"""The examples: each naive check is caught by the proxied scenario, each right one is right."""

import json
import os
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


class Embedded(unittest.TestCase):
    """The C example, against the library as it is installed."""

    def run_in(self, folder, *command, **variables):
        return subprocess.run(
            command, cwd=folder, env={**os.environ, **variables},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    @unittest.skipIf(SANITIZED, "a sanitized library needs a sanitized program")
    @needs("cc", "gcc")
    @needs("pkg-config")
    @needs("meson")
    def test_it_builds_and_passes_by_its_readme(self):
        with tempfile.TemporaryDirectory() as folder:
            build = Path(inside.PROGRAM).parents[1]
            installed = self.run_in(folder, "meson", "install", "-C", build, "--destdir", folder, "--no-rebuild")
            self.assertEqual(installed.returncode, 0, installed.stdout + installed.stderr)
            package = next(Path(folder).rglob("faultzone.pc")).parent
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
