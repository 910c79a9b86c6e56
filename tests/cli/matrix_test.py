"""`faultzone matrix`: real verifiers are shown a scenario's signed message, each cell by itself."""

import json
import os
import tempfile
import unittest

import inside
from inside import PROXIED, Inside, has_perl_module, needs, run

GOOD = "scenarios/key/two-strings.yaml"
SERVFAIL = "scenarios/transport/servfail.yaml"
MISSING = "scenarios/entry/never-published.yaml"


def cells(*arguments, **options):
    done = run("matrix", "--json", *arguments, **options)
    return done.returncode, json.loads(done.stdout)["cells"]


def word(scenario, verifier, resolver="builtin"):
    status, found = cells("--verifiers", verifier, "--resolvers", resolver, scenario)
    return status, found[0]["expected"], found[0]["word"] or found[0]["why"]


class Verifiers(Inside):
    @needs("opendkim")
    def test_opendkim(self):
        self.assertEqual(word(GOOD, "opendkim"), (0, "pass", "pass"))
        self.assertEqual(word(SERVFAIL, "opendkim"), (0, "temperror", "temperror"))
        self.assertEqual(word(MISSING, "opendkim"), (1, "permerror", "fail"))

    @needs("dkimverify", "python3-dkim")
    def test_dkimpy(self):
        self.assertEqual(word(GOOD, "dkimpy"), (0, "pass", "pass"))
        self.assertEqual(word(SERVFAIL, "dkimpy"), (1, "temperror", "fail"))

    @unittest.skipUnless(has_perl_module("Mail::DKIM"), "Mail::DKIM is missing (apt-get install libmail-dkim-perl)")
    def test_mail_dkim(self):
        self.assertEqual(word(GOOD, "mail-dkim"), (0, "pass", "pass"))
        self.assertEqual(word(SERVFAIL, "mail-dkim"), (1, "temperror", "permerror"))

    @needs("dkimverify", "python3-dkim")
    @needs("unbound")
    def test_behind_a_real_resolver(self):
        self.assertEqual(word(GOOD, "dkimpy", "unbound"), (0, "pass", "pass"))

    @needs("dkimverify", "python3-dkim")
    def test_steps_after_a_wait_need_time(self):
        _, found = cells("--verifiers", "dkimpy", MISSING)
        self.assertEqual([cell["end"] for cell in found], ["differs", "skipped", "skipped"])
        self.assertEqual(found[1]["why"], "needs time")

    @needs("dkimverify", "python3-dkim")
    def test_a_directory_called_like_a_program_is_none(self):
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(f"{folder}/dkimverify")
            misleading = dict(os.environ, PATH=f"{folder}:{os.environ['PATH']}")
            _, found = cells("--verifiers", "dkimpy", GOOD, env=misleading)
            self.assertEqual(found[0]["word"], "pass")


class Told(unittest.TestCase):
    def test_a_step_that_nobody_can_sign_is_skipped(self):
        status, found = cells("--verifiers", "dkimpy", PROXIED)
        self.assertEqual((status, {cell["end"] for cell in found}), (0, {"skipped"}))
        self.assertIn("private half", found[0]["why"])

    def test_what_is_not_installed_is_skipped_with_its_package(self):
        elsewhere = dict(os.environ, PATH="/nonexistent")
        status, found = cells("--verifiers", "dkimpy", GOOD, env=elsewhere)
        self.assertEqual((status, found[0]["end"], found[0]["word"]), (0, "skipped", None))
        self.assertEqual(found[0]["why"], "needs package python3-dkim")

    def test_usage(self):
        with tempfile.TemporaryDirectory() as folder:
            for arguments in [
                [], ["--verifiers", "nobody", GOOD], ["--resolvers", "nobody", GOOD], ["--verifiers", "", GOOD],
                ["--resolvers", "builtin,", GOOD], [f"{folder}/nowhere.yaml"],
            ]:  # fmt: skip
                self.assertEqual(run("matrix", *arguments).returncode, 2, arguments)


inside.main()
