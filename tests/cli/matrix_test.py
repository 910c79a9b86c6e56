"""`faultzone matrix`: scenarios against the real programs that are installed."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import inside
from inside import Inside, needs, run

HEALTHY = "scenarios/key/two-strings.yaml"
REVOKED = "scenarios/key/revoked.yaml"
VERIFIERS = ["opendkim", "dkimpy", "mail-dkim", "rspamd", "exim"]

RSA = """\
scenario: a healthy key
keys:
  k1: {rsa: 1024}
zones:
  customer.example:
    records: |
      k1._domainkey 300 TXT "v=DKIM1; k=rsa; p=${key:k1}"
steps:
  - dkim: k1._domainkey.customer.example
"""

STATED = """\
scenario: a deviation that is none
zones:
  customer.example:
    records: |
      k1._domainkey 300 TXT "v=DKIM1; k=ed25519; p=bd713pTE+gAUvB6aZwcHlzXjxoT+jR1f+9LN2HnRSnE="
steps:
  - dkim: k1._domainkey.customer.example
    deviations: {builtin: fail, source: a test}
"""
RESOLVERS = ["builtin", "unbound", "named", "kresd", "pdns-recursor", "dnsmasq"]


class Matrix(Inside):
    def matrix(self, *arguments):
        done = run("matrix", "--json", *arguments)
        table = json.loads(done.stdout)
        self.assertEqual(table["schema"], "faultzone/matrix/1")
        return done, {cell["peer"]: cell for row in table["rows"] for cell in row["cells"]}

    def judge(self, peers, cells, word):
        """What is installed said `word`; the rest is skipped with its package."""
        self.assertEqual(sorted(cells), sorted(peers))
        for peer, cell in cells.items():
            if cell["state"] == "skipped":
                self.assertIn("not installed (apt-get install ", cell["said"])
            else:
                self.assertEqual(cell["result"], word, (peer, cell))

    def test_every_verifier_passes_a_healthy_key(self):
        done, cells = self.matrix("--resolvers", "none", HEALTHY)
        self.judge(VERIFIERS, cells, "pass")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_every_resolver_finds_a_healthy_key(self):
        done, cells = self.matrix("--verifiers", "none", HEALTHY)
        self.judge(RESOLVERS, cells, "pass")
        self.assertEqual(cells["builtin"]["said"], "pass, rsa 2048 bits")
        self.assertEqual(done.returncode, 0)

    @unittest.skipUnless(os.environ.get("CI") == "true", "only where all of them are installed on purpose: in CI")
    def test_nobody_is_missing(self):
        done, _ = self.matrix("--may-skip", "none", HEALTHY)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    @unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
    @needs("setpriv")
    def test_it_works_without_privileges(self):
        drop = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
        with inside.public_copy(HEALTHY) as folder:
            keys = Path(folder) / "keys.yaml"
            keys.write_text(RSA, encoding="utf-8")
            done = subprocess.run(
                [*drop, "./faultzone", "matrix", "--json", "keys.yaml"],
                cwd=folder, capture_output=True, text=True, timeout=120, check=False,
            )  # fmt: skip
        cells = {cell["peer"]: cell for row in json.loads(done.stdout)["rows"] for cell in row["cells"]}
        self.judge(RESOLVERS + VERIFIERS, cells, "pass")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_no_verifier_passes_a_revoked_key(self):
        _, cells = self.matrix("--resolvers", "none", REVOKED)
        for peer, cell in cells.items():
            self.assertNotEqual(cell["result"], "pass", peer)

    def test_another_word_is_a_finding_unless_it_is_stated(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "stated.yaml"
            path.write_text(STATED, encoding="utf-8")
            done = run("matrix", "--resolvers", "builtin", "--verifiers", "none", path)
        self.assertEqual(done.returncode, 1)
        self.assertIn("pass+", done.stdout)
        self.assertIn("as expected, though a deviation is stated", done.stdout)

    def test_files_that_do_not_load_are_in_the_document(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bad.yaml"
            path.write_text(STATED.replace("zones:", "zonse:"), encoding="utf-8")
            done = run("matrix", "--json", "--resolvers", "builtin", "--verifiers", "none", path)
        document = json.loads(done.stdout)
        self.assertEqual((done.returncode, document["rows"]), (2, []))
        self.assertIn((str(path), 2), [(error["file"], error["line"]) for error in document["errors"]])

    def test_reports_are_written(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ["html", "markdown", "text", "json"]:
                path = Path(folder) / name
                run("matrix", "--resolvers", "builtin", "--verifiers", "none", "--report", f"{name}:{path}", HEALTHY)
                self.assertIn("pass", path.read_text(encoding="utf-8"))

    def test_a_report_that_cannot_be_written_is_told(self):
        builtin = ["matrix", "--resolvers", "builtin", "--verifiers", "none", HEALTHY]
        for arguments in (["-o", "/dev/full"], ["--report", "json:/dev/full"]):
            done = run(*builtin, *arguments)
            self.assertEqual(done.returncode, 3)
            self.assertEqual(done.stderr, "faultzone: /dev/full: cannot be written: No space left on device\n")
        done = run(*builtin, "--report", "json:-", "-o", os.devnull)
        self.assertEqual(len(json.loads(done.stdout)["rows"]), 1)

    def test_steps_behind_a_wait_need_time(self):
        done = run("matrix", "--resolvers", "builtin", "--verifiers", "none", "scenarios/entry/never-published.yaml")
        self.assertIn("SKIP builtin: needs time", done.stdout)


class Usage(unittest.TestCase):
    def test_what_is_wrong_is_told(self):
        for arguments, sentence in [
            (["--resolvers", "nobody-known"], '--resolvers: there is no "nobody-known"; faultzone help matrix lists them'),
            (["--resolvers", "unbuond"], '--resolvers: there is no "unbuond"; did you mean unbound?'),
            (["--resolvers", "unbound,dkimpy"], "dkimpy is a verifier, no resolver; did you mean --verifiers dkimpy?"),
            (["--verifiers", "named"], "named is a resolver, no verifier; did you mean --resolvers named?"),
            (["--verifiers", "builtin"], "builtin is a resolver, no verifier; did you mean --resolvers builtin?"),
            (["--may-skip", "exim,kresd,exin"], '--may-skip: there is no "exin"; did you mean exim?'),
            (["--resolvers", "none", "--verifiers", "none"], "there is nobody to ask"),
            (["-o", "/nowhere/x"], "/nowhere/x: No such file or directory"),
            (["--report", "json:/nowhere/x"], "/nowhere/x: No such file or directory"),
            (["--report", "json:-"], "two reports cannot both go to standard output"),
            (["--report", "json:"],
             '--report wants text:FILE, json:FILE, html:FILE or markdown:FILE, not "json:"'),
            (["--report", "tap:x"],
             '--report wants text:FILE, json:FILE, html:FILE or markdown:FILE, not "tap:x"'),
        ]:  # fmt: skip
            done = run("matrix", *arguments, HEALTHY)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertEqual(done.stderr, f"faultzone: {sentence}\n")


inside.main()
