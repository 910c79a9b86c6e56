"""`faultzone exec --resolver NAME`: a real resolver in the builtin's place."""

import contextlib
import os
import pty
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path

import inside
from inside import DNS_ONLY, NAME, PROXIED, Inside, children, is_alive, needs, run, wait_until

ADDRESSES = ["104.24.110.210", "104.24.111.210", "172.67.170.80"]

# The servers hear nothing from the scenario's resolver: so whoever asks from its address gets nothing.
DEAF = """\
scenario: the resolver's packets are lost
zones:
  customer.example: {records: "www 300 A 198.51.100.7"}
faults:
  - {from: resolver, to: root, loss: 100%}
steps:
  - wait: 1s
"""

# Answers one query, REFUSED, at the port of DNS, then ends.
SHORT_LIFE = """\
#!/usr/bin/python3
import socket, sys
s = socket.socket(type=socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 53))
query, client = s.recvfrom(512)
s.sendto(query[:2] + b"\\x80\\x05" + query[4:], client)
print("enough of this", flush=True)
sys.exit(4)
"""

# Never answers.
DUMB = """\
#!/bin/sh
sleep 300
"""

# Answers, but takes its time.
SLOW = """\
#!/bin/sh
sleep 2
exec {} "$@"
"""


class Article:
    """The article's transcripts, whoever resolves."""

    NAME = ""

    def inside(self, scenario, *command, **options):
        return run("exec", "--resolver", self.NAME, scenario, *command, **options)

    def test_dns_only_shows_the_alias_and_the_key(self):
        lines = self.inside(DNS_ONLY, "host", "-t", "txt", NAME).stdout.splitlines()
        self.assertEqual(lines[0], f"{NAME} is an alias for cs1.domainkey.coresender.net.")
        self.assertRegex(lines[1], r'^cs1\.domainkey\.coresender\.net descriptive text "v=DKIM1.*" ".*wIDAQAB"$')
        self.assertEqual(len(lines), 2)

    def test_proxied_shows_addresses_and_neither_alias_nor_text(self):
        done = self.inside(PROXIED, "sh", "-c", f"host -t a {NAME}; host -t txt {NAME}")
        lines = done.stdout.splitlines()
        self.assertEqual(sorted(lines[:3]), [f"{NAME} has address {address}" for address in ADDRESSES])
        self.assertEqual(lines[3:], [f"{NAME} has no TXT record"])
        self.assertEqual(done.stderr, "")

    def test_it_answers_over_tcp_and_ipv6_and_at_the_scenarios_address(self):
        for options in [["@127.0.0.1", "+tcp"], ["@::1"], ["@192.0.2.53"]]:
            said = self.inside(PROXIED, "dig", "+short", *options, NAME, "A").stdout
            self.assertEqual(sorted(said.split()), ADDRESSES, options)

    def test_it_asks_from_the_resolvers_address(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "deaf.yaml"
            question = ["dig", "+short", "+tries=1", "+time=2", "www.customer.example", "A"]
            path.write_text(DEAF, encoding="utf-8")
            self.assertNotIn("198.51.100.7", self.inside(path, *question).stdout)
            path.write_text(DEAF.replace("100%", "0%"), encoding="utf-8")
            self.assertEqual(self.inside(path, *question).stdout, "198.51.100.7\n")

    def test_status_streams_and_seeds_are_as_ever(self):
        done = self.inside(PROXIED, "sh", "-c", "cat; exit 7", stdin="in")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (7, "in", ""))
        done = run("exec", "--resolver", self.NAME, "--repeat", "2", PROXIED, "true")
        self.assertEqual(done.stderr, "faultzone: 2 of 2 runs\n  2 ended with 0\n")

    def test_sigkill_leaves_nothing(self):
        process = self.start("exec", "--resolver", self.NAME, PROXIED, "sh", "-c", "echo ready; sleep 300")
        below = children(process.pid)
        self.assertGreaterEqual(len(below), 4)
        process.kill()
        self.assertTrue(wait_until(lambda: not any(map(is_alive, below))))

    def test_a_signal_reaches_the_command(self):
        script = "trap 'exit 9' TERM; echo ready; while :; do sleep 0.05; done"
        process = self.start("exec", "--resolver", self.NAME, PROXIED, "sh", "-c", script)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(20), 9)

    @unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
    @needs("setpriv")
    def test_it_works_without_privileges(self):
        drop = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
        with inside.public_copy(PROXIED) as folder:
            done = subprocess.run(
                [*drop, "./faultzone", "exec", "--resolver", self.NAME, "scenario.yaml", "dig", "+short", NAME, "A"],
                cwd=folder, capture_output=True, text=True, timeout=60,
            )  # fmt: skip
        self.assertEqual((sorted(done.stdout.split()), done.stderr), (ADDRESSES, ""))


@needs("unbound", "unbound")
class Unbound(Article, Inside):
    NAME = "unbound"


@needs("named", "bind9")
class Named(Article, Inside):
    NAME = "named"


@needs("kresd", "knot-resolver")
class Kresd(Article, Inside):
    NAME = "kresd"


@needs("pdns_recursor", "pdns-recursor")
class PdnsRecursor(Article, Inside):
    NAME = "pdns-recursor"


@needs("dnsmasq", "dnsmasq-base")
class Dnsmasq(Article, Inside):
    NAME = "dnsmasq"


@contextlib.contextmanager
def fake_unbound(script):
    """An environment in which `script` is unbound."""
    with tempfile.TemporaryDirectory() as folder:
        fake = Path(folder) / "unbound"
        fake.write_text(script, encoding="utf-8")
        fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
        yield {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}


class Starting(Inside):
    """A signal that comes while the resolver starts ends the run at once: the command never begins."""

    def begin(self, script, *options, **more):
        """Starts exec with `script` as unbound, and waits until that runs. Gives what runs below, too."""
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        environment = stack.enter_context(fake_unbound(script))
        words = inside.command("exec", "--resolver", "unbound", *options, PROXIED, "echo", "began")
        process = subprocess.Popen(words, cwd=inside.ROOT, env=environment, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)  # fmt: skip
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertTrue(wait_until(lambda: len(children(process.pid)) >= 4))  # server, keeper, sh, sleep
        return process, children(process.pid)

    def test_a_signal_ends_it_at_once_and_leaves_nothing(self):
        for number in [signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM]:
            process, below = self.begin(DUMB)
            process.send_signal(number)
            said = process.communicate(timeout=8)  # less than the time that a resolver is given
            self.assertEqual((process.returncode, *said), (128 + number, "", ""), number)
            self.assertTrue(wait_until(lambda: not any(map(is_alive, below))), number)

    def test_sigkill_leaves_nothing(self):
        process, below = self.begin(DUMB)
        process.kill()
        self.assertTrue(wait_until(lambda: not any(map(is_alive, below))))
        process.communicate()

    def test_it_ends_a_series(self):
        process, _ = self.begin(DUMB, "--repeat", "50")
        process.terminate()
        said = process.communicate(timeout=8)
        self.assertEqual((process.returncode, said[0]), (143, ""))
        self.assertIn("1 of 50 runs", said[1])

    @needs("unbound")
    def test_what_the_caller_ignores_ends_nothing(self):
        ignore = {"preexec_fn": lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)}
        process, _ = self.begin(SLOW.format(shutil.which("unbound")), **ignore)
        process.send_signal(signal.SIGHUP)
        self.assertEqual((*process.communicate(timeout=20), process.returncode), ("began\n", "", 0))

    def test_ctrl_c_is_not_lost(self):
        with fake_unbound(DUMB) as environment:
            words = inside.command("exec", "--resolver", "unbound", PROXIED, "echo", "began")
            pid, terminal = pty.fork()
            if pid == 0:
                os.chdir(inside.ROOT)
                os.execve(words[0], words, environment)
            self.addCleanup(os.close, terminal)
            begun = wait_until(lambda: len(children(pid)) >= 4)
            os.write(terminal, b"\x03")
            ended = wait_until(lambda: os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT), 8)
            if not ended:
                os.kill(pid, signal.SIGKILL)
            status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        self.assertTrue(begun)
        self.assertEqual(status, 130)


class Trouble(Inside):
    def with_a_fake(self, script, *command):
        """Runs `command` with `script` as unbound."""
        with fake_unbound(script) as environment:
            return run("exec", "--resolver", "unbound", PROXIED, *command, env=environment)

    def test_what_it_said_before_it_ended_is_told(self):
        done = self.with_a_fake("#!/bin/sh\necho no luck today >&2\nexit 3\n", "echo", "never")
        self.assertEqual((done.returncode, done.stdout), (125, ""))
        self.assertEqual(done.stderr, "faultzone: unbound ended with status 3: no luck today\n")

    @needs("unbound")
    def test_a_folder_called_like_it_is_no_program(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "unbound").mkdir()
            environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
            done = run("exec", "--resolver", "unbound", PROXIED, "true", env=environment)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_resolver_that_ends_before_the_command_is_told(self):
        done = self.with_a_fake(SHORT_LIFE, "sleep", "1")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stderr, "faultzone: unbound ended with status 4: enough of this\n")

    @needs("unshare")
    def test_one_that_is_not_installed_is_named_with_its_package(self):
        hide = ["unshare", "--map-root-user", "--user", "--mount", "sh", "-c",
                'mount -t tmpfs none /usr/sbin && exec "$@"', "sh"]  # fmt: skip
        environment = {**os.environ, "PATH": "/usr/bin:/bin"}
        done = run("exec", "--resolver", "pdns-recursor", PROXIED, "true", prefix=hide, env=environment)
        self.assertEqual(done.returncode, 125)
        self.assertRegex(done.stderr, re.escape("pdns_recursor is not installed (apt-get install pdns-recursor)"))


inside.main()
