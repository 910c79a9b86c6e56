"""A served world from outside: what clients of its resolver see, what its control API does, and that
nobody can bring it down."""

import argparse
import concurrent.futures
import http.client
import json
import os
import pwd
import re
import resource
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

PROGRAM = ""
SANITIZED = os.environ.get("FAULTZONE_SANITIZED", "none") != "none"

A, TXT, AAAA, CAA = 1, 16, 28, 257
NOERROR, SERVFAIL, NXDOMAIN, REFUSED = 0, 2, 3, 5

SCENARIO = """\
scenario: a key behind a proxy
latency: 1ms
zones:
  customer.example:
    provider: cloudflare
    proxied: [k1._domainkey]
    records: |
      k1._domainkey 300 CNAME k1.esp.example.
  esp.example:
    records: |
      k1 300 TXT "a key"
steps:
  - dkim: k1._domainkey.customer.example
"""

KEY = "k1._domainkey.customer.example"


def question(name, qtype, number=7):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", qtype, 1)


class Reply:
    def __init__(self, octets):
        self.id, flags, _, self.answers, _, _ = struct.unpack(">HHHHHH", octets[:12])
        self.rcode = flags & 15
        self.octets = octets


def ask(port, name, qtype, source="127.0.0.1", at="127.0.0.1"):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind((source, 0))
        udp.settimeout(10)
        udp.sendto(question(name, qtype), (at, port))
        return Reply(udp.recv(4096))


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self.path)


@unittest.skipUnless(os.geteuid() == 0, "only root has rights to give up")
class Privileges(unittest.TestCase):
    def setUp(self):
        self.box = tempfile.TemporaryDirectory()
        self.addCleanup(self.box.cleanup)
        self.path = os.path.join(self.box.name, "control")
        self.file = Path(self.box.name, "scenario.yaml")
        self.file.write_text(SCENARIO, encoding="utf-8")

    def start(self, *options):
        child = subprocess.Popen(
            [PROGRAM, "serve", "--json", "--control-socket", self.path, *options, str(self.file)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.addCleanup(child.communicate)
        self.addCleanup(child.kill)
        return child

    def status(self, child):
        self.assertTrue(child.stdout.readline())
        lines = Path(f"/proc/{child.pid}/status").read_text().splitlines()
        return {key: value.split() for key, _, value in (line.partition(":") for line in lines)}

    def test_root_becomes_nobody_and_gains_nothing(self):
        nobody = pwd.getpwnam("nobody")
        status = self.status(self.start())
        self.assertEqual(status["Uid"], [str(nobody.pw_uid)] * 4)
        self.assertEqual(status["Gid"], [str(nobody.pw_gid)] * 4)
        self.assertEqual(status["Groups"], [str(nobody.pw_gid)])
        self.assertEqual(status["NoNewPrivs"], ["1"])
        self.assertEqual(int(status["CapEff"][0], 16), 0)

    def test_a_user_can_be_named(self):
        self.assertEqual(self.status(self.start("--user", "daemon"))["Uid"], [str(pwd.getpwnam("daemon").pw_uid)] * 4)
        os.unlink(self.path)
        self.assertEqual(self.status(self.start("--user", "root"))["Uid"], ["0"] * 4)

    def test_the_control_socket_goes_however_the_server_ends(self):
        for number in [signal.SIGTERM, signal.SIGKILL]:
            child = self.start()
            self.status(child)
            self.assertTrue(os.path.exists(self.path))
            child.send_signal(number)
            child.communicate(timeout=30)
            deadline = time.monotonic() + 10
            while os.path.exists(self.path) and time.monotonic() < deadline:
                time.sleep(0.02)
            self.assertFalse(os.path.exists(self.path), number)


class Served(unittest.TestCase):
    scenario = SCENARIO
    options = []
    limits = None  # of descriptors
    ending = 0  # its exit status
    errors = ""

    def setUp(self):
        self.box = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.box.name, "control")
        file = Path(self.box.name, "scenario.yaml")
        file.write_text(self.scenario, encoding="utf-8")
        self.prepare()
        self.child = subprocess.Popen(
            [PROGRAM, "serve", "--json", "--control-socket", self.path, "--control-port", "0"]
            + self.options + [str(file)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            preexec_fn=lambda: self.limits and resource.setrlimit(resource.RLIMIT_NOFILE, self.limits),
        )  # fmt: skip
        line = self.child.stdout.readline()
        self.assertTrue(line, self.child.stderr.read() if not line else "")
        self.ready = json.loads(line)
        self.port = self.ready["port"]

    def prepare(self):
        pass

    def tearDown(self):
        self.assertIsNone(self.child.poll(), "the server has ended by itself")
        self.child.send_signal(signal.SIGTERM)
        _, self.errors = self.child.communicate(timeout=30)
        self.assertEqual(self.child.returncode, self.ending, self.errors)
        self.assertFalse(os.path.exists(self.path))
        self.box.cleanup()

    def call(self, method, path, body=None, connection=None):
        connection = connection or UnixConnection(self.path)
        connection.request(method, path, body if body is None or isinstance(body, str) else json.dumps(body))
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, json.loads(text)

    def do(self, method, path, body=None):
        status, answer = self.call(method, path, body)
        self.assertEqual(status, 200, answer)
        return answer

    def ask(self, name, qtype):
        return ask(self.port, name, qtype)

    def tcp(self):
        return int(self.ready["control_tcp"].rsplit(":", 1)[1])

    def raw(self, octets, then=b""):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(30)
            client.connect(self.path)
            client.sendall(octets)
            if then:
                client.sendall(then)
            answer = b""
            while True:
                part = client.recv(65536)
                if not part:
                    return answer
                answer += part

    def status_of(self, octets):
        answer = self.raw(octets)
        self.assertTrue(answer.startswith(b"HTTP/1.1 "), answer)
        head, _, body = answer.partition(b"\r\n\r\n")
        self.assertIn("error", json.loads(body))
        return int(head.split()[1])


class Control(Served):
    def test_a_lifted_proxy_shows_the_key(self):
        self.assertEqual(self.ask(KEY, TXT).answers, 0)
        self.do("POST", "/v1/zones/customer.example", {"proxied": []})
        self.assertEqual(self.ask(KEY, TXT).answers, 0)  # still in the resolver's cache
        self.do("POST", "/v1/forget")
        self.assertEqual(self.ask(KEY, TXT).answers, 2)
        self.assertIn(b"a key", self.ask(KEY, TXT).octets)

    def test_the_documented_client_works(self):
        page = (Path(__file__).parents[2] / "docs/how-to/use-serve.md").read_text(encoding="utf-8")
        block = re.search(r"## In a test suite.*?```python\n(.*?)```", page, re.DOTALL)[1]
        self.assertEqual((block.count(", 8055)"), block.count("\n...  ")), (1, 1))
        block = block.replace("8055", str(self.tcp())).replace("\n...  ", "\nask()  ")
        namespace = {"ask": lambda: self.ask(KEY, TXT)}
        exec(compile(block, "use-serve.md", "exec"), namespace)  # noqa: S102 - a document's own code
        self.assertEqual(self.do("POST", "/v1/reset", "null"), {"ok": True})

    def test_reset_restores_the_file(self):
        self.do("POST", "/v1/zones/customer.example", {"proxied": []})
        self.ask(KEY, TXT)
        self.do("POST", "/v1/faults", {"loss": True})
        self.do("POST", "/v1/reset")
        self.assertEqual(self.do("GET", "/v1/queries")["queries"], [])
        self.assertEqual(self.ask(KEY, TXT).answers, 0)
        self.assertGreater(self.ask(KEY, A).answers, 0)
        state = self.do("GET", "/v1/state")
        self.assertEqual(state["faults"], [])
        self.assertFalse(any(zone["changed"] for zone in state["zones"]))

    def test_records_can_be_replaced(self):
        self.do("POST", "/v1/zones/esp.example", {"records": "k1 60 TXT \"another\"\nk2 60 A 192.0.2.9\n"})
        self.do("POST", "/v1/zones/customer.example", {"proxied": False})
        self.assertIn(b"another", self.ask(KEY, TXT).octets)
        self.assertEqual(self.ask("k2.esp.example", A).answers, 1)

    def test_a_new_zone_gets_servers_that_answer(self):
        self.assertEqual(self.ask("www.new.test", A).rcode, NXDOMAIN)
        before = len(self.do("GET", "/v1/state")["servers"])
        self.do("POST", "/v1/zones/new.test", {"records": "www 60 A 192.0.2.7\n"})
        self.do("POST", "/v1/forget")
        reply = self.ask("www.new.test", A)
        self.assertEqual((reply.rcode, reply.answers), (NOERROR, 1))
        self.assertGreater(len(self.do("GET", "/v1/state")["servers"]), before)

    def test_a_mistake_changes_nothing_and_is_told(self):
        for body, word in (
            ({"proxide": []}, "did you mean `proxied`?"),
            ({"records": "k1 300 TXT \"open"}, "quote"),
            ({"provider": 7}, "7"),
            ({"proxied": {"names": 1, "x": 2}}, ""),
        ):
            status, answer = self.call("POST", "/v1/zones/customer.example", body)
            self.assertEqual(status, 422, answer)
            told = answer["error"]["message"] + answer["error"].get("hint", "")
            self.assertIn(word, told)
        self.assertGreater(self.ask(KEY, A).answers, 0)

    def test_faults_come_and_go(self):
        self.do("POST", "/v1/faults", {"delay": "150ms", "to": "customer.example"})
        began = time.monotonic()
        self.ask(KEY, A)
        self.assertGreater(time.monotonic() - began, 0.15)
        self.assertGreater(self.do("GET", "/v1/state")["faults"][0]["hits"], 0)
        self.do("DELETE", "/v1/faults")
        self.assertEqual(self.do("GET", "/v1/state")["faults"], [])

    def test_a_zones_change_keeps_what_faults_have_counted(self):
        self.do("POST", "/v1/faults", [{"delay": "1ms"}])
        self.ask(KEY, A)
        hits = self.do("GET", "/v1/state")["faults"][0]["hits"]
        self.assertGreater(hits, 0)
        self.do("POST", "/v1/zones/esp.example", {"records": "k1 60 TXT x\n"})
        self.assertEqual(self.do("GET", "/v1/state")["faults"][0]["hits"], hits)

    def test_history_tells_who_asked_whom_and_what_came_of_it(self):
        self.ask(KEY, TXT)
        queries = self.do("GET", "/v1/queries")["queries"]
        first = queries[0]
        self.assertEqual((first["asker"], first["server"], first["type"]), ("outside", "resolver", "TXT"))
        self.assertEqual((first["rcode"], first["answers"]), ("NOERROR", 0))
        self.assertEqual({query["server"] for query in queries[1:]} >= {"root", "tld"}, True)
        self.assertTrue(all(query["rcode"] for query in queries))
        one = self.do("GET", f"/v1/queries?name={KEY}&limit=1")
        self.assertEqual(len(one["queries"]), 1)
        self.assertTrue(one["more"])
        rest = self.do("GET", f"/v1/queries?after={one['last']}")["queries"]
        self.assertEqual([first] + rest, queries)
        self.do("DELETE", "/v1/queries")
        self.assertEqual(self.do("GET", "/v1/queries")["queries"], [])

    def test_time_lets_caches_expire(self):
        self.ask(KEY, TXT)
        self.do("POST", "/v1/zones/customer.example", {"proxied": []})
        self.assertEqual(self.ask(KEY, TXT).answers, 0)
        self.do("POST", "/v1/time", {"advance": "31m"})
        self.assertEqual(self.ask(KEY, TXT).answers, 2)

    def test_one_name_can_be_forgotten(self):
        self.ask(KEY, TXT)
        self.do("POST", "/v1/zones/customer.example", {"proxied": []})
        self.do("POST", "/v1/forget", {"name": KEY})
        self.assertEqual(self.ask(KEY, TXT).answers, 2)

    def test_every_server_can_be_asked(self):
        servers = {server["name"]: server["real"] for server in self.ready["servers"]}
        port = int(servers["root"].rsplit(":", 1)[1])
        v4 = [s["real"] for s in self.ready["servers"] if s["name"] == "root" and s["real"][0] == "1"]
        port = int(v4[0].rsplit(":", 1)[1])
        reply = ask(port, KEY, TXT)
        self.assertEqual((reply.rcode, reply.answers), (NOERROR, 0))

    def test_a_crowd_is_answered_from_a_cold_cache(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.settimeout(10)
            for i in range(100):
                udp.sendto(question(f"n{i}.esp.example", A, i), ("127.0.0.1", self.port))
            replies = [Reply(udp.recv(4096)) for _ in range(100)]
        self.assertEqual({reply.rcode for reply in replies}, {NXDOMAIN})
        self.assertEqual({reply.id for reply in replies}, set(range(100)))

    def test_answers_are_not_answered(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.settimeout(0.3)
            octets = bytearray(question(KEY, A))
            octets[2] |= 0x80
            udp.sendto(octets, ("127.0.0.1", self.port))
            self.assertRaises(TimeoutError, udp.recv, 4096)

    def test_the_schema_is_the_scenarios(self):
        self.assertIn("$schema", self.do("GET", "/v1/schema"))

    def test_unknown_paths_and_methods(self):
        self.assertEqual(self.call("GET", "/v1/nothing")[0], 404)
        self.assertEqual(self.call("GET", "/v1/reset")[0], 405)
        self.assertEqual(self.call("GET", "/set-txt")[0], 405)

    def test_tcp_says_the_same_and_no_stranger_gets_through(self):
        def over_tcp(**headers):
            connection = http.client.HTTPConnection("127.0.0.1", self.tcp(), timeout=30)
            connection.request("GET", "/v1/state", headers=headers)
            answer = connection.getresponse()
            answer.read()
            connection.close()
            return answer.status

        self.assertEqual(over_tcp(), 200)
        self.assertEqual(over_tcp(Host="evil.example"), 403)
        self.assertEqual(over_tcp(Host="localhost.evil.example"), 403)
        self.assertEqual(over_tcp(Origin="http://evil.example"), 403)

    def test_the_socket_is_its_owners(self):
        self.assertEqual(os.stat(self.path).st_mode & 0o777, 0o600)


class Challenge(Served):
    """The verbs of pebble-challtestsrv, with the bodies of its documentation."""

    def test_txt(self):
        name = "_acme-challenge.test-host.letsencrypt.org"
        self.do("POST", "/set-txt", {"host": name + ".", "value": "foo"})
        self.assertIn(b"\x03foo", self.ask(name, TXT).octets)
        self.do("POST", "/clear-txt", {"host": name + "."})
        self.assertEqual(self.ask(name, TXT).answers, 0)

    def test_addresses(self):
        name = "test-host.letsencrypt.org"
        self.do("POST", "/add-a", {"host": name, "addresses": ["12.12.12.12", "13.13.13.13"]})
        self.do("POST", "/add-aaaa", {"host": name, "addresses": ["2001:4860:4860::8888"]})
        self.assertEqual(self.ask(name, A).answers, 2)
        self.assertEqual(self.ask(name, AAAA).answers, 1)
        self.do("POST", "/clear-a", {"host": name})
        self.assertEqual(self.ask(name, A).answers, 0)
        self.assertEqual(self.ask(name, AAAA).answers, 1)
        self.do("POST", "/clear-aaaa", {"host": name})
        self.assertEqual(self.ask(name, AAAA).answers, 0)

    def test_alias(self):
        self.do("POST", "/set-cname", {"host": "alias.example", "target": "k1.esp.example"})
        self.assertIn(b"a key", self.ask("alias.example", TXT).octets)
        self.do("POST", "/clear-cname", {"host": "alias.example"})
        self.assertEqual(self.ask("alias.example", TXT).answers, 0)

    def test_caa(self):
        policies = [{"tag": "issue", "value": "letsencrypt.org; x=\"y\""}]
        self.do("POST", "/add-caa", {"host": "test-host.letsencrypt.org", "policies": policies})
        self.assertIn(b"issueletsencrypt.org; x=\"y\"", self.ask("test-host.letsencrypt.org", CAA).octets)
        self.do("POST", "/clear-caa", {"host": "test-host.letsencrypt.org"})
        self.assertEqual(self.ask("test-host.letsencrypt.org", CAA).answers, 0)

    def test_failure(self):
        for host in ("a.broken.test", "b.broken.test"):
            self.do("POST", "/set-servfail", {"host": host})
        self.do("POST", "/add-a", {"host": "c.broken.test", "addresses": ["192.0.2.7"]})
        self.assertEqual(self.ask("a.broken.test", A).rcode, SERVFAIL)
        self.assertEqual(self.ask("b.broken.test", TXT).rcode, SERVFAIL)
        self.assertEqual(self.ask("c.broken.test", A).answers, 1)
        self.do("POST", "/clear-servfail", {"host": "a.broken.test"})
        self.assertEqual(self.ask("a.broken.test", A).rcode, NXDOMAIN)

    def test_a_zone_of_the_file_keeps_its_records(self):
        self.do("POST", "/set-txt", {"host": "_acme-challenge.esp.example", "value": "x" * 300})
        self.assertIn(b"a key", self.ask("k1.esp.example", TXT).octets)
        self.assertEqual(self.ask("_acme-challenge.esp.example", TXT).answers, 1)

    def test_what_is_set_takes_the_place_of_the_zones_own(self):
        name = "k1.esp.example"
        self.do("POST", "/set-txt", {"host": name, "value": "mine"})
        self.assertEqual(self.ask(name, TXT).answers, 1)
        self.assertIn(b"mine", self.ask(name, TXT).octets)
        self.do("POST", "/set-cname", {"host": name, "target": "nowhere.esp.example"})
        self.assertEqual(self.ask(name, TXT).rcode, NXDOMAIN)
        self.do("POST", "/clear-cname", {"host": name})
        self.do("POST", "/clear-txt", {"host": name})
        self.assertIn(b"a key", self.ask(name, TXT).octets)

    def test_history(self):
        self.ask("k1.esp.example", TXT)
        history = self.do("POST", "/dns-request-history", {"host": "k1.esp.example"})
        wanted = [{"Question": {"Name": "k1.esp.example.", "Qtype": TXT, "Qclass": 1}}]
        self.assertEqual(history, wanted)
        self.do("POST", "/clear-request-history", {"host": "k1.esp.example", "type": "dns"})
        self.assertEqual(self.do("POST", "/dns-request-history", {"host": "k1.esp.example"}), [])

    def test_what_is_not_sound_is_refused(self):
        for path, body in (
            ("/set-txt", {"host": "", "value": "x"}),
            ("/set-txt", {"host": "a.test"}),
            ("/add-a", {"host": "a.test", "addresses": ["::1"]}),
            ("/add-a", {"host": "a.test", "addresses": []}),
            ("/set-cname", {"host": "a.test", "target": "a..b"}),
            ("/add-caa", {"host": "a.test", "policies": [{"tag": "is sue", "value": "x"}]}),
            ("/clear-request-history", {"host": "a.test", "type": "smtp"}),
            ("/dns-request-history", []),
        ):
            self.assertEqual(self.call("POST", path, body)[0], 400, (path, body))
        self.assertEqual(self.call("POST", "/set-default-ipv4", {"ip": "10.10.10.2"})[0], 422)
        self.do("POST", "/set-default-ipv4", {"ip": ""})


class Abuse(Served):
    def test_broken_requests_get_their_status(self):
        for octets, status in (
            (b"GARBAGE\r\n\r\n", 400),
            (b"GET /v1/state HTTP/2.0\r\nHost: localhost\r\n\r\n", 400),
            (b"GET /v1/state HTTP/1.1\r\n\r\n", 400),
            (b"POST /v1/reset HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
            (b"POST /v1/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
            (b"POST /v1/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999999\r\n\r\n", 413),
            (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
            (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 3000 + b"\r\n", 431),
            (b"\0" * 100 + b"\r\n\r\n", 400),
        ):
            self.assertEqual(self.status_of(octets), status, octets[:60])
        self.do("GET", "/v1/state")

    def test_a_body_that_is_too_large_is_413_though_it_is_sent(self):
        self.assertEqual(self.call("POST", "/v1/zones/esp.example", "x" * 1000000)[0], 413)
        self.do("GET", "/v1/state")

    def test_broken_json_is_400(self):
        for body in ("{", "nonsense", "[1,]", "{\"a\": 1, \"a\": 2}", "{\"a\": \"\\u0000\"}", "[" * 100000, "\xff"):
            self.assertEqual(self.call("POST", "/v1/zones/esp.example", body)[0], 400, body[:20])
        self.assertEqual(self.call("POST", "/v1/zones/esp.example", [])[0], 400)
        self.assertEqual(self.call("POST", "/v1/zones/a..b", {})[0], 400)
        self.assertEqual(self.call("POST", "/v1/time", {"advance": "soon"})[0], 400)
        self.assertEqual(self.call("POST", "/v1/time", {"advance": "900d"})[0], 400)
        self.assertEqual(self.call("POST", "/v1/forget", {"name": 7})[0], 400)
        self.assertEqual(self.call("POST", "/v1/faults", "7")[0], 400)

    def test_a_slow_client_is_told_408_and_others_are_served(self):
        with socket.socket(socket.AF_UNIX) as slow:
            slow.settimeout(30)
            slow.connect(self.path)
            began = time.monotonic()
            slow.sendall(b"POST /v1/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n123")
            self.do("GET", "/v1/state")
            answer = slow.recv(65536)
            self.assertIn(b"408", answer.split(b"\r\n")[0])
            self.assertLess(time.monotonic() - began, 8)

    def test_200_clients_at_once_are_all_answered(self):
        def one(number):
            if number % 3 == 0:
                return self.call("POST", "/v1/zones/esp.example", {"records": f"k{number} 60 A 192.0.2.9"})[0]
            if number % 3 == 1:
                return self.call("GET", "/v1/state")[0]
            return self.call("POST", "/v1/reset")[0]

        with concurrent.futures.ThreadPoolExecutor(200) as pool:
            self.assertEqual(set(pool.map(one, range(200))), {200})

    def test_300_idle_clients_do_not_lock_others_out_for_long(self):
        idle = [socket.socket(socket.AF_UNIX) for _ in range(300)]
        try:
            for client in idle:
                client.connect(self.path)
            self.do("GET", "/v1/state")
        finally:
            for client in idle:
                client.close()

    def test_who_expects_100_gets_it(self):
        head = b"POST /v1/forget HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(30)
            client.connect(self.path)
            client.sendall(head)
            self.assertEqual(client.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")
            client.sendall(b"{}")
            self.assertTrue(client.recv(100).startswith(b"HTTP/1.1 200 "))

    def test_changes_keep_memory_flat(self):
        def resident():
            status = Path(f"/proc/{self.child.pid}/status").read_text(encoding="utf-8")
            return int(status.split("VmRSS:")[1].split()[0])

        def change(count):
            for i in range(count):
                self.do("POST", "/v1/zones/esp.example", {"records": f"k1 300 TXT \"key {i}\"\n"})
                if i % 10 == 0:
                    self.do("POST", "/v1/reset")

        if SANITIZED:
            change(200)
            return
        change(500)
        before = resident()
        change(10000)
        self.assertLess(resident() - before, 1024, "kilobytes more after 10,000 changes")

    def test_too_many_zones_are_a_clean_409(self):
        statuses = [self.call("POST", f"/v1/zones/z{i}.test", {"records": "a 60 A 192.0.2.1"})[0] for i in range(130)]
        self.assertEqual(statuses[0], 200)
        self.assertIn(statuses[-1], (409, 422))
        self.assertEqual(self.ask("a.z0.test", A).answers, 1)
        self.do("POST", "/v1/reset")
        self.do("POST", "/v1/zones/z0.test", {"records": "a 60 A 192.0.2.2"})
        self.assertEqual(self.ask("a.z0.test", A).answers, 1)


def sandbox_here():
    """What this system has for the sandbox, as `doctor` tells it."""
    if SANITIZED:
        return []
    told = json.loads(subprocess.run([PROGRAM, "doctor", "--json"], stdout=subprocess.PIPE).stdout)
    works = {row["name"]: row["works"] for row in told["system"]}
    return [part for part, name in [("landlock", "Landlock"), ("seccomp", "seccomp filters")] if works[name]]


class Sandboxed(Served):
    """With a key from a file that is gone when the world is changed."""

    scenario = SCENARIO + "keys:\n  k1: {file: key.pem}\n  k2: {ed25519: true}\n"

    def prepare(self):
        key = Path(__file__).parents[2] / "scenarios/keys/test-ed25519.pem"
        self.key = Path(self.box.name, "key.pem")
        self.key.write_bytes(key.read_bytes())
        self.key.chmod(0o600)

    def status(self):
        lines = Path(f"/proc/{self.child.pid}/status").read_text().splitlines()
        return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}

    def test_it_is_shut_in_as_far_as_the_system_can(self):
        here = sandbox_here()
        self.assertEqual(self.ready["sandbox"], here)
        self.assertEqual(self.status()["NoNewPrivs"], "1")
        self.assertEqual(self.status()["Seccomp"], "2" if "seccomp" in here else "0")

    def test_what_keys_hold_is_read_before(self):
        self.key.unlink()
        self.do("POST", "/v1/zones/customer.example", {"proxied": [], "records": 'k1 300 TXT "${key:k1}" "${key:k2}"'})
        self.assertEqual(self.ask("k1.customer.example", TXT).answers, 1)
        self.do("POST", "/v1/reset")
        self.do("POST", "/v1/zones/new.example", {"records": 'k1 300 TXT "${key:k1}"'})
        self.assertEqual(self.ask("k1.new.example", TXT).answers, 1)

    def tearDown(self):
        super().tearDown()
        self.assertEqual(self.errors.count("the sandbox is incomplete"), 2 - len(sandbox_here()), self.errors)


class FewDescriptors(Served):
    """Not even libuv's reserve can be opened anew, for the sandbox forbids it."""

    limits = (70, 70)

    def test_more_clients_than_descriptors_do_not_stop_it(self):
        for _ in range(3):
            clients = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(60)]
            time.sleep(0.2)
            for client in clients:
                client.close()
        if not self.ready["sandbox"]:
            return  # libuv helps itself, and idle clients keep their descriptors: it goes on, and stops
        for _ in range(20):  # a connection that meets the lack of descriptors is ended
            try:
                self.assertEqual(self.call("GET", "/v1/state")[0], 200)
                return
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
        self.fail("it answers no more")


class Unconfined(Served):
    options = ["--no-sandbox"]

    def test_it_can_be_switched_off(self):
        self.assertEqual(self.ready["sandbox"], [])
        self.assertIn("Seccomp:\t0", Path(f"/proc/{self.child.pid}/status").read_text())
        self.assertEqual(self.ask(KEY, TXT).rcode, NOERROR)


class Allowed(Served):
    options = ["--listen", "127.0.0.3", "--allow", "127.0.0.2,10.0.0.0/8"]

    def test_who_is_not_in_the_list_is_refused(self):
        reply = ask(self.port, KEY, A, source="127.0.0.1", at="127.0.0.3")
        self.assertEqual((reply.id, reply.rcode, reply.answers), (7, REFUSED, 0))
        self.assertEqual(reply.octets[12:], question(KEY, A)[12:])
        self.assertEqual(ask(self.port, KEY, A, source="127.0.0.2", at="127.0.0.3").rcode, NOERROR)

    def test_answers_and_rubbish_from_elsewhere_get_nothing(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.settimeout(0.3)
            octets = bytearray(question(KEY, A))
            octets[2] |= 0x80
            for rubbish in (octets, b"", b"x", octets[:12]):
                udp.sendto(rubbish, ("127.0.0.3", self.port))
            self.assertRaises(TimeoutError, udp.recv, 4096)

    def test_connections_from_elsewhere_end(self):
        try:
            with socket.create_connection(("127.0.0.3", self.port), timeout=10) as tcp:
                tcp.sendall(b"\0\x02xx")
                self.assertEqual(tcp.recv(100), b"")
        except ConnectionError:
            pass


class Logged(Served):
    options = ["--log", "jsonl:/dev/stderr"]

    def tearDown(self):
        self.ask(KEY, TXT)
        super().tearDown()
        lines = self.errors.splitlines()
        events = [json.loads(line) for line in lines if line.startswith("{")]
        self.assertEqual({event["event"] for event in events}, {"query", "reply"})
        self.assertTrue(any(event.get("rcode") == "NOERROR" and event["asker"] == "outside" for event in events))
        self.assertTrue(any(line.strip().endswith(f"{KEY}. TXT") for line in lines))

    def test_every_exchange_is_logged(self):
        self.ask(KEY, A)


class LogIsLost(Served):
    options = ["--log", "jsonl:/dev/full"]
    ending = 3

    def tearDown(self):
        super().tearDown()
        self.assertIn("faultzone: /dev/full: cannot be written: No space left on device\n", self.errors)

    def test_it_serves_all_the_same(self):
        self.assertEqual(self.ask(KEY, A).rcode, NOERROR)


class Shell(Served):
    def ctl(self, *arguments, **options):
        return subprocess.run(
            [PROGRAM, "ctl", "--socket", self.path, *arguments],
            capture_output=True, text=True, timeout=30, **options,
        )  # fmt: skip

    def test_the_same_calls_from_the_shell(self):
        self.assertEqual(self.ctl("zone", "customer.example", '{"proxied": []}').returncode, 0)
        self.assertEqual(self.ctl("forget").returncode, 0)
        self.assertEqual(self.ask(KEY, TXT).answers, 2)
        self.assertEqual(json.loads(self.ctl("state").stdout)["schema"], "faultzone/state/1")
        self.assertTrue(json.loads(self.ctl("queries").stdout)["queries"])
        self.assertEqual(self.ctl("fault", "-", input='{"loss": true, "to": "tld"}').returncode, 0)
        self.assertEqual(self.ctl("lift").returncode, 0)
        self.assertEqual(self.ctl("time", "5m").returncode, 0)
        self.assertEqual(self.ctl("post", "/set-txt", '{"host": "a.test", "value": "x"}').returncode, 0)
        self.assertEqual(self.ctl("reset").returncode, 0)
        self.assertEqual(self.ask(KEY, TXT).answers, 0)

    def test_mistakes_are_told_with_their_status(self):
        done = self.ctl("zone", "customer.example", '{"proxide": []}')
        self.assertEqual(done.returncode, 2)
        self.assertIn("did you mean `proxied`?", done.stderr)
        for arguments in (["stat"], [], ["zone", "x"], ["forget", "a", "b"], ["time"]):
            self.assertEqual(self.ctl(*arguments).returncode, 2, arguments)

    def test_nobody_there_is_3(self):
        done = subprocess.run(
            [PROGRAM, "ctl", "--socket", self.path + "x", "state"], capture_output=True, text=True, timeout=30
        )
        self.assertEqual(done.returncode, 3)

    def test_over_tcp(self):
        url = f"http://{self.ready['control_tcp']}"
        done = subprocess.run([PROGRAM, "ctl", "--url", url, "state"], capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stderr)


class Refused(unittest.TestCase):
    def refuse(self, status, word, *arguments):
        with tempfile.TemporaryDirectory() as box:
            file = Path(box, "scenario.yaml")
            file.write_text(SCENARIO, encoding="utf-8")
            done = subprocess.run(
                [PROGRAM, "serve", *arguments, str(file)], capture_output=True, text=True, timeout=30
            )
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertIn(word, done.stderr)

    def test_no_open_resolver_by_mistake(self):
        self.refuse(2, "--allow", "--listen", "192.0.2.77")
        for wildcard in ("0.0.0.0", "::"):
            self.refuse(2, "one address", "--listen", wildcard, "--allow", "127.0.0.1")
        self.refuse(2, "networks", "--allow", "10.0.0.0/33")
        self.refuse(2, "address", "--listen", "localhost")
        self.refuse(2, "jsonl", "--log", "xml")
        self.refuse(2, "/nowhere/log: No such file or directory", "--log", "jsonl:/nowhere/log")
        self.refuse(2, '--user: there is no user "nobody-of-that-name"', "--user", "nobody-of-that-name")

    def test_a_file_is_not_taken_for_a_socket(self):
        with tempfile.NamedTemporaryFile() as file:
            self.refuse(3, "controlled", "--control-socket", file.name)
            self.assertTrue(os.path.exists(file.name))
        self.refuse(3, "too long", "--control-socket", "/tmp/" + "x" * 200)


class Tap(unittest.TestResult):
    number = 0

    def tell(self, word, test, note=""):
        self.number += 1
        print(f"{word} {self.number} - {test._testMethodName}{note}", flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.tell("ok", test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.tell("not ok", test)
        print("# " + self.failures[-1][1].replace("\n", "\n# "))

    def addError(self, test, err):
        super().addError(test, err)
        self.tell("not ok", test)
        print("# " + self.errors[-1][1].replace("\n", "\n# "))


def main():
    global PROGRAM
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    PROGRAM = os.path.abspath(arguments.program)
    module = sys.modules["__main__"]
    loader = unittest.defaultTestLoader
    suite = (
        loader.loadTestsFromNames(arguments.names, module)
        if arguments.names
        else loader.loadTestsFromModule(module)
    )
    result = Tap()
    suite.run(result)
    print(f"1..{result.number}")
    sys.exit(not result.wasSuccessful())


main()
