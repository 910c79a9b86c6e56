"""The built program from outside: what it prints where, and how it ends."""

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
import tap  # noqa: E402

PROGRAM = ""
ROOT = Path()

KEY = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

SCENARIO = """\
scenario: a key {title}
zones:
  customer.example:
    provider: cloudflare
    proxied: {proxied}
    records: |
      k1._domainkey 300 CNAME k1.esp.example.
  esp.example:
    records: |
      k1 300 TXT "{key}"
steps:
  - dkim: k1._domainkey.customer.example
    expect: {{result: {result}}}
  - setup: {{name: k1._domainkey.customer.example, type: CNAME, value: k1.esp.example}}
    expect: {{verdict: {verdict}}}
"""


def scenario(title="is found", proxied="[]", result="pass", verdict="verified"):
    return SCENARIO.format(title=title, proxied=proxied, result=result, verdict=verdict, key=KEY)


def run(*arguments, cwd=None, env=None):
    """Runs the program; a hang is a failure."""
    return subprocess.run(
        [PROGRAM, *map(str, arguments)],
        capture_output=True, text=True, cwd=cwd, timeout=60,
        env={**os.environ, "NO_COLOR": "", **(env or {})},
    )  # fmt: skip


class InFolder(unittest.TestCase):
    """A folder with one good scenario, one that fails and one that cannot be loaded."""

    def setUp(self):
        self.box = tempfile.TemporaryDirectory()
        self.folder = Path(self.box.name)
        self.good = self.write("a-good.yaml", scenario())
        self.bad = self.write("b-bad.yaml", scenario("is missed", result="permerror"))
        self.broken = self.write("c-broken.yaml", scenario().replace("zones:", "zonse:"))

    def tearDown(self):
        self.box.cleanup()

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path


class Status(InFolder):
    def test_all_as_expected_is_0(self):
        done = run("run", self.good)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("1 scenario: 1 as expected; 2 expectations", done.stdout)
        self.assertEqual(done.stderr, "")

    def test_an_unmet_expectation_is_1(self):
        done = run("run", self.good, self.bad)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"{self.bad}:13:14: step 1, dkim", done.stdout)
        self.assertRegex(done.stdout, r"expected  result: permerror\n +seen      pass")
        self.assertIn("why\n", done.stdout)
        self.assertIn("customer.example", done.stdout)

    def test_a_file_that_cannot_be_loaded_is_2_and_the_others_run(self):
        done = run("run", self.broken, self.good)
        self.assertEqual(done.returncode, 2)
        self.assertIn("c-broken.yaml:2:1: error: ", done.stderr)
        self.assertIn("zones", done.stderr)
        self.assertIn("zonse:", done.stderr)
        self.assertRegex(done.stdout, r"ok +a-good")
        self.assertIn("1 as expected, 1 not loaded", done.stdout)
        self.assertIn("did you mean `zones`?", done.stdout)
        self.assertNotIn("is missing", done.stdout + done.stderr)  # it was misspelt

    def test_what_does_not_exist_is_2(self):
        done = run("run", self.folder / "nowhere.yaml")
        self.assertEqual(done.returncode, 2)
        self.assertIn("nowhere.yaml: error: ", done.stderr)

    def test_nothing_to_run_is_2(self):
        empty = self.folder / "empty"
        empty.mkdir()
        self.assertEqual(run("run", empty).returncode, 2)
        done = run("run", cwd=empty)
        self.assertEqual(done.returncode, 2)
        self.assertIn("./scenarios", done.stderr)
        self.assertEqual(run("run", self.good, "--filter", "zzz").returncode, 2)

    def test_a_report_that_cannot_be_written_is_3(self):
        for arguments in (["-o", "/dev/full"], ["--report", "json:/dev/full"]):
            done = run("run", self.good, *arguments)
            self.assertEqual(done.returncode, 3, arguments)
            self.assertEqual(done.stderr, "faultzone: /dev/full: cannot be written: No space left on device\n")

    def test_a_time_limit_is_124(self):
        # a minute of scenarios, a second of time
        text = scenario() + "  - wait: 1s\n  - dkim: k1._domainkey.customer.example\n" * 450
        slow = [self.write(f"slow-{i}.yaml", text) for i in range(1000)]
        done = run("run", self.folder, "--filter", "slow", "--time-limit", "1", "-j", "1")
        if done.returncode == 0:
            self.skipTest(f"{len(slow)} scenarios in less than a second")
        self.assertEqual(done.returncode, 124)
        self.assertIn("time limit", done.stderr)

    def test_a_reader_that_goes_away_is_no_crash(self):
        with subprocess.Popen(
            [PROGRAM, "reference"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as child:
            child.stdout.close()
            self.assertEqual(child.stderr.read(), b"")
            self.assertGreaterEqual(child.wait(timeout=30), 0)

    def closed(self, streams, *arguments):
        command = f'exec "$0" "$@" {streams}'
        return subprocess.run(["/bin/sh", "-c", command, PROGRAM, *map(str, arguments)],
                              capture_output=True, text=True, timeout=30)

    def test_what_is_opened_takes_no_closed_streams_place(self):
        report = self.folder / "report.xml"
        self.closed("2>&-", "run", self.broken, "--format", "junit", "-o", report)
        xml.parse(report)  # no message in it
        self.assertEqual(self.closed(">&-", "run", self.good).returncode, 3)
        self.assertEqual(self.closed(">&-", "serve", "--port", "0", self.good).returncode, 3)
        without = self.closed("<&-", "matrix", "--resolvers", "builtin", "--verifiers", "none", self.good)
        self.assertEqual((without.returncode, without.stderr), (0, ""))

    def test_a_closed_stdout_is_told(self):
        done = subprocess.run(
            ["/bin/sh", "-c", '"$0" list "$1" >&-', PROGRAM, str(self.good)],
            capture_output=True, text=True, timeout=30,
        )  # fmt: skip
        self.assertEqual(done.returncode, 3)

    def test_the_systems_reason_is_told(self):
        for command in ("run", "list"):
            done = subprocess.run(
                ["/bin/sh", "-c", '"$0" "$@" >/dev/full', PROGRAM, command, str(self.good)],
                capture_output=True, text=True, timeout=30,
            )  # fmt: skip
            self.assertEqual(done.returncode, 3)
            self.assertEqual(done.stderr, "faultzone: cannot write the results: No space left on device\n")


class Usage(InFolder):
    def assert_usage(self, arguments, *words):
        done = run(*arguments)
        self.assertEqual(done.returncode, 2, arguments)
        self.assertEqual(done.stdout, "")
        for word in words:
            self.assertIn(word, done.stderr)

    def test_an_unknown_command_is_answered_with_the_right_one(self):
        self.assert_usage(["rnu"], 'no command "rnu"', "did you mean run?")

    def test_an_unknown_option_is_answered_with_the_right_one(self):
        self.assert_usage(["run", "--sead", "1"], "no option --sead", "did you mean --seed?")

    def test_another_commands_option_is_unknown(self):
        self.assert_usage(["list", "--packets"], "no option --packets")

    def test_a_value_must_be_one_of_the_choices(self):
        self.assert_usage(["run", "--format", "jsn"], "did you mean json?")

    def test_a_number_must_be_one(self):
        for value in ("abc", "-1", "", "1x", "0x", "99999999999999999999999"):
            self.assert_usage(["run", self.good, f"--seed={value}"], "--seed wants a number")
        self.assert_usage(["run", self.good, "-j", "0"], "from 1 to")
        self.assert_usage(["serve", self.good, "--port", "65536"], "from 0 to 65535")

    def test_a_missing_value_is_told(self):
        self.assert_usage(["run", "--seed"], "--seed needs a value")

    def test_a_switch_takes_no_value(self):
        self.assert_usage(["run", "--fail-fast=yes"], "--fail-fast takes no value")

    def test_a_report_needs_format_and_file(self):
        for value in ("junit", "junit:", ":x", "xml:x"):
            self.assert_usage(["run", self.good, "--report", value], "--report wants")

    def test_show_and_serve_want_one_file(self):
        for command in ("show", "serve"):
            self.assert_usage([command], "wants one scenario file")
            self.assert_usage([command, self.good, self.bad], "wants one scenario file")
            self.assert_usage([command, self.folder], "is a directory")

    def test_no_command_is_usage(self):
        self.assert_usage([], "usage: faultzone")

    def test_what_comes_from_the_command_line_is_escaped(self):
        done = run("run", "no\033[31mthing.yaml")
        self.assertEqual(done.returncode, 2)
        self.assertNotIn("\033", done.stdout + done.stderr)

    def test_help_is_for_one_command(self):
        self.assert_usage(["help", "run", "list"], "one command at a time")

    def test_two_reports_do_not_go_to_one_place(self):
        (self.folder / "link").symlink_to(self.folder / "out")
        for arguments, place in (
            (["-o", self.folder / "out", "--report", f"json:{self.folder}/./out"], f"{self.folder}/./out"),
            (["-o", self.folder / "out", "--report", f"json:{self.folder}/link"], f"{self.folder}/link"),
            (["--report", "json:-"], "standard output"),
            (["--report", "tap:-", "--format", "json"], "standard output"),
            (["--report", f"json:{self.folder}/out", "--report", f"tap:{self.folder}/out"], f"{self.folder}/out"),
        ):
            self.assert_usage(["run", self.good, *arguments], f"two reports cannot both go to {place}\n")
        self.assertEqual(run("run", self.good, "-o", os.devnull, "--report", f"json:{os.devnull}").returncode, 0)

    def test_nothing_is_written_before_all_reports_are_open(self):
        self.assert_usage(["run", self.good, "--format", "json", "--report", "xml:x"], "--report wants")

    def test_help_is_on_stdout(self):
        for arguments in (["help"], ["--help"], ["-h"], ["run", "--help"], ["help", "run"]):
            done = run(*arguments)
            self.assertEqual(done.returncode, 0)
            self.assertIn("usage: faultzone", done.stdout)
            self.assertEqual(done.stderr, "")
            self.assertLessEqual(max(map(len, done.stdout.splitlines())), 100)

    def test_every_command_and_option_is_told(self):
        commands = re.findall(r"^  (\w+) ", run("help").stdout.split("Exit")[0], re.M)
        self.assertIn("serve", commands)
        for command in commands:
            told = run("help", command).stdout
            self.assertIn("--help", told)

    def test_version(self):
        done = run("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^faultzone \d+\.\d+\.\d+\n$")


class Reports(InFolder):
    def all_formats(self, *arguments):
        return {
            name: run("run", self.folder, "--format", name, *arguments).stdout
            for name in ("text", "tap", "junit", "json", "jsonl", "github", "html")
        }

    def test_threads_change_no_octet(self):
        self.assertEqual(self.all_formats("-j", "1"), self.all_formats("-j", "7"))

    def test_junit_is_xml_with_a_suite_each(self):
        root = xml.fromstring(run("run", self.folder, "--format", "junit").stdout)
        suites = {suite.get("name"): suite for suite in root}
        self.assertEqual(set(suites), {"a-good", "b-bad", "c-broken"})
        self.assertEqual(suites["b-bad"].get("failures"), "1")
        self.assertEqual(suites["c-broken"].get("errors"), "1")
        for suite in root:
            cases = suite.findall("testcase")
            self.assertEqual(len(cases), int(suite.get("tests")))
            self.assertEqual({case.get("classname") for case in cases}, {suite.get("name")})
            names = [case.get("name") for case in cases]
            self.assertEqual(len(names), len(set(names)))

    def test_json_is_a_document_with_a_schema(self):
        document = json.loads(run("run", self.folder, "--format", "json").stdout)
        self.assertEqual(list(document)[0], "schema")
        good, bad, broken = document["scenarios"]
        self.assertEqual(
            [s["status"] for s in (good, bad, broken)], ["passed", "failed", "unloaded"]
        )
        self.assertEqual(bad["findings"][0]["judgement"], "unmet")
        self.assertIn("pass", bad["findings"][0]["seen"])
        self.assertIn(2, [error["line"] for error in broken["errors"]])
        self.assertEqual(document["summary"]["scenarios"], 3)

    def test_jsonl_is_an_event_a_line(self):
        lines = run("run", self.folder, "--format", "jsonl").stdout.splitlines()
        events = [json.loads(line)["event"] for line in lines]
        self.assertEqual(events, ["begin", "scenario", "scenario", "scenario", "end"])

    def test_json_and_jsonl_are_formats_by_themselves(self):
        for name in ("json", "jsonl"):
            self.assertEqual(run("run", self.folder, f"--{name}").stdout,
                             run("run", self.folder, "--format", name).stdout)
        self.assertEqual(run("run", self.good, "--json", "--format", "tap").returncode, 2)

    def test_html_is_a_page_that_shows_what_went_wrong(self):
        page = self.folder / "page.html"
        run("run", self.folder, "--report", f"html:{page}")
        text = page.read_text()
        self.assertEqual(text.count("<tr><td class="), 3)
        self.assertIn('<td class="failed">failed</td><th scope="row">b-bad', text)
        self.assertIn("seen <b>pass", text)
        self.assertIn("TXT k1._domainkey.customer.example.", text.split("<pre>")[1])

    def test_tap_has_a_plan_and_a_test_each(self):
        lines = run("run", self.folder, "--format", "tap").stdout.splitlines()
        self.assertEqual(lines[0], "TAP version 13")
        self.assertEqual(lines[-1], "1..3")
        tests = [line for line in lines if re.match(r"(not )?ok ", line)]
        self.assertEqual([t.split(" - ")[0] for t in tests], ["ok 1", "not ok 2", "not ok 3"])

    def test_github_annotates_files_and_lines(self):
        summary = self.folder / "summary.md"
        done = run(
            "run", self.folder, "--format", "github", env={"GITHUB_STEP_SUMMARY": str(summary)}
        )
        self.assertIn(f"::error file={self.bad},line=13,", done.stdout)
        self.assertIn("| 3 | 1 | 1 | 0 | 1 |", summary.read_text())

    def test_a_summary_that_cannot_be_written_is_no_more_than_told(self):
        for path, reason in (("/nowhere/summary", "No such file or directory"), ("/dev/full", "No space left on device")):
            done = run("run", self.good, "--format", "github", env={"GITHUB_STEP_SUMMARY": path})
            self.assertEqual(done.returncode, 0)
            self.assertEqual(done.stderr, f"{path}: warning: the summary cannot be written: {reason}\n")

    def test_a_dash_is_standard_output(self):
        plain = run("run", self.good).stdout
        self.assertEqual(run("run", self.good, "-o", "-", cwd=self.folder).stdout, plain)
        text = self.folder / "out.txt"
        done = run("run", self.good, "-o", text, "--report", "json:-", cwd=self.folder)
        self.assertEqual(json.loads(done.stdout)["summary"]["passed"], 1)
        self.assertEqual(text.read_text(), plain)
        self.assertFalse((self.folder / "-").exists())

    def test_several_reports_at_once(self):
        junit, document = self.folder / "out.xml", self.folder / "out.json"
        text = self.folder / "out.txt"
        done = run(
            "run", self.good, "-o", text, "--report", f"junit:{junit}", f"--report=json:{document}"
        )
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertIn("as expected", text.read_text())
        xml.parse(junit)
        json.loads(document.read_text())

    def test_titles_are_escaped_for_each_format(self):
        title = "<&\\\"'> % # \u00e9\u20ac"
        self.write("d.yaml", scenario().replace("a key is found", f"'{title.replace(chr(39), '')}'"))
        self.assertEqual(run("run", self.folder / "d.yaml").returncode, 0)
        wanted = title.replace("'", "")
        root = xml.fromstring(run("run", self.folder / "d.yaml", "--format=junit").stdout)
        self.assertEqual(root.find(".//property[@name='title']").get("value"), wanted)
        document = json.loads(run("run", self.folder / "d.yaml", "--format=json").stdout)
        self.assertEqual(document["scenarios"][0]["title"], wanted)

    def test_colour_comes_only_when_asked_for(self):
        self.assertNotIn("\033", run("run", self.good).stdout)
        self.assertIn("\033", run("run", self.good, "--color", "always").stdout)
        self.assertNotIn("\033", run("run", self.good, "--color=never").stdout)


class Running(InFolder):
    def test_fail_fast_stops(self):
        done = run("run", self.bad, self.good, "--fail-fast")
        self.assertEqual(done.returncode, 1)
        self.assertNotIn("a-good", done.stdout)

    def test_a_filter_leaves_what_it_matches(self):
        for pattern in ("good", "a-*", "?-good"):
            done = run("run", self.folder, "--filter", pattern)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("1 scenario:", done.stdout)

    def test_the_seed_does_not_depend_on_company(self):
        def digest(*arguments):
            document = json.loads(run("run", *arguments, "--format=json").stdout)
            return {s["id"]: s["digest"] for s in document["scenarios"]}["a-good"]

        self.assertEqual(digest(self.good), digest(self.folder))
        self.assertEqual(digest(self.good, "--seed", "16"), digest(self.good, "--seed=0x10"))
        self.assertNotEqual(digest(self.good), digest(self.good, "--seed", "2"))

    def test_flipping_proxied_flips_the_verdicts(self):
        flipped = self.write("flipped.yaml", scenario(proxied="[k1._domainkey]"))
        done = run("run", flipped)
        self.assertEqual(done.returncode, 1)
        self.assertIn("seen      permerror (no key for signature)", done.stdout)
        self.assertIn("declined: hidden-by-proxy, cause proxied", done.stdout)
        again = self.write(
            "again.yaml",
            scenario(proxied="[k1._domainkey]", result="permerror", verdict="declined"),
        )
        self.assertEqual(run("run", again).returncode, 0)

    def test_a_typo_is_answered_with_its_place_and_the_right_word(self):
        for right, wrong, place in (
            ("proxied:", "proxide:", "5:5"),
            ("result:", "reslt:", "13:14"),
            ("verdict:", "verdct:", "15:14"),
            ("provider: cloudflare", "provider: cloudflair", "4:15"),
        ):
            path = self.write("typo.yaml", scenario().replace(right, wrong, 1))
            done = run("run", path)
            self.assertEqual(done.returncode, 2, wrong)
            self.assertIn(f"typo.yaml:{place}: error: ", done.stderr)
            self.assertIn(right.split(": ")[-1].rstrip(":"), done.stderr)
            self.assertRegex(done.stderr, r"\n +\| +\^")

    def test_nothing_shown_acts_on_a_terminal(self):
        for key, value in (("scenario", "\\e[31mred"), ("scenario", "to the \\u202eleft"),
                           ("about", "\\a"), ("tags", "\\x9b")):
            text = scenario() + f'{key}: "{value}"\n' if key != "scenario" else \
                scenario().replace("scenario: a key is found", f'scenario: "{value}"')
            done = run("run", self.write("esc.yaml", text))
            self.assertEqual(done.returncode, 2, (key, value))
            self.assertIn("acts on a terminal", done.stderr)
            self.assertNotRegex(done.stdout + done.stderr, "[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\u202e]")

    def test_directories_are_walked_in_order(self):
        for name in ("z", "y"):
            (self.folder / name).mkdir()
            (self.folder / name / "s.yaml").write_text(scenario())
        (self.folder / ".hidden").mkdir()
        (self.folder / ".hidden" / "s.yaml").write_text(scenario())
        listed = json.loads(run("list", "--json", self.folder, "--filter", "/").stdout)
        self.assertEqual([s["id"] for s in listed["scenarios"]], ["y/s", "z/s"])


class Listing(InFolder):
    def test_ids_do_not_depend_on_how_they_are_named(self):
        nested = self.folder / "scenarios" / "proxy"
        nested.mkdir(parents=True)
        (nested / "x.yaml").write_text(scenario())

        def ids(*arguments, cwd=None):
            listed = json.loads(run("list", "--json", *arguments, cwd=cwd).stdout)
            return [s["id"] for s in listed["scenarios"]]

        self.assertEqual(ids(nested / "x.yaml"), ["proxy/x"])
        self.assertEqual(ids(nested), ["proxy/x"])
        self.assertEqual(ids(cwd=self.folder), ["proxy/x"])
        self.assertEqual(ids("x.yaml", cwd=nested), ["x"])

    def ids(self, *arguments):
        listed = json.loads(run("list", "--json", *arguments, cwd=self.folder).stdout)
        return [s["id"] for s in listed["scenarios"]]

    def test_no_two_files_have_one_id(self):
        for name in (
            "d/one/s.yaml", "d/two/s.yaml", "e/one/s.yaml", "d/one/x.yaml", "d/one/x.yml", "d/two/x.yaml",
            "scenarios/p/q.yaml", "mine/scenarios/p/q.yaml", "p/q.yaml",
        ):  # fmt: skip
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            self.write(name, scenario())
        for arguments, wanted in (
            (["d/one/s.yaml", "d/two/s.yaml"], ["one/s", "two/s"]),
            (["d/one/s.yaml", "e/one/s.yaml"], ["d/one/s", "e/one/s"]),
            (["d/one/s.yaml", "e/one/s.yaml", "d/two/s.yaml"], ["d/one/s", "e/one/s", "two/s"]),
            (["d/one/x.yml", "d/one/x.yaml"], ["x.yml", "x.yaml"]),
            (["d/two/x.yaml", "d/one/x.yml", "d/one/x.yaml"], ["two/x", "one/x.yml", "one/x.yaml"]),
            (["d", "e"], ["d/one/s", "one/x.yaml", "one/x.yml", "two/s", "two/x", "e/one/s"]),
            (["scenarios", "mine", "p/q.yaml"], ["scenarios/p/q", "mine/scenarios/p/q", "q"]),
            ([f"{self.folder}/d/one/s.yaml", "d/two/s.yaml", "--filter", "two"], ["two/s"]),
        ):
            self.assertEqual(self.ids(*arguments), wanted, arguments)
        suites = xml.fromstring(run("run", "d", "e", "--format", "junit", cwd=self.folder).stdout)
        self.assertEqual([suite.get("name") for suite in suites], self.ids("d", "e"))

    def test_a_file_named_twice_is_taken_once(self):
        for again in (self.good, "a-good.yaml", "./a-good.yaml", f"../{self.folder.name}/a-good.yaml"):
            self.assertEqual(self.ids("a-good.yaml", again), ["a-good"])

    def test_a_pipe_is_taken_where_it_is_named(self):
        pipe = self.folder / "pipes" / "p.yaml"
        pipe.parent.mkdir()
        os.mkfifo(pipe)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(pipe.parent / "s.yaml"))
            (pipe.parent / "link.yaml").symlink_to(self.good)
            (pipe.parent / "lost.yaml").symlink_to(self.folder / "nowhere")
            done = run("list", "--json", pipe.parent)
        self.assertEqual([s["id"] for s in json.loads(done.stdout)["scenarios"]], ["link"])
        self.assertIn("lost.yaml: error: ", done.stderr)
        done = subprocess.run(
            ["bash", "-c", '"$0" run <(cat "$1")', PROGRAM, str(self.good)],
            capture_output=True, text=True, timeout=30,
        )  # fmt: skip
        self.assertIn("1 as expected", done.stdout)

    def test_by_failure(self):
        self.write("d.yaml", scenario().replace("zones:", "covers: [F01, F09]\nzones:", 1))
        self.write("e.yaml", scenario().replace("zones:", "covers: [F01]\nzones:", 1))
        self.broken.unlink()
        done = run("list", "--by-failure", self.folder)
        self.assertIn("F01   Proxied CNAME\n      d\n      e\nF02 ", done.stdout)
        self.assertIn("hidden\n      d\n\nII. ", done.stdout)
        self.assertIn("\nF111  Rate limiting\n      - not covered\n", done.stdout)
        self.assertIn("- waits for DNSSEC validation\n", done.stdout)
        self.assertIn("\n111 failures: 2 covered, 5 waiting, 104 not covered\n", done.stdout)
        document = json.loads(run("list", "--by-failure", "--json", self.folder).stdout)
        self.assertEqual(document["failures"], {"F01": ["d", "e"], "F09": ["d"]})
        rows = document["catalogue"]
        self.assertEqual(len(rows), 111)
        self.assertEqual([row["number"] for row in rows if row["scenarios"]], ["F01", "F09"])
        self.assertEqual([row["number"] for row in rows if row["waits-for"]],
                         ["F95", "F96", "F97", "F98", "F99"])  # fmt: skip
        self.assertEqual(rows[9]["slug"], "doubled-zone")
        self.assertEqual(rows[9]["family"], "entry")
        self.assertEqual(document["not-covered"], 104)

    def test_the_catalogues_pages_are_up_to_date(self):
        done = run("catalogue", self.folder, "scenarios", cwd=ROOT)
        self.assertEqual(done.returncode, 0, done.stderr)
        kept = ROOT / "docs" / "catalogue"
        names = sorted(path.name for path in self.folder.glob("*.md"))
        self.assertEqual(names, sorted(path.name for path in kept.glob("*.md")))
        for name in names:
            with self.subTest(name):
                made = (self.folder / name).read_text(encoding="utf-8")
                stale = made != (kept / name).read_text(encoding="utf-8")
                self.assertFalse(stale, f"{name} is out of date; make it anew with ./dev docs")

    def test_pages_need_a_directory_that_is_there(self):
        self.assertEqual(run("catalogue").returncode, 2)
        done = run("catalogue", self.folder / "nowhere", self.good)
        self.assertEqual(done.returncode, 3)
        self.assertIn("cannot write", done.stderr)

    def test_a_broken_file_is_told_and_the_others_listed(self):
        done = run("list", self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("a-good", done.stdout)
        self.assertIn("c-broken.yaml:2:1: error", done.stderr)

    def test_what_is_wrong_with_a_file_is_json_too(self):
        wanted = json.loads(run("run", self.broken, "--format=json").stdout)["scenarios"][0]["errors"]
        for arguments in (["--json"], ["--json", "--by-failure"]):
            done = run("list", *arguments, self.folder)
            document = json.loads(done.stdout)
            self.assertEqual(done.returncode, 2)
            self.assertEqual(document["errors"], [{"file": str(self.broken), **error} for error in wanted])
        self.assertEqual(json.loads(run("list", "--json", self.good).stdout)["errors"], [])


class Linting(InFolder):
    def test_errors_and_warnings(self):
        done = run("lint", self.folder)
        self.assertEqual(done.returncode, 2)
        self.assertIn("3 files: 1 with errors", done.stdout)
        self.assertEqual(run("lint", self.good).returncode, 0)

    def test_a_dangling_target_is_a_warning(self):
        path = self.write("d.yaml", scenario().replace("k1.esp.example.\n", "k2.esp.example.\n", 1))
        done = run("lint", path)
        self.assertEqual(done.returncode, 0)
        self.assertIn("warning: ", done.stderr)
        self.assertEqual(run("lint", path, "--strict").returncode, 1)


class Showing(InFolder):
    def test_the_story_is_told(self):
        done = run("show", self.good)
        self.assertEqual(done.returncode, 0, done.stderr)
        for words in ("Published", "Step 1", "DKIM verifier: pass", "verified"):
            self.assertIn(words, done.stdout)

    def test_the_exit_status_is_that_of_run(self):
        self.assertEqual(run("show", self.bad).returncode, 1)
        self.assertEqual(run("show", self.broken).returncode, 2)
        self.assertIn("NOT as expected", run("show", self.bad).stdout)

    def test_a_single_step(self):
        done = run("show", self.good, "--step", "2")
        self.assertIn("Step 2", done.stdout)
        self.assertNotIn("Step 1", done.stdout)
        self.assertEqual(run("show", self.good, "--step", "3").returncode, 2)

    def test_packets(self):
        self.assertIn(";; ->>HEADER<<-", run("show", self.good, "--packets").stdout)


class Serving(InFolder):
    def serve(self, *arguments):
        child = subprocess.Popen(
            [PROGRAM, "serve", str(self.good), *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.addCleanup(lambda: (child.kill(), child.stdout.close(), child.stderr.close()))
        return child, child.stdout.readline()

    def ask(self, port):
        """A TXT query for the key; the reply's octets."""
        name = b"".join(
            bytes([len(label)]) + label
            for label in (b"k1", b"_domainkey", b"customer", b"example", b"")
        )
        query = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + name + b"\x00\x10\x00\x01"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.settimeout(10)
            udp.sendto(query, ("127.0.0.1", port))
            return udp.recv(4096)

    def test_it_is_ready_answers_and_stops_cleanly(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            child, line = self.serve()
            ready = re.match(r"ready: resolver 127\.0\.0\.1:(\d+) ", line)
            self.assertTrue(ready, line)
            reply = self.ask(int(ready.group(1)))
            self.assertEqual(reply[:2], b"\x12\x34")
            self.assertIn(b"v=DKIM1", reply)
            child.send_signal(number)
            self.assertEqual(child.wait(timeout=20), 0)
            self.assertIn("1 queries from clients", child.stderr.read())

    def test_it_tells_its_ports_as_json(self):
        child, line = self.serve("--json")
        ready = json.loads(line)
        self.assertEqual(ready["schema"], "faultzone/ready/1")
        self.assertEqual(ready["resolver"], f"127.0.0.1:{ready['port']}")
        self.assertTrue(ready["servers"])
        child.send_signal(signal.SIGINT)
        self.assertEqual(child.wait(timeout=20), 0)

    def test_a_port_that_is_taken_is_3(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.bind(("127.0.0.1", 0))
            done = run("serve", self.good, "--port", udp.getsockname()[1])
        self.assertEqual(done.returncode, 3)
        self.assertNotEqual(done.stderr, "")


class Shipped(unittest.TestCase):
    """The scenarios and documents that come with the program."""

    def test_all_scenarios_are_as_expected(self):
        done = run("run", cwd=ROOT)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_no_scenario_is_doubtful(self):
        done = run("lint", "--strict", cwd=ROOT)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_they_need_less_than_30_megabytes(self):
        # The high mark outlives exec, so that this process would be measured too: a small one asks.
        # And what is reserved must not be filled only for being filled, as Meson has malloc do.
        plain = {key: value for key, value in os.environ.items() if key != "MALLOC_PERTURB_"}
        script = (
            "import os, sys\n"
            "null = os.open(os.devnull, os.O_WRONLY)\n"
            "silence = [(os.POSIX_SPAWN_DUP2, null, 1)]\n"
            "child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=silence)\n"
            "_, status, usage = os.wait4(child, 0)\n"
            "print(os.waitstatus_to_exitcode(status), usage.ru_maxrss)\n"
        )
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", script, PROGRAM, "run"],
            cwd=ROOT,
            env=plain,
            capture_output=True,
            text=True,
        )
        status, size = map(int, done.stdout.split())
        self.assertEqual(status, 0)
        if os.environ.get("FAULTZONE_SANITIZED", "none") == "none":
            self.assertLess(size, 30 * 1024)

    def test_the_man_page_is_that_of_the_options(self):
        path = ROOT / "docs" / "man" / "faultzone.1.scd"
        self.assertEqual(
            path.read_text(), run("reference", "man").stdout, "faultzone reference man > " + str(path)
        )

    def test_the_man_page_is_sound(self):
        source = run("reference", "man").stdout
        try:
            page = subprocess.run(["scdoc"], input=source, capture_output=True, text=True, timeout=20)
        except FileNotFoundError:
            self.skipTest("scdoc is missing")
        self.assertEqual((page.returncode, page.stderr), (0, ""))

    def test_the_completion_is_a_script(self):
        script = run("reference", "bash").stdout
        checked = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, timeout=20)
        self.assertEqual((checked.returncode, checked.stderr), (0, ""))


def main():
    global PROGRAM, ROOT
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--root", required=True, type=Path)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    PROGRAM, ROOT = os.path.abspath(arguments.program), arguments.root.resolve()
    tap.main(arguments.names)


main()
