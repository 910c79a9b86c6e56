"""Writes seeds for fuzz targets, made from the shipped scenarios and the tests' own tables.

    python3 fuzz/seeds.py --root . DIRECTORY        DIRECTORY/TARGET/NUMBER

The seeds of `message` are made by seeds.c.
"""

import argparse
import json
import pathlib
import re
import struct

WORLDS = 6  # of fuzz/worlds.c
NAMES = ["k1._domainkey.customer.example", "k1.dkim.esp.example", "customer.example", "nobody.customer.example",
         "esp.example", "example", ""]
TYPES = [16, 1, 28, 5, 2, 6, 15, 255]
KEY_LINES = re.compile(r"^keys:.*|.*(file: \.\./keys|\$\{key:|sign-with).*")


def scenarios(root):
    """Scenarios without what a fuzz target leaves alone: other files."""
    for path in sorted(root.glob("scenarios/*/*.yaml")):
        lines = [line for line in path.read_text().splitlines()
                 if not KEY_LINES.match(line) and not line.startswith("#")]
        yield "\n".join(lines).encode() + b"\n"


def zone_texts(root):
    """The blocks of zone text in scenarios, their indentation taken away."""
    for text in scenarios(root):
        for block in re.findall(rb"    records: \|\n((?:      .*\n)+)", text):
            yield re.sub(rb"(?m)^      ", b"", block)


def scripts(root):
    for path in sorted(root.glob("scenarios/rpl/*.rpl")):
        yield path.read_bytes()


def wire_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


def query(name, rrtype, edns):
    head = struct.pack(">HHHHHH", 4660, 0x0100, 1, 0, 0, 1 if edns else 0)
    opt = b"\0" + struct.pack(">HHIH", 41, edns, 0, 0) if edns else b""
    return head + wire_name(name) + struct.pack(">HH", rrtype, 1) + opt


def server_questions(_root):
    """World, where TCP is cut, seat, transport, query."""
    for world in range(WORLDS):
        for name in NAMES:
            for number, rrtype in enumerate(TYPES):
                for seat in range(5):
                    message = query(name, rrtype, 1232 if number % 2 else 0)
                    yield bytes([world, 3, seat, 1]) + message
                    if rrtype == 16:
                        yield bytes([world, 3, seat, 0]) + struct.pack(">H", len(message)) + message


def lookups(_root):
    """World, count of questions, then name, type and pause of each, then nothing: no packet is touched."""
    for world in range(WORLDS):
        for name in range(8):
            for rrtype in range(10):
                yield bytes([world, 1, name, rrtype, 0, name, rrtype, 9])


def worlds(_root):
    for world in range(WORLDS):
        for decision in range(0, 256, 7):
            yield bytes([world] + [decision] * 12)


def rdata(root):
    types = dict(re.findall(r"(RRTYPE_\w+) = (\d+)", (root / "wire/rrtype.h").read_text()))
    table = (root / "tests/wire/rdata_samples.h").read_text()
    for rrtype, text in re.findall(r'\{"[^"]*", (RRTYPE_\w+),\s*"((?:[^"]|"\s*")*)"', table):
        parts = re.sub(r'"\s*"', "", text).split("'")
        octets = b"".join(part.encode() if i % 2 else bytes.fromhex(part) for i, part in enumerate(parts))
        yield struct.pack(">H", int(types[rrtype])) + octets


def names(_root):
    yield from (wire_name(name) + wire_name(other.upper()) for name in NAMES for other in NAMES)
    yield from (b"a\\.b.\\000c.example.", b"*.x", b"@", b".")


def keys(root):
    yield from (b"\x20\x05" + record.encode("latin-1", "ignore")
                for path in sorted(root.glob("tests/mail/*key*_test.c"))
                for record in re.findall(r'"(v=DKIM1[^"]*|k=[^"]*p=[^"]*)"', path.read_text()))
    for text in scenarios(root):
        for record in re.findall(rb'TXT "(v=DKIM1[^"]*)"', text):
            yield b"\xff\x21" + record


def requests(_root):
    for head in (b"GET /v1/state?x=1 HTTP/1.1\r\nHost: localhost\r\n", b"DELETE /v1/history HTTP/1.1\r\nHost: [::1]:80\r\n",
                 b"POST /add-a HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nOrigin: x\r\nContent-Length: 262144\r\n"):
        yield b"\x01\x02" + head + b"\r\n{}"


CHALLENGES = {
    "set-txt": {"value": "foo"}, "add-a": {"addresses": ["192.0.2.7"]}, "add-aaaa": {"addresses": ["2001:db8::7"]},
    "set-cname": {"target": "k1.esp.example"}, "add-caa": {"policies": [{"tag": "issue", "value": "ca.example"}]},
    "set-servfail": {}, "dns-request-history": {}, "clear-request-history": {"type": "dns"},
}


def request(method, path, body=b""):
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def controls(root):
    """How it is cut, then requests: each row of the control API's tests between two looks at the state."""
    state = request("GET", "/v1/state")
    source = (root / "tests/harness/control_test.c").read_text()
    table = source[source.index("rows[] = {"):source.index("START_TEST(requests")]
    rows = re.findall(r'\{"\w+", "(\w+)", "([^"]*)",\s*"((?:[^"\\]|\\.)*)", \d+\}', table)
    asked = [request(method, path, body.replace('\\"', '"').encode()) for method, path, body in rows]
    for host in ("k1._domainkey.customer.example", "new.test"):
        for verb, members in CHALLENGES.items():
            body = json.dumps({"host": host} | members).encode()
            asked.append(request("POST", "/" + verb, body))
            asked.append(request("POST", "/" + re.sub("^(set|add)", "clear", verb), body))
    for number, one in enumerate(asked):
        yield bytes([number % 3 * 20] * 8) + b"\x1e".join([one, state, asked[number * 7 % len(asked)]])


def inspections(_root):
    """World, plan, whether servers are hostile, then what becomes of packets."""
    fates = ([0], [1] * 14, [2] * 40, [5] * 20, [9, 13, 17, 21] * 6, [6, 10, 14, 18, 22, 26, 30, 34] * 4)
    for world in range(WORLDS):
        for plan in range(7):
            yield from (bytes([world, plan, number % 2, *fate]) for number, fate in enumerate(fates))


def options(_root):
    for code, data in ((3, b""), (8, b"\0\1\x18\0\xc0\0\2"), (10, b"12345678"), (12, b"\0" * 20), (15, b"\0\x16why")):
        yield b"\x04\xd0\x04\xd0" + struct.pack(">HH", code, len(data)) + data


def streams(_root):
    message = query("k1._domainkey.customer.example", 16, 1232)
    frame = struct.pack(">H", len(message)) + message
    yield b"\0" + bytes(range(8)) + frame * 3
    yield b"\xa0" + bytes([255] * 8) + frame + b"\0\0"
    yield b"\0" + bytes([0] * 8) + frame + b"\0\x0d" + b"x" * 13 + b"\0\x03abc"


TARGETS = {
    "control": controls, "dkim_key": keys, "edns": options, "frame": streams, "http": requests,
    "inspector": inspections, "lookup": lookups, "name": names,
    "rdata": rdata, "rpl": scripts, "server": server_questions, "world": worlds, "yaml": scenarios, "zone": zone_texts,
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("directory", type=pathlib.Path)
    options_given = parser.parse_args()
    for target, make in TARGETS.items():
        folder = options_given.directory / target
        folder.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(make(options_given.root)):
            (folder / f"{number:04}").write_bytes(seed)


if __name__ == "__main__":
    main()
