"""The examples: each naive check is caught by the proxied scenario, each right one is right."""

import json
import os
import subprocess
import sys
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
