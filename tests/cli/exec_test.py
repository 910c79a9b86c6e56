"""`faultzone exec` and `faultzone doctor` from outside: what a program inside sees, and what is left
of it afterwards."""

import json
import os
import pty
import re
import resource
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import inside
from inside import DNS_ONLY, NAME, PROXIED, Inside, children, command, is_alive, needs, network_of, run, wait_until

OUTSIDE = "93.184.216.34"

LOSSY = """\
scenario: half of what the client asks is lost
zones:
  customer.example: {records: "www 300 A 198.51.100.7"}
faults:
  - {from: client, to: resolver, loss: 50%}
steps:
  - wait: 1s
"""

# Asks over UDP and TCP, v4 and v6, at addresses of every kind; prints which of them answered.
ASK_EVERYBODY = """
import socket, struct
query = struct.pack("!6H", 7, 0x0100, 1, 0, 0, 0) + b"\\0" + struct.pack("!2H", 2, 1)
for address in ["127.0.0.1", "192.0.2.53", "198.41.0.4", "2001:db8::53", "2001:503:ba3e::2:30"]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    udp = socket.socket(family, socket.SOCK_DGRAM)
    udp.settimeout(5)
    udp.connect((address, 53))
    udp.send(query)
    first = udp.recv(4096)
    tcp = socket.create_connection((address, 53), 5)
    tcp.sendall(struct.pack("!H", len(query)) + query)
    second = tcp.makefile("rb").read(2 + 12)[2:]
    print(address, [reply[:2] == query[:2] and reply[2] >> 7 == 1 for reply in (first, second)])
"""


# Both print the IPv4 addresses of the proxied name, then what comes of a name that exists outside only.
JAVA = """
import java.net.*;
public class Ask {
    public static void main(String[] names) {
        for (String name : names) {
            try {
                for (InetAddress address : InetAddress.getAllByName(name))
                    if (address instanceof Inet4Address) System.out.println(address.getHostAddress());
            } catch (UnknownHostException e) { System.out.println("nothing"); }
        }
    }
}
"""

RUST = """
use std::net::ToSocketAddrs;
fn main() {
    for name in std::env::args().skip(1) {
        match (name.as_str(), 80).to_socket_addrs() {
            Ok(found) => for at in found.filter(|at| at.is_ipv4()) { println!("{}", at.ip()); },
            Err(_) => println!("nothing"),
        }
    }
}
"""

COUNT_INTERRUPTS = """
import signal, time
count = 0
def add(number, frame):
    global count
    count += 1
signal.signal(signal.SIGINT, add)
print("go", flush=True)
while not count:
    time.sleep(0.1)
time.sleep(0.5)
print("interrupts:", count)
"""


class Article(Inside):
    """What the article shows, by the program that it used."""

    @needs("host")
    def test_dns_only_shows_the_alias_and_the_key(self):
        lines = run("exec", DNS_ONLY, "host", "-t", "txt", NAME).stdout.splitlines()
        self.assertEqual(len(lines), 2)
        self.assertEqual(lines[0], f"{NAME} is an alias for cs1.domainkey.coresender.net.")
        key = re.fullmatch(r'cs1\.domainkey\.coresender\.net descriptive text "(.*)" "(.*)"', lines[1])
        self.assertTrue(key[1].startswith("v=DKIM1; k=rsa; p=MIIB") or key[1].startswith("v=DKIM1\\; k=rsa\\; p=MIIB"))
        self.assertTrue(key[2].endswith("wIDAQAB"))

    @needs("host")
    def test_proxied_shows_addresses_and_no_alias(self):
        said = run("exec", PROXIED, "host", NAME).stdout
        self.assertEqual(
            sorted(said.splitlines()),
            sorted(
                f"{NAME} has {what}"
                for what in [
                    "address 104.24.111.210", "address 172.67.170.80", "address 104.24.110.210",
                    "IPv6 address 2606:4700:3034::6818:6fd2", "IPv6 address 2606:4700:3036::ac43:aa50",
                    "IPv6 address 2606:4700:3031::6818:6ed2",
                ]
            ),
        )  # fmt: skip

    @needs("host")
    def test_proxied_has_no_txt_record(self):
        self.assertEqual(run("exec", PROXIED, "host", "-t", "txt", NAME).stdout, f"{NAME} has no TXT record\n")

    @needs("host", "bind9-host")
    @needs("unbound")
    def test_the_how_to_shows_what_happens(self):
        text = (inside.ROOT / "docs/how-to/run-a-program-inside.md").read_text(encoding="utf-8")
        blocks = re.findall(r"^```shell-session\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
        self.assertGreater(len(blocks), 2)
        for block in blocks:
            first, _, expected = block.partition("\n")
            done = subprocess.run(
                ["sh", "-c", first.removeprefix("$ ")],
                env={**os.environ, "PATH": f"{Path(inside.PROGRAM).parent}:{os.environ['PATH']}"},
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, cwd=inside.ROOT,
            )  # fmt: skip
            self.assertEqual(re.sub(r" after \d+ ms", "", done.stdout), expected, first)


def state_of(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


class Network(Inside):
    def test_servers_answer_at_their_addresses_over_udp_and_tcp(self):
        done = run("exec", PROXIED, inside.PYTHON, "-c", ASK_EVERYBODY)
        self.assertEqual(done.stderr, "")
        self.assertEqual([line.split(" ", 1)[1] for line in done.stdout.splitlines()], ["[True, True]"] * 5)

    @needs("getent")
    def test_the_c_library_resolves_by_the_scenario(self):
        self.assertIn("104.24.111.210", run("exec", PROXIED, "getent", "ahostsv4", NAME).stdout)
        self.assertEqual(run("exec", PROXIED, "getent", "hosts", "nobody.example").returncode, 2)

    @needs("getent")
    def test_no_name_of_the_real_hosts_file_is_known(self):
        own = [line.split()[1:] for line in Path("/etc/hosts").read_text().splitlines() if line[:1].isdigit()]
        known = {"localhost", "ip6-localhost", "ip6-loopback", socket.gethostname()}
        for name in {name for names in own for name in names} - known:
            self.assertEqual(run("exec", PROXIED, "getent", "ahostsv4", name).returncode, 2, name)
        self.assertEqual(run("exec", PROXIED, "getent", "hosts", "localhost").returncode, 0)

    def test_tcp_to_an_outside_address_is_refused_at_once_and_told(self):
        for address, shown in [(OUTSIDE, f"{OUTSIDE}:80"), ("2606:2800:220:1::1", "[2606:2800:220:1::1]:80")]:
            script = f"import socket; socket.create_connection(('{address}', 80), 20)"
            began = time.monotonic()
            done = run("exec", PROXIED, inside.PYTHON, "-c", script)
            self.assertIn("ConnectionRefusedError", done.stderr)
            self.assertLess(time.monotonic() - began, 5)
            self.assertIn(f"outside the scenario:\n  TCP {shown}\n", done.stderr)

    def test_udp_to_an_outside_address_is_refused_at_once_and_told(self):
        script = (
            "import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.settimeout(20);"
            "s.connect(('8.8.8.8', 53)); s.send(b'x')\ntry: s.recv(9)\nexcept ConnectionRefusedError: print('refused')"
        )
        done = run("exec", PROXIED, inside.PYTHON, "-c", script)
        self.assertEqual(done.stdout, "refused\n")
        self.assertIn("  UDP 8.8.8.8:53\n", done.stderr)

    @needs("curl")
    def test_curl_finds_only_the_scenario(self):
        done = run("exec", PROXIED, "curl", "-sS", "-m", "20", f"http://{NAME}/")
        self.assertEqual(done.returncode, 7)  # connection refused: nobody serves the web there
        self.assertIn("  TCP 104.24.111.210:80\n", done.stderr)

    def test_nothing_is_told_of_what_stays_inside(self):
        self.assertEqual(run("exec", PROXIED, inside.PYTHON, "-c", ASK_EVERYBODY).stderr, "")

    def test_a_service_of_this_host_is_not_reached(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            script = f"import socket; socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), 20)"
            self.assertIn("ConnectionRefusedError", run("exec", PROXIED, inside.PYTHON, "-c", script).stderr)

    def test_with_resolver_none_the_command_can_bring_its_own(self):
        script = "import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(('127.0.0.1', 53)); print('bound')"
        self.assertEqual(run("exec", "--resolver", "none", PROXIED, inside.PYTHON, "-c", script).stdout, "bound\n")
        self.assertEqual(run("exec", PROXIED, inside.PYTHON, "-c", script).stdout, "")
        self.assertIn(
            "nameserver 127.0.0.1\n", run("exec", "--resolver=none", PROXIED, "cat", "/etc/resolv.conf").stdout
        )

    def test_the_files_inside_are_not_the_real_ones(self):
        for file in filter(Path.exists, map(Path, ["/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf"])):
            real = f"{file.stat().st_dev} {file.stat().st_ino}\n"
            self.assertNotEqual(run("exec", PROXIED, "stat", "-L", "-c", "%d %i", file).stdout, real)


class Languages(Inside):
    """Programs that find their resolver in ways of their own."""

    def asked(self, *command, **options):
        lines = run("exec", PROXIED, *command, NAME, "www.debian.org", **options).stdout.splitlines()
        self.assertEqual(sorted(lines[:-1]), ["104.24.110.210", "104.24.111.210", "172.67.170.80"])
        self.assertEqual(lines[-1], "nothing")

    @needs("java", "default-jdk-headless")
    def test_java(self):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "Ask.java"
            source.write_text(JAVA, encoding="utf-8")
            self.asked("java", source)

    @needs("rustc")
    def test_rust(self):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "ask.rs"
            source.write_text(RUST, encoding="utf-8")
            subprocess.run(["rustc", "-o", f"{folder}/ask", source], check=True, capture_output=True, timeout=120)
            self.asked(f"{folder}/ask")

    @needs("getent", "libc-bin")
    def test_the_c_library(self):
        said = run("exec", PROXIED, "getent", "ahostsv4", NAME).stdout.split()
        self.assertEqual(set(said[0::3]) & {"104.24.110.210"}, {"104.24.110.210"})
        self.assertEqual(run("exec", PROXIED, "getent", "hosts", "www.debian.org").returncode, 2)


class Status(Inside):
    def test_the_status_is_the_commands(self):
        for status in [0, 1, 3, 42, 124, 255]:
            self.assertEqual(run("exec", PROXIED, "sh", "-c", f"exit {status}").returncode, status)

    def test_death_by_a_signal_is_128_and_its_number(self):
        for number in [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV]:
            self.assertEqual(run("exec", PROXIED, "sh", "-c", f"kill -{int(number)} $$").returncode, 128 + number)

    def test_own_troubles_are_125(self):
        for arguments in [
            ["exec"], ["exec", PROXIED], ["exec", "nowhere.yaml", "true"], ["exec", "--bogus", PROXIED, "true"],
            ["exec", "--resolver", "bogus", PROXIED, "true"], ["exec", "--seeds", "3..1", PROXIED, "true"],
            ["exec", "--seeds", "1..", PROXIED, "true"], ["exec", "--repeat", "0", PROXIED, "true"],
        ]:  # fmt: skip
            done = run(*arguments)
            self.assertEqual(done.returncode, 125, arguments)
            self.assertNotEqual(done.stderr, "")

    def test_what_cannot_be_executed_is_126_and_what_is_not_there_127(self):
        self.assertEqual(run("exec", PROXIED, "/etc/passwd").returncode, 126)
        self.assertEqual(run("exec", PROXIED, "/").returncode, 126)
        readable = {**os.environ, "PATH": "/usr/bin:/bin"}  # else the C library says "permission denied"
        done = run("exec", PROXIED, "no-such-program", env=readable)
        self.assertEqual((done.returncode, done.stderr), (127, "faultzone: no-such-program: No such file or directory\n"))


class Unmodified(Inside):
    def test_options_behind_the_command_are_its_own(self):
        for separator in [[], ["--"]]:
            done = run("exec", PROXIED, *separator, "echo", "--seed", "x", "--", "-h")
            self.assertEqual(done.stdout, "--seed x -- -h\n")

    def test_streams_pass_unchanged(self):
        done = run("exec", PROXIED, "sh", "-c", "cat; echo error >&2", stdin="one\ntwo")
        self.assertEqual((done.stdout, done.stderr), ("one\ntwo", "error\n"))

    def test_signals_are_ignored_and_blocked_as_by_the_caller(self):
        see = ["grep", "-E", "^Sig(Ign|Blk)", "/proc/self/status"]
        alone = subprocess.run(see, capture_output=True, text=True)
        self.assertEqual(run("exec", PROXIED, *see).stdout, alone.stdout)

    def test_folder_ids_and_limits_are_the_callers(self):
        script = (
            "import os, resource; print(os.getcwd(), os.getuid(), os.getgid(),"
            "resource.getrlimit(resource.RLIMIT_NOFILE), sorted(os.listdir('/proc/self/fd')))"
        )
        few = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (512, 1024))}
        alone = subprocess.run(
            [inside.PYTHON, "-c", script], stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=inside.ROOT, **few
        )
        self.assertIn("(512, 1024)", alone.stdout)
        self.assertEqual(run("exec", PROXIED, inside.PYTHON, "-c", script, **few).stdout, alone.stdout)

    def test_the_command_sees_only_its_own_processes(self):
        done = run("exec", PROXIED, "sh", "-c", "ls /proc | grep -c '^[0-9]'")
        self.assertLess(int(done.stdout), 6)

    @unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
    @needs("setpriv")
    def test_it_works_without_privileges(self):
        with inside.public_copy(PROXIED) as folder:
            done = subprocess.run(
                ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "./faultzone", "exec",
                 "scenario.yaml", inside.PYTHON, "-c", "import os; print(os.getuid());" + ASK_EVERYBODY],
                cwd=folder, capture_output=True, text=True, timeout=60,
            )  # fmt: skip
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.stdout.splitlines()[0], "65534")
        self.assertEqual(done.stdout.count("[True, True]"), 5)

    @unittest.skipUnless(os.geteuid() == 0, "only root has several ids")
    def test_root_inside_can_change_its_id(self):
        script = "import os; os.setgid(65534); os.setuid(65534); print(os.getuid())"
        self.assertEqual(run("exec", PROXIED, inside.PYTHON, "-c", script).stdout, "65534\n")


class Ends(Inside):
    def test_signals_are_passed_on(self):
        script = "trap 'echo got; exit 9' {}; echo ready; while :; do sleep 0.05; done"
        for name in ["HUP", "INT", "QUIT", "TERM", "USR1", "USR2"]:
            process = self.start("exec", PROXIED, "sh", "-c", script.format(name))
            process.send_signal(getattr(signal, f"SIG{name}"))
            self.assertEqual((process.stdout.read(), process.wait(20)), ("got\n", 9), name)

    def test_children_die_with_the_command(self):
        process = self.start("exec", PROXIED, "sh", "-c", "sleep 300 & setsid sleep 301 & echo ready; read x",
                             stdin=subprocess.PIPE)  # fmt: skip
        below = children(process.pid)
        self.assertGreaterEqual(len(below), 4)
        process.stdin.close()
        self.assertEqual(process.wait(20), 1)
        self.assertTrue(wait_until(lambda: not any(map(is_alive, below))))

    def test_sigkill_leaves_no_process_and_no_namespace(self):
        process = self.start("exec", PROXIED, "sh", "-c", "setsid sleep 300 & echo ready; wait")
        below = children(process.pid)
        network = network_of(below[0])
        self.assertNotEqual(network, network_of("self"))
        process.kill()
        self.assertTrue(wait_until(lambda: not any(map(is_alive, below))))
        left = []
        for link in Path("/proc").glob("[0-9]*/ns/net"):
            try:
                left.append(os.readlink(link))
            except OSError:
                continue
        self.assertNotIn(network, left)

    def test_no_mount_is_seen_outside(self):
        before = Path("/proc/self/mountinfo").read_text()
        self.start("exec", PROXIED, "sh", "-c", "echo ready; read x", stdin=subprocess.PIPE)
        self.assertEqual(Path("/proc/self/mountinfo").read_text(), before)

    def test_when_the_server_dies_the_command_does(self):
        process = self.start("exec", PROXIED, "sh", "-c", "echo ready; sleep 300", stderr=subprocess.DEVNULL)
        server = children(process.pid)[0]
        os.kill(server, signal.SIGKILL)
        self.assertEqual(process.wait(20), 125)


class Terminal(Inside):
    """An interactive shell on a terminal runs exec in the foreground."""

    def setUp(self):
        super().setUp()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(inside.ROOT)
            os.environ["PS1"] = "$ "
            os.execvp("bash", ["bash", "--norc", "--noediting", "-i"])
        self.said = ""
        self.addCleanup(os.waitpid, self.pid, 0)
        self.addCleanup(os.close, self.terminal)
        self.addCleanup(os.kill, self.pid, signal.SIGKILL)

    def type(self, text, until):
        """Types, and waits for output that matches."""
        begin = len(self.said)
        os.write(self.terminal, text.encode())
        end = time.monotonic() + 20
        while not re.search(until, self.said[begin:]):
            self.assertLess(time.monotonic(), end, self.said)
            if select.select([self.terminal], [], [], 0.1)[0]:
                self.said += os.read(self.terminal, 4096).decode()

    def test_ctrl_c_interrupts_the_command(self):
        self.type(f"{inside.PROGRAM} exec {PROXIED} sh -c 'echo go; exec sleep 30'\n", r"go\r\n")
        time.sleep(0.3)
        self.type("\x03", r"\$ $")
        self.type("echo status $?\n", r"status 130\r\n")

    def test_ctrl_c_reaches_the_command_once(self):
        with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
            script.write(COUNT_INTERRUPTS)
            script.flush()
            self.type(f"{inside.PROGRAM} exec {PROXIED} {inside.PYTHON} {script.name}\n", r"go\r\n")
            self.type("\x03", r"interrupts: 1\r\n")

    def test_ctrl_z_stops_it_and_fg_goes_on(self):
        self.type(f"{inside.PROGRAM} exec {PROXIED} sh -c 'echo go; read x; echo got $x'\n", r"go\r\n")
        self.type("\x1a", r"Stopped")
        # The kernel gives what is typed to a reader that has not been scheduled since ^Z: it must have stopped.
        self.assertTrue(wait_until(lambda: state_of(children(self.pid)[-1]) == "T"))
        self.type("fg\n", r"read x; echo got \$x'\r\n")
        self.type("this\n", r"got this\r\n")

    def test_a_shell_inside_has_job_control_and_gives_the_terminal_back(self):
        self.type(f"PS1='in> ' {inside.PROGRAM} exec {PROXIED} bash --norc --noediting -i\n", r"in> $")
        self.type("sleep 30\n", r"sleep 30\r\n")
        time.sleep(0.3)
        self.type("\x1a", r"Stopped\s+sleep 30\r\nin> $")
        self.type("exit\n", r"stopped jobs")
        self.type("exit 5\n", r"exit\r\n\$ $")
        self.type("echo status $?\n", r"status 5\r\n")

    def test_the_terminal_is_taken_back_from_who_keeps_it(self):
        script = f"PS1='in> ' {inside.PROGRAM} exec {PROXIED} bash --norc --noediting -i; read x; echo got $x"
        self.type(f"bash --norc -c '{script.replace(chr(39), chr(34))}'\n", r"in> $")
        self.type("kill -9 $$\n", r"kill -9 \$\$\r\n")
        self.type("this\n", r"got this\r\n")


# Asks as a socket does that is not connected, and tells where the first two answers come from.
HEARS_ALL = """
import socket
asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asker.settimeout(5)
name = b"".join(bytes([len(label)]) + label for label in b"www.customer.example".split(b"."))
asker.sendto(bytes.fromhex("000700000001000000000000") + name + bytes.fromhex("0000010001"), ("192.0.2.101", 53))
for _ in range(2):
    answer, (address, port) = asker.recvfrom(512)
    print(address, port, socket.inet_ntoa(answer[-4:]))
"""


class Forged(Inside):
    def test_an_intruders_answers_come_from_where_they_claim(self):
        done = run("exec", "scenarios/attack/spoof-wrong-source.yaml", "python3", "-c", HEARS_ALL)
        answers = sorted(done.stdout.splitlines())
        self.assertEqual(answers, ["192.0.2.101 53 192.0.2.10", "192.0.2.101 5353 203.0.113.66"], done.stderr)


class Logged(Inside):
    @needs("dig")
    def test_every_query_and_reply_is_logged(self):
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "log"
            done = run("exec", "--log", f"jsonl:{log}", PROXIED, "dig", "+short", "cs1._domainkey.example.com", "A")
            self.assertEqual(done.returncode, 0)
            events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
        self.assertEqual((events[0]["event"], events[0]["asker"], events[0]["server"]), ("query", "outside", "resolver"))
        self.assertEqual((events[1]["asker"], events[1]["server"]), ("resolver", "root"))
        self.assertEqual((events[-1]["event"], events[-1]["rcode"]), ("reply", "NOERROR"))
        self.assertEqual(sum(event["event"] == "reply" for event in events) * 2, len(events))

    def test_a_log_that_cannot_be_is_told(self):
        done = run("exec", "--log", "xml", PROXIED, "true")
        self.assertEqual(done.returncode, 125)
        self.assertIn("--log wants jsonl", done.stderr)
        for status, wanted in [(0, 125), (7, 7)]:
            script = f"host {NAME} >/dev/null 2>&1; exit {status}"
            done = run("exec", "--log", "jsonl:/dev/full", PROXIED, "sh", "-c", script)
            self.assertEqual(done.returncode, wanted)
            self.assertEqual(done.stderr, "faultzone: /dev/full: cannot be written: No space left on device\n")
        done = run("exec", "--log", "jsonl:/nowhere/log", PROXIED, "true")
        self.assertEqual(done.returncode, 125)


class Repeated(Inside):
    def test_seeds_are_run_in_turn_and_summed_up(self):
        done = run("exec", "--seeds", "5..7", PROXIED, "sh", "-c", "exit 3")
        self.assertEqual(done.returncode, 3)
        self.assertEqual(done.stderr, "faultzone: 3 of 3 runs\n  3 ended with 3: seed 5, 6, 7\n")

    def test_repeat_takes_the_next_seed_each_time(self):
        done = run("exec", "--seed", "9", "--repeat", "2", PROXIED, "false")
        self.assertEqual(done.stderr, "faultzone: 2 of 2 runs\n  2 ended with 1: seed 9, 10\n")
        done = run("exec", "--seeds", "1..2", "--repeat", "3", PROXIED, "false")
        self.assertEqual(done.stderr, "faultzone: 3 of 3 runs\n  3 ended with 1: seed 1, 2, 1\n")

    def test_all_well_is_0(self):
        done = run("exec", "--repeat", "2", PROXIED, "true")
        self.assertEqual((done.returncode, done.stderr), (0, "faultzone: 2 of 2 runs\n  2 ended with 0\n"))

    @needs("dig")
    def test_a_seed_fixes_which_packets_are_lost(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "lossy.yaml"
            path.write_text(LOSSY, encoding="utf-8")
            question = ["dig", "+short", "+tries=1", "+time=1", "www.customer.example", "A"]
            first, second = (run("exec", "--seeds", "1..6", path, *question) for _ in range(2))
        self.assertEqual(first.stderr, second.stderr)
        self.assertIn("ended with 0\n", first.stderr)
        self.assertIn("ended with 9: seed ", first.stderr)

    def test_an_interrupt_ends_the_series(self):
        process = self.start("exec", "--repeat", "50", PROXIED, "sh", "-c", "echo ready; exec sleep 300",
                             stderr=subprocess.PIPE)  # fmt: skip
        process.terminate()
        self.assertEqual(process.wait(20), 143)
        self.assertIn("1 of 50 runs", process.stderr.read())
        process.stderr.close()


# Takes an answer apart and trusts it: what it may not, is an exception, and then ON_TROUBLE.
TRUSTS = """
import os, socket, struct, sys
name = b"".join(bytes([len(label)]) + label.encode() for label in "cs1._domainkey.example.com".split("."))
query = struct.pack("!6H", 7, 0x0100, 1, 0, 0, 0) + name + struct.pack("!BHH", 0, 16, 1)
asker = socket.socket(type=socket.SOCK_DGRAM)
asker.settimeout(2)
asker.connect(("127.0.0.1", 53))
asker.send(query)

def after_name(at):
    while answer[at] != 0:
        if answer[at] >= 0xc0:
            return at + 2
        at += answer[at] + 1
    return at + 1

try:
    answer = asker.recv(65535)
    print(answer.hex())
    at = after_name(12) + 4
    for _ in range(int.from_bytes(answer[6:8], "big")):
        at = after_name(at)
        kind, _, _, size = struct.unpack_from("!HHIH", answer, at)
        at += 10 + size
except socket.timeout:
    print("nothing")
except (IndexError, struct.error):
    ON_TROUBLE
"""


ASKS = """
import socket, sys
for at in sys.argv[1:]:
    family = socket.AF_INET6 if ":" in at else socket.AF_INET
    query = b"\\0\\7\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\3cs1\\n_domainkey\\7example\\3com\\0\\0\\5\\0\\1"
    with socket.socket(family, socket.SOCK_DGRAM) as udp, socket.socket(family) as tcp:
        udp.settimeout(20)
        udp.connect((at, 53))
        udp.send(query)
        tcp.settimeout(20)
        tcp.connect((at, 53))
        tcp.sendall(len(query).to_bytes(2, "big") + query)
        for answer in udp.recv(4096), tcp.recv(4096)[2:]:
            print(at, answer[3] & 15, answer[7])
"""


class FixedResolver(Inside):
    """Programs that ask one address, whatever resolv.conf says."""

    def ask(self, addresses, *options):
        return run("exec", *options, DNS_ONLY, "--", inside.PYTHON, "-c", ASKS, *addresses)

    def test_the_resolver_answers_where_it_is_told_to(self):
        addresses = ["8.8.8.8", "127.0.0.53", "2001:4860:4860::8888", "::1", "127.0.0.1"]
        options = [word for address in [*addresses, "8.8.8.8"] for word in ("--resolver-at", address)]
        done = self.ask(addresses, *options)
        self.assertEqual(done.stdout.splitlines(), [line for at in addresses for line in [f"{at} 0 1"] * 2], done.stderr)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_without_that_nobody_is_there(self):
        done = self.ask(["8.8.8.8"], "--resolver-at", "1.1.1.1")
        self.assertEqual(done.stdout, "")
        self.assertIn("UDP 8.8.8.8:53", done.stderr)

    def test_what_cannot_be_is_told(self):
        for options, why in [(["--resolver-at", "x"], "wants an IP address"),
                             (["--resolver-at", "198.41.0.4"], "somebody of the scenario has"),
                             (["--resolver", "none", "--resolver-at", "8.8.8.8"], "own resolver")]:  # fmt: skip
            done = run("exec", *options, DNS_ONLY, "true")
            self.assertEqual(done.returncode, 125)
            self.assertIn(why, done.stderr)


class Fuzzed(Inside):
    def fuzz(self, *arguments, scenario=DNS_ONLY):
        done = run("exec", *arguments[:-1], scenario, "--", *arguments[-1])
        return done.returncode, done.stderr.splitlines(), done.stdout

    def trusting(self, on_trouble, seeds):
        script = TRUSTS.replace("ON_TROUBLE", on_trouble)
        return self.fuzz("--fuzz-seeds", seeds, [inside.PYTHON, "-c", script])

    def test_seeds_that_kill_the_command_are_found_and_told(self):
        status, told, _ = self.trusting("os.abort()", "1..25")
        self.assertEqual(status, 1)
        found = [re.fullmatch(r"faultzone: seed (\d+): killed by signal 6 \(.*\)", line) for line in told[:-1]]
        seeds = [match[1] for match in found if match]
        self.assertIn(len(seeds), range(2, 24), told)
        stories = [line for line in told if line.startswith("  answers: ")]
        self.assertEqual(len(stories), len(seeds))
        self.assertNotIn("  answers: as-it-is", stories)
        summary = next(line for line in told if "findings" in line)
        ends = f"{25 - len(seeds)} ended with 0, {len(seeds)} with 134"
        self.assertEqual(summary, f"faultzone: 25 runs, {len(seeds)} findings: {ends}")
        again = next(line for line in told if line.startswith("again: faultzone exec"))
        self.assertTrue(again.startswith(f"again: faultzone exec --fuzz-seeds {seeds[0]} {DNS_ONLY} -- "), again)

    def test_what_can_take_it_is_not_found(self):
        status, told, said = self.trusting("sys.exit(1)", "1..25")
        ends = re.fullmatch(r"faultzone: 25 runs, 0 findings: (\d+) ended with 0, (\d+) with 1", told[0])
        self.assertEqual((status, len(told), int(ends[1]) + int(ends[2])), (0, 1, 25))
        self.assertGreater(len(set(said.split())), 8)  # answers differ

    def test_a_seed_gives_the_same_answers_again(self):
        first, second = (self.trusting("pass", "3..9") for _ in range(2))
        self.assertEqual(first, second)

    def test_the_line_that_is_told_repeats_the_first_finding(self):
        script = "read=x; echo \"it's\"; exit 7"
        status, told, _ = self.fuzz("--fuzz-seeds", "4..5", "--may-end", "0", ["sh", "-c", script])
        again = told[-1].removeprefix("again: ")
        self.assertEqual(
            (status, told[:-1], again[:48]),
            (1, ["faultzone: seed 4: ended with 7", "  answers: none", "faultzone: seed 5: ended with 7",
                 "  answers: none", "faultzone: 2 runs, 2 findings: 2 ended with 7"], f"faultzone exec --fuzz-seeds 4 --may-end 0 {DNS_ONLY}"[:48]),
        )  # fmt: skip
        done = subprocess.run(
            ["sh", "-c", again], env={**os.environ, "PATH": f"{Path(inside.PROGRAM).parent}:{os.environ['PATH']}"},
            capture_output=True, text=True, timeout=60, cwd=inside.ROOT, check=False,
        )  # fmt: skip
        self.assertEqual(done.stdout, "it's\n")
        self.assertEqual(done.stderr.splitlines()[0], "faultzone: seed 4: ended with 7")
        self.assertEqual(done.stderr.splitlines()[2], "faultzone: 1 run, 1 finding: 1 ended with 7")

    def test_which_statuses_are_findings(self):
        for status, options, expected in [(5, [], 0), (124, [], 1), (139, [], 1), (5, ["--may-end", "0,5"], 0),
                                          (6, ["--may-end", "0,5"], 1), (0, ["--may-end", "5"], 1)]:  # fmt: skip
            found, told, _ = self.fuzz("--fuzz-seeds", "1", *options, ["sh", "-c", f"exit {status}"])
            self.assertEqual(found, expected, told)
            self.assertEqual(told[0] == f"faultzone: seed 1: ended with {status}", expected == 1, told)

    def test_sanitizers_are_told_a_status_that_is_found(self):
        for said, seen in [(None, "exitcode=134"), ("detect_leaks=0", "detect_leaks=0:exitcode=134"),
                           ("exitcode=9:color=never", "exitcode=9:color=never")]:  # fmt: skip
            environment = {key: value for key, value in os.environ.items() if not key.endswith("SAN_OPTIONS")}
            environment.update({} if said is None else {"ASAN_OPTIONS": said})
            script = 'echo "$ASAN_OPTIONS $UBSAN_OPTIONS"'
            done = run("exec", "--fuzz-seeds", "1", DNS_ONLY, "--", "sh", "-c", script, env=environment)
            self.assertEqual((done.returncode, done.stdout), (0, f"{seen} exitcode=134\n"), done.stderr)

    @needs("gcc")
    def test_a_program_with_a_sanitizer_is_found(self):
        source = "int main(int n, char **v) { char *p = __builtin_malloc(1); (void)v; return p[n] ? 0 : 0; }"
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / "program"
            subprocess.run(["gcc", "-g", "-fsanitize=address", "-x", "c", "-", "-o", program],
                           input=source, text=True, check=True, timeout=60)  # fmt: skip
            status, told, _ = self.fuzz("--fuzz-seeds", "1", "--may-end", "0,1", [program])
        self.assertEqual(status, 1)
        self.assertIn("faultzone: seed 1: ended with 134", told)

    def test_what_takes_too_long_is_killed_and_found(self):
        status, told, _ = self.fuzz("--fuzz-seeds", "1..2", "--time-limit", "1", ["sleep", "300"])
        self.assertEqual(status, 1)
        self.assertEqual(told[:3:2], [f"faultzone: seed {seed}: still running after 1 s" for seed in (1, 2)])
        self.assertEqual(run("exec", "--time-limit", "1", DNS_ONLY, "sleep", "300").returncode, 124)
        self.assertEqual(run("exec", "--time-limit", "50", DNS_ONLY, "true").returncode, 0)

    def test_what_was_done_is_logged(self):
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "log"
            script = TRUSTS.replace("ON_TROUBLE", "pass")
            self.fuzz("--log", f"jsonl:{log}", "--fuzz-seeds", "1..6", [inside.PYTHON, "-c", script])
            events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
        mangled = [event for event in events if event["event"] == "mangled"]
        self.assertEqual(len(mangled), 6)  # one for each answer to the command, none for the resolver's
        self.assertEqual({(event["server"], event["name"], event["type"]) for event in mangled},
                         {("resolver", f"{NAME}.", "TXT")})  # fmt: skip
        self.assertGreater(len({event["done"] for event in mangled}), 2)

    @needs("unbound")
    @needs("host", "bind9-host")
    def test_answers_to_a_real_resolver_are_mangled(self):
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "log"
            self.fuzz("--resolver", "unbound", "--log", f"jsonl:{log}", "--fuzz-seeds", "1", ["host", "-W1", NAME])
            events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
        servers = {event["server"] for event in events if event["event"] == "mangled"}
        self.assertIn("root", servers)
        self.assertNotIn("resolver", servers)

    def test_a_command_that_is_not_there_is_no_finding(self):
        status, told, _ = self.fuzz("--fuzz-seeds", "1..9", ["/nowhere/at/all"])
        self.assertEqual(status, 127)
        self.assertIn("faultzone: 1 run, 0 findings", told)

    def test_options_that_make_no_sense_are_told(self):
        for options, why in [
            (["--fuzz-seeds", "5..4"], "--fuzz-seeds wants A..B"), (["--fuzz-seeds", "x"], "--fuzz-seeds wants A..B"),
            (["--fuzz-seeds", "1..2", "--seeds", "1..2"], "--seeds and --fuzz-seeds exclude each other"),
            (["--fuzz-seeds", "1..2", "--repeat", "2"], "--repeat and --fuzz-seeds exclude each other"),
            (["--fuzz-seeds", "1..2", "--may-end", "0,"], "--may-end wants exit statuses"),
            (["--fuzz-seeds", "1..2", "--may-end", "256"], "--may-end wants exit statuses"),
            (["--may-end", "0"], "--may-end is for --fuzz-seeds"),
        ]:  # fmt: skip
            done = run("exec", *options, DNS_ONLY, "true")
            self.assertEqual(done.returncode, 125)
            self.assertIn(why, done.stderr)


class Doctor(unittest.TestCase):
    def test_it_tells_what_works(self):
        done = run("doctor")
        self.assertEqual(done.returncode, 3 if inside.FORBIDDEN else 0, done.stdout)
        for word in ["user namespaces", "network namespaces", "port 53", "IPv6 loopback", "Landlock", "seccomp filters", "dig",
                     "unbound"]:  # fmt: skip
            self.assertIn(word, done.stdout)

    def test_json_names_versions_and_packages(self):
        told = json.loads(run("doctor", "--json").stdout)
        self.assertEqual(told["schema"], "faultzone/doctor/1")
        programs = {row["name"]: row for row in told["programs"]}
        self.assertEqual(programs["dig"]["package"], "bind9-dnsutils")
        for name, row in programs.items():
            self.assertEqual(row["found"], row["path"] is not None, name)
        if programs["dig"]["found"]:
            self.assertRegex(programs["dig"]["version"], r"\d+\.\d+")

    def test_what_is_forbidden_is_named_with_its_fix(self):
        if inside.FORBIDDEN or not shutil.which("unshare"):
            self.skipTest(inside.FORBIDDEN or "unshare is not installed")
        forbid = ["unshare", "--map-root-user", "--user", "sh", "-c",
                  'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"', "sh"]  # fmt: skip
        done = run("doctor", prefix=forbid)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("exec does not work here", done.stdout)
        self.assertIn("fix: sysctl -w user.max_user_namespaces=", done.stdout)
        done = run("exec", PROXIED, "true", prefix=forbid)
        self.assertEqual(done.returncode, 125)
        self.assertIn("user namespaces are forbidden here", done.stderr)
        self.assertIn("sysctl -w user.max_user_namespaces=", done.stderr)


inside.main()
