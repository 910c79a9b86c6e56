"""`faultzone sign`: what it signs, real verifiers verify, inside the scenario whose zones hold the key."""

import tempfile
import unittest
from pathlib import Path

import inside
from inside import PROXIED, Inside, has_perl_module, needs, run

KEYS = """\
scenario: keys of every kind
keys:
  k1: {rsa: 2048}
  k2: {ed25519: true}
  k3: {rsa: 1024}
zones:
  customer.example:
    records: |
      k1._domainkey 300 TXT "v=DKIM1; k=rsa; p=${key:k1}"
      k2._domainkey 300 TXT "v=DKIM1; k=ed25519; p=${key:k2}"
      k3._domainkey 300 TXT "v=DKIM1; k=rsa; p=${key:k3}"
steps:
  - dkim: k1._domainkey.customer.example
    expect: {result: pass, key: {type: rsa, bits: 2048}}
  - dkim: k2._domainkey.customer.example
    expect: {result: pass}
  - dkim: {name: k3._domainkey.customer.example, i: "@mail.customer.example"}
    expect: {result: pass}
  - dkim: {name: k3._domainkey.customer.example, sign-with: k1}
    expect: {result: fail}
  - lookup: k1._domainkey.customer.example TXT
"""

MAIL_DKIM = r"""
use Mail::DKIM::Verifier;
my $verifier = Mail::DKIM::Verifier->new;
while (<STDIN>) { s/\r?\n$//; $verifier->PRINT("$_\r\n") }
$verifier->CLOSE;
print $verifier->result_detail, "\n";
"""


class Signed(Inside):
    def verified(self, step, *verifier):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "keys.yaml"
            path.write_text(KEYS, encoding="utf-8")
            self.assertEqual(run("run", path).returncode, 0)
            message = run("sign", "--step", step, path)
            self.assertEqual((message.returncode, message.stderr), (0, ""))
            return run("exec", path, *verifier, stdin=message.stdout).stdout.strip()

    @needs("dkimverify", "python3-dkim")
    def test_dkimpy_verifies_every_kind_of_key(self):
        said = [self.verified(step, "dkimverify") for step in (1, 2, 3, 4)]
        self.assertEqual(said, ["signature ok"] * 3 + ["signature verification failed"])

    @unittest.skipUnless(has_perl_module("Mail::DKIM"), "Mail::DKIM is missing (apt-get install libmail-dkim-perl)")
    def test_mail_dkim_verifies_rsa(self):
        said = [self.verified(step, "perl", "-e", MAIL_DKIM) for step in (1, 3)]
        self.assertEqual(said, ["pass", "pass"])
        self.assertTrue(self.verified(4, "perl", "-e", MAIL_DKIM).startswith("fail"))


class Told(unittest.TestCase):
    def test_the_same_file_gives_the_same_message(self):
        path = "scenarios/key/two-strings.yaml"
        first, second = run("sign", path), run("sign", path)
        self.assertTrue(first.stdout.startswith("DKIM-Signature: v=1; a=rsa-sha256; "))
        self.assertEqual(first.stdout, second.stdout)

    def test_why_there_is_no_message(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "keys.yaml"
            path.write_text(KEYS, encoding="utf-8")
            for arguments, sentence in [
                (["--step", "5", path], "step 5 is no dkim step"), (["--step", "9", path], "step 9 is no dkim step"),
                ([PROXIED], "nobody has the private half of its key"), (["nowhere.yaml"], "nowhere.yaml"),
            ]:  # fmt: skip
                done = run("sign", *arguments)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn(sentence, done.stderr)


inside.main()
