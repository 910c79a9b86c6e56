"""`faultzone check` inside `faultzone exec`: the set-up check as a program, on real sockets, of
simulated customers."""

import json
import os
import re
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import inside
from inside import DNS_ONLY, PROXIED, Inside, command, run

SELECTOR = ["--selector", "cs1", "--target", "cs1.domainkey.coresender.net"]

# Each customer has two things wrong at once.
ESP = """\
  esp.example:
    records: |
      k1.dkim 3600 TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
      return  3600 MX 10 mx
      return  3600 TXT "v=spf1 ip4:198.51.100.0/24 -all"
      mx      3600 A 198.51.100.25
"""

BAKER = (
    """\
scenario: the cloud is orange, and one of the servers has been switched off
zones:
"""
    + ESP
    + """\
  baker.example:
    provider: cloudflare
    proxied: [k1._domainkey]
    servers:
      ns1: {silent: true}
      ns2:
    records: |
      k1._domainkey 300 CNAME k1.dkim.esp.example.
steps:
  - wait: 1s
"""
)

FLORIST = (
    """\
scenario: no final dot on one record, the zone's name twice in the other
zones:
"""
    + ESP
    + """\
  florist.example:
    records: |
      k1._domainkey 300 CNAME k1.dkim.esp.example
      _dmarc.florist.example 300 TXT "v=DMARC1; p=none"
steps:
  - wait: 1s
"""
)

PLUMBER = (
    """\
scenario: a secondary that is a day behind, and a return path that is proxied
zones:
"""
    + ESP
    + """\
  plumber.example:
    provider: cloudflare
    proxied: [bounce]
    soa: {serial: 2026110202}
    records: |
      k1._domainkey 300 CNAME k1.dkim.esp.example.
      bounce 300 CNAME return.esp.example.
    servers:
      ns1:
      ns2:
        soa: {serial: 2026110201}
        records: |
          bounce 300 CNAME return.esp.example.
steps:
  - wait: 1s
"""
)

FISHER = (
    """\
scenario: another target for the region of the resolver
zones:
"""
    + ESP
    + """\
  fisher.example:
    by-source:
      from: [192.0.2.53, "2001:db8::53"]
      zone: region.example
      names: [k1._domainkey]
    records: |
      k1._domainkey TTL CNAME k1.dkim.esp.example.
  region.example:
    records: |
      k1._domainkey TTL CNAME return.esp.example.
steps:
  - wait: 1s
"""
)

SHOP = """\
scenario: a policy three domains above
zones:
  shop.example:
    records: |
      _dmarc 300 TXT "v=DMARC1; p=quarantine"
      www.a 300 A 198.51.100.9
steps:
  - wait: 1s
"""

UMLAUT = (
    """\
scenario: a customer with an umlaut, and a key of its own
zones:
"""
    + ESP
    + """\
  xn--mnchen-3ya.example:
    records: |
      k1._domainkey 300 CNAME k1.dkim.esp.example.
      k2._domainkey 300 TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
steps:
  - wait: 1s
"""
)

PLAN = """\
records:
  - {name: k1._domainkey, type: CNAME, value: k1.dkim.esp.example}
"""
DMARC = "  - {name: _dmarc, type: TXT, value: v=DMARC1; p=none}\n"
BOUNCE = "  - {name: bounce, type: CNAME, value: return.esp.example, role: return-path}\n"


class Check(Inside):
    def check(self, scenario, *arguments):
        return run("exec", scenario, "--", *command("check", *arguments))

    def diagnose(self, scenario, plan, domain, *arguments):
        """Exit status, and (verdict, number) of every record."""
        with tempfile.TemporaryDirectory() as folder:
            story, wanted = Path(folder) / "story.yaml", Path(folder) / "plan.yaml"
            story.write_text(scenario, encoding="utf-8")
            wanted.write_text(plan, encoding="utf-8")
            done = self.check(story, domain, "--plan", wanted, "--json", *arguments)
            self.assertEqual(done.stderr, "")
            told = json.loads(done.stdout)
            self.assertEqual(told["schema"], "faultzone/check/1")
            self.assertEqual(told["errors"], [])
            return done.returncode, [(record["verdict"], record["number"]) for record in told["records"]], told

    def test_a_proxied_key_is_declined_and_the_fix_is_told(self):
        done = self.check(PROXIED, "example.com", *SELECTOR)
        self.assertEqual(done.returncode, 1)
        self.assertTrue(done.stdout.startswith("example.com. declined\n"))
        for words in ["cause proxied (F01)", '"DNS only"', "1800 s", "Cloudflare's 104.24.0.0/14"]:
            self.assertIn(words, " ".join(done.stdout.split()))

    def test_a_good_key_is_verified(self):
        done = self.check(DNS_ONLY, "example.com", *SELECTOR, "--via", "127.0.0.1")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("verified: present", done.stdout)

    def test_servers_that_are_silent_are_no_reason_to_decline(self):
        done = self.check(
            "scenarios/transport/servers-silent.yaml", "customer.example", "--selector", "k1", "--target",
            "k1.dkim.esp.example",
        )  # fmt: skip
        self.assertEqual(done.returncode, 4)
        self.assertIn("cause silent-servers (F103)", done.stdout)

    def test_a_long_answer_is_fetched_over_tcp(self):
        done = self.check(
            "scenarios/transport/truncated-tcp-open.yaml", "customer.example", "--selector", "k1", "--target",
            "k1.dkim.esp.example", "--via", "127.0.0.1",
        )  # fmt: skip
        self.assertEqual(done.returncode, 0)

    def test_the_baker_is_proxied_and_has_a_dead_server(self):
        status, found, told = self.diagnose(BAKER, PLAN, "baker.example", "--via", "127.0.0.1")
        self.assertEqual((status, found), (1, [("declined", "F01")]))
        self.assertEqual([also["number"] for also in told["records"][0]["also"]], ["F85"])

    def test_the_florist_lacks_a_dot_and_doubles_the_zone(self):
        status, found, _ = self.diagnose(FLORIST, PLAN + DMARC, "florist.example")
        self.assertEqual((status, found), (1, [("declined", "F11"), ("declined", "F10")]))

    def test_the_plumber_has_a_stale_server_and_a_proxied_return_path(self):
        status, found, told = self.diagnose(PLUMBER, PLAN + BOUNCE, "plumber.example")
        self.assertEqual((status, found), (1, [("retry-later", "F86"), ("declined", "F03")]))
        self.assertIn("says there is no such name", told["records"][0]["why"])

    def test_a_silent_server_may_know_better(self):
        story = PLUMBER.replace("      ns1:\n", "      ns1: {silent: true}\n")
        status, found, _ = self.diagnose(story, PLAN, "plumber.example")
        self.assertEqual((status, found), (4, [("retry-later", None)]))

    def test_a_second_look_tells_a_cache_from_a_place(self):
        for ttl, number in [(300, "F77"), (1, "F92")]:
            begun = time.monotonic()
            status, found, _ = self.diagnose(
                FISHER.replace("TTL", str(ttl)), PLAN, "fisher.example", "--via", "127.0.0.1", "--wait", "2"
            )
            self.assertGreaterEqual(time.monotonic() - begun, 2)
            self.assertEqual((status, found), (4, [("retry-later", number)]))

    def test_the_organisational_domain_is_that_of_the_list(self):
        with tempfile.TemporaryDirectory() as folder:
            suffixes = Path(folder) / "suffixes"
            private = "example\n// ===BEGIN PRIVATE DOMAINS===\nshop.example\n"
            for rules, words in [("example\n", "above counts"), (private, "Only receivers that walk")]:
                suffixes.write_text(rules, encoding="utf-8")
                status, found, told = self.diagnose(
                    SHOP, "records:\n" + DMARC, "www.a.shop.example", "--public-suffix-list", suffixes
                )
                self.assertEqual((status, found), (0, [("verified", None)]))
                self.assertIn(words, told["records"][0]["why"])

    def test_many_domains_have_a_line_each(self):
        names = ["baker.example", "nobody.example", "baker.example", "a..b", "", "BAKER.example."]
        with tempfile.TemporaryDirectory() as folder:
            story, wanted, names_file = (Path(folder) / name for name in ["story.yaml", "plan.yaml", "names"])
            story.write_text(BAKER.replace("silent: true", "lame: refused"), encoding="utf-8")
            wanted.write_text(PLAN, encoding="utf-8")
            names_file.write_text("\n".join(names) + "\n", encoding="utf-8")
            done = self.check(story, "--batch", names_file, "--plan", wanted, "--rate", "1000")
        rows = list(map(json.loads, done.stdout.splitlines()))
        self.assertEqual({row["schema"] for row in rows}, {"faultzone/check/1"})
        told = sorted((row["domain"], row["records"][0]["number"]) for row in rows if not row["errors"])
        self.assertEqual(told, [("BAKER.example.", "F01"), *[("baker.example.", "F01")] * 2, ("nobody.example.", "F83")])
        bad = [(row["domain"], [error["line"] for error in row["errors"]]) for row in rows if row["errors"]]
        self.assertEqual(bad, [("a..b", [4])])
        self.assertEqual(done.returncode, 2)
        self.assertIn('names:4: "a..b" is no domain name', done.stderr)
        self.assertIn("0 verified, 4 declined, 0 to be tried again", done.stderr)

    def test_names_and_keys_are_understood_as_they_are_given(self):
        key = '"v=DKIM1; k=ed25519; " "p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="'
        with tempfile.TemporaryDirectory() as folder:
            story = Path(folder) / "story.yaml"
            story.write_text(UMLAUT, encoding="utf-8")
            for domain, selector, target, told in [
                ("München.example", "k1", "k1.dkim.esp.example", ""),
                ("münchen.example", "k1._domainkey", "k1.dkim.esp.example", "taken as the selector k1\n"),
                ("münchen.example", "k1._domainkey.münchen.example", "k1.dkim.esp.example", "the selector k1\n"),
                ("münchen.example", "k2", key, ""),
            ]:
                done = self.check(story, domain, "--selector", selector, "--target", target)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertTrue(done.stdout.startswith("xn--mnchen-3ya.example. verified\n"))
                self.assertTrue(done.stderr.endswith(told) and (told or not done.stderr), done.stderr)

    def test_a_batch_is_read_as_editors_write_it(self):
        lines = "\ufeffmünchen.example\r\n  münchen.example \r\n\r\ninfo@xn--mnchen-3ya.example\r\n"
        with tempfile.TemporaryDirectory() as folder:
            story, wanted, names_file = (Path(folder) / name for name in ["story.yaml", "plan.yaml", "names"])
            story.write_text(UMLAUT, encoding="utf-8")
            wanted.write_text(PLAN, encoding="utf-8")
            names_file.write_bytes(lines.encode())
            done = self.check(story, "--batch", names_file, "--plan", wanted)
        self.assertEqual(done.returncode, 2)
        self.assertIn("2 verified, 0 declined", done.stderr)
        self.assertIn("names:4: ", done.stderr)
        self.assertIn("did you mean xn--mnchen-3ya.example?", done.stderr)

    def test_nobody_is_asked_once_the_output_is_lost(self):
        with tempfile.TemporaryDirectory() as folder:
            wanted, names = Path(folder) / "plan.yaml", Path(folder) / "names"
            wanted.write_text(PLAN, encoding="utf-8")
            names.write_text("example.com\n" * 500, encoding="utf-8")
            batch = command("check", "--batch", names, "--plan", wanted, "--rate", "1000000")
            for where, complaint in [("> /dev/full", "No space left on device"), ("| true", "")]:
                done = run("exec", PROXIED, "--", "sh", "-c", f'{{ "$@"; echo $? >&2; }} {where}', "sh", *batch)
                self.assertEqual(done.stderr.split()[-1], "3", done.stderr)
                self.assertIn(complaint, done.stderr)
                self.assertEqual("cannot write" in done.stderr, complaint != "", done.stderr)
                declined = re.search(r"0 verified, (\d+) declined", done.stderr)
                self.assertLess(int(declined[1]), 250)


class Batch(unittest.TestCase):
    """What comes in, before anybody is asked."""

    def setUp(self):
        box = tempfile.TemporaryDirectory()
        self.addCleanup(box.cleanup)
        self.folder = Path(box.name)
        self.names = self.folder / "names"
        self.plan = self.folder / "plan.yaml"
        self.plan.write_text(PLAN, encoding="utf-8")

    def batch(self, path, *arguments, **options):
        return run("check", "--batch", path, "--plan", self.plan, *arguments, **options)

    def test_what_cannot_be_read_is_told_with_the_systems_reason(self):
        for path, sentence in [(self.folder, "Is a directory"), (self.folder / "no", "No such file or directory")]:
            done = self.batch(path)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertEqual(done.stderr, f"faultzone: {path}: {sentence}\n")
        directory = os.open(self.folder, os.O_RDONLY)
        self.addCleanup(os.close, directory)
        done = subprocess.run(
            command("check", "--batch", "-", "--plan", self.plan),
            stdin=directory, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        self.assertEqual((done.returncode, done.stderr), (2, "faultzone: -: Is a directory\n"))

    def test_no_domain_is_nothing_to_do(self):
        for text in ["", "\n\r\n\n"]:
            self.names.write_text(text, encoding="utf-8")
            done = self.batch(self.names)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertEqual(done.stderr, f"faultzone: {self.names}: there is no domain in it\n")

    def test_every_bad_line_has_a_line_of_its_own(self):
        label = "a" * 63
        long = f"{label}.{label}.{label}.{'b' * 59}"
        bad = ["a..b", "\u00e9..x", "b" * 2000, "x..\0y", long]
        self.names.write_text("\n".join(bad) + "\r\n", encoding="utf-8")
        done = self.batch(self.names)
        rows = list(map(json.loads, done.stdout.splitlines()))
        self.assertEqual(done.returncode, 2)
        self.assertEqual([row["domain"] for row in rows], [*bad[:2], "b" * 1099, "x..", long])
        self.assertEqual([row["errors"][0]["line"] for row in rows], [1, 2, 3, 4, 2])
        self.assertEqual([row["errors"][0]["file"] for row in rows], [str(self.names)] * 4 + [str(self.plan)])
        self.assertEqual(rows[0]["errors"][0]["sentence"], '"a..b" is no domain name: a label is empty')

    def test_what_only_one_domain_takes_is_refused(self):
        self.names.write_text("example.com\n", encoding="utf-8")
        for option, value in [
            ("--selector", "k1"), ("--target", "x"), ("--wait", "1"), ("--typed-at", "192.0.2.1"),
            ("--earlier-server", "192.0.2.1"), ("--registry-status", "hold"),
        ]:  # fmt: skip
            done = self.batch(self.names, option, value)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertEqual(done.stderr, f"faultzone: check --batch FILE takes no {option}\n")


class Usage(unittest.TestCase):
    def test_what_is_wrong_with_the_command_line(self):
        for arguments, sentence in [
            ([], "one DOMAIN"), (["example.com"], "--plan FILE"), (["a..b", *SELECTOR], "is no domain name"),
            (["example.com", *SELECTOR, "--via", "nowhere"], "address of a resolver"),
            (["example.com", *SELECTOR, "--typed-at", "nowhere"], "address of a name server"),
            (["example.com", *SELECTOR, "--registry-status", "gone"], "cannot be"),
            (["example.com", *SELECTOR, "--root-hints", "nowhere"], "nowhere"),
            (["example.com", *SELECTOR, "--wait", "0"], "--wait wants a number"),
            (["example.com", *SELECTOR, "--public-suffix-list", "nowhere"], "nowhere"),
            (["example.com", *SELECTOR, "--public-suffix-list", "/dev/null"], "is no list of public suffixes"),
            (["info@example.com", *SELECTOR], "it is an e-mail address; did you mean example.com?"),
            (["https://example.com/", *SELECTOR], "it is a URL or a path; did you mean example.com?"),
            (["example.com:53", *SELECTOR], "a colon in it; did you mean example.com?"),
            (["our customer", *SELECTOR], "a blank in it"), (["straße.example", *SELECTOR], "xn--"),
            (["example.com", "--selector", "k1._domainkey.example.net", "--target", "a.b"], "has `_domainkey` in it"),
            (["example.com", "--selector", "k1", "--target", '"v=DKIM1; p=AAA'], "closing quote is missing"),
            (["example.com", "--selector", "k1", "--target", "v=DKIM1; k=rsa"], "no key record: there is no p="),
            (["example.com", "--selector", "k1", "--target", "v=DKIM1; p=MIG"], "p= ends before its key does"),
            (["example.com", "--selector", "k1", "--target", "https://a.b/"], "it is a URL"),
            (["--batch", "names"], "needs --plan FILE"), (["--batch", "nowhere", "--plan", "nowhere"], "nowhere"),
            (["--batch", "names", "--plan", "plan", "--rate", "0"], "--rate wants a number"),
            (["example.com", *SELECTOR, "--rate", "5"], "--rate is for --batch"),
        ]:  # fmt: skip
            done = run("check", *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""), arguments)
            self.assertIn(sentence, done.stderr)

    def test_errors_are_json_too(self):
        for arguments, domain, sentence in [
            (["a..b", *SELECTOR], "a..b", '"a..b" is no domain name: a label is empty'),
            ([], None, "check needs one DOMAIN"),
            (["example.com", *SELECTOR, "--via", "x"], "example.com", '--via wants the address of a resolver, not "x"'),
        ]:
            done = run("check", "--json", *arguments)
            told = json.loads(done.stdout)
            self.assertEqual((done.returncode, told["schema"], told["domain"]), (2, "faultzone/check/1", domain))
            self.assertEqual([error["sentence"] for error in told["errors"]], [sentence])
            self.assertEqual(done.stderr, f"faultzone: {sentence}\n")

    def test_what_is_wrong_with_a_plan_is_told_with_its_place(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "plan.yaml"
            for text, place in [
                ("records: []\n", ":1:10: error: records: a plan has 1 to 32 records"),
                ("record: []\n", ":1:1: error: unknown key `record` in a plan; did you mean `records`?"),
                ("records:\n  - {name: a, type: CNAME}\n", ":2:5: error: "),
                ("records:\n  - {name: a, type: CNAME, value: a..b}\n", ":2:35: error: "),
                ("records:\n  - {name: a, type: SRV, value: b}\n", ":2:33: error: "),
                ("records:\n  - {name: a, type: MX, value: b, role: mail}\n", ":2:"),
                ("records:\n  - {name: a.example.com, type: MX, value: b}\n", "write `a`, or end it with a dot"),
                ("records:\n  - {name: a@example.com, type: MX, value: b}\n", "did you mean `example.com`?"),
                ("records:\n  - {name: k1._domainkey, type: TXT, value: v=DKIM1}\n", ":2:45: error: this is no key"),
                ("records:\n  - {name: a, type: TXT, value: 'a', role: dkim}\n", ":2:33: error: this is no key"),
            ]:
                path.write_text(text, encoding="utf-8")
                done = run("check", "example.com", "--plan", path)
                self.assertEqual((done.returncode, done.stdout), (2, ""), text)
                self.assertIn(place, done.stderr)
                (error,) = json.loads(run("check", "example.com", "--plan", path, "--json").stdout)["errors"]
                self.assertEqual(error["file"], str(path))
                self.assertIn(f"{path}:{error['line']}:{error['column']}: error: {error['sentence']}", done.stderr)


inside.main()
