"""Plants one bug at a time into a copy of the sources and lets the fuzz target find it that must.

    python3 fuzz/plants.py --root . --check                   every plant has its place in the sources
    python3 fuzz/plants.py --root . --build DIRECTORY [NAME…]

A checker that nothing can upset proves nothing: each property that a target holds has a plant here.
"""

import argparse
import pathlib
import shutil
import subprocess
import sys
import time

SECONDS = 120  # for one plant

# name, target, file, what stands there once, what is planted in its place
PLANTS = [
    # wire: the octets
    ("pointer-cut", "message", "wire/scan.c",
     "if (end - at < 2) {", "if (end - at < 1) {"),
    ("trailing-octets", "message", "wire/message.c",
     "MESSAGE_TRAILING, parser->at", "MESSAGE_FINE, parser->at"),
    ("unescaped-dot", "name", "wire/name.c",
     "return octet == '.' || octet == ';'", "return octet == ';'"),
    ("hash-knows-case", "name", "wire/name.c",
     "return hash_step(hash_step(state, lower_word(load_few(data, size))), size);",
     "return hash_step(hash_step(state, load_few(data, size)), size);"),
    ("order-knows-case", "rdata", "wire/rdata.c",
     "const int order = lower_octet(a.data[i]) - lower_octet(b.data[i]);",
     "const int order = a.data[i] - b.data[i];"),
    ("chunk-loses-an-octet", "frame", "wire/frame.c",
     "*chunk = bytes_after(*chunk, FRAME_PREFIX_OCTETS + length);",
     "*chunk = bytes_after(*chunk, FRAME_PREFIX_OCTETS + length + (length == 13));"),
    ("size-not-bounded", "edns", "wire/edns.c",
     "return size < most ? size : most;", "return size < most || size > 4096 ? size : most;"),
    # mail: the key record
    ("strings-lose-an-octet", "dkim_key", "mail/dkim_key.c",
     "at += strings[i].size;", "at += strings[i].size - (strings[i].size > 200);"),
    # what people and programs write
    ("diagnostic-unescaped", "yaml", "base/diag.c",
     "if (octet >= 0x20 && octet < 0x7f) {", "if (octet >= 0x20) {"),
    ("body-not-bounded", "http", "live/http.c",
     "size > HTTP_BODY_MAX", "size > HTTP_BODY_MAX + 700000"),
    # the control API
    ("body-octet-lost", "control", "live/control_talk.c",
     "talk->request_body + talk->body_received, octets.data, size);",
     "talk->request_body + talk->body_received, octets.data, size - (talk->body_received == 42));"),
    ("length-of-another-body", "control", "live/control_talk.c",
     "http_reason(response->status), response->body.size);",
     "http_reason(response->status), response->body.size - (response->body.size > 4000));"),
    ("reset-keeps-changes", "control", "harness/editions.c",
     "    edits_free(&editions->edits);\n    editions->edits = new_edits();",
     "    editions->edits.lifts_faults = false;"),
    # the simulated servers
    ("answers-an-answer", "server", "sim/server.c",
     "if (!message_peek(octets, &header) || (header.flags & MESSAGE_QR) != 0) {",
     "if (!message_peek(octets, &header)) {"),
    ("larger-than-asked-for", "server", "sim/draft.c",
     "return edns_udp_limit(&query->edns, draft->udp_size_max);",
     "return draft->udp_size_max + query->edns.present;"),
    # the resolver: what it takes for an answer
    ("any-id", "lookup", "resolver/exchange.c",
     "if (header.id != exchange->id) {", "if (((header.id ^ exchange->id) & 0x0fff) != 0) {"),
    ("any-source", "lookup", "resolver/exchange.c",
     "endpoint_equal(&exchange->server, &packet->from)) {",
     "exchange->server.port == packet->from.port) {"),
    ("any-question", "lookup", "resolver/exchange.c",
     "name_ref_equal(message->question.name, exchange->name);",
     "message->question.name.offset > 0;"),
    ("cut-answer-used", "lookup", "resolver/classify.c",
     "if ((message->flags & MESSAGE_TC) != 0) {", "if (message->flags == MESSAGE_TC) {"),
    ("alias-out-of-bailiwick", "lookup", "resolver/classify.c",
     "while (name_is_at_or_below(&reply->last, work->question->zone)) {",
     "while (reply->last.size > 0) {"),
    ("glue-out-of-bailiwick", "lookup", "resolver/delegation.c",
     "if (!record_address(&record, &address) || !name_ref_is_at_or_below(record.owner, zone)) {",
     "if (!record_address(&record, &address) || zone == NULL) {"),
    ("no-budget", "lookup", "resolver/lookup_ask.c",
     "if (lookup_purse(lookup)->queries >= policy->queries_max) {", "if (lookup->queries >= 100000) {"),
    ("life-grows", "lookup", "resolver/cache.c",
     "(instant_since(now, entry->expires) + NS_PER_S - 1) / NS_PER_S)",
     "(instant_since(now, entry->expires) + NS_PER_S - 1 + now * 2) / NS_PER_S)"),
    # the set-up check
    ("check-takes-any-id", "inspector", "sim/client.c",
     "if (ret->id != client->id) {", "if (((ret->id ^ client->id) & 0x0fff) != 0) {"),
    ("check-without-end", "inspector", "inspect/inspector.c",
     "return now >= inspector->ends_at ||", "return now >= 2 * inspector->ends_at ||"),
    ("trouble-taken-for-absence", "inspector", "inspect/weighing.c",
     "weighing->open ? WEIGHT_OPEN : weighing->stuck ? WEIGHT_STUCK : weight;",
     "weighing->open ? WEIGHT_OPEN : weight;"),
    # verdicts
    ("error-taken-for-absence", "world", "mail/dkim_retrieval.c",
     "if (reply->rcode != RCODE_NOERROR && reply->rcode != RCODE_NXDOMAIN) {",
     "if (reply->rcode == RCODE_REFUSED) {"),
]


def unplaced(root, plant):
    found = (root / plant[2]).read_text().count(plant[3])
    return "" if found == 1 else f"{plant[0]}: stands {found} times in {plant[2]}: {plant[3]}"


def check(root):
    problems = [problem for plant in PLANTS if (problem := unplaced(root, plant))]
    targets = {path.stem for path in (root / "fuzz").glob("*.c")}
    problems += [f"{plant[0]}: no target {plant[1]}" for plant in PLANTS if plant[1] not in targets]
    print("\n".join(problems) or f"{len(PLANTS)} plants have their places")
    return 1 if problems else 0


def copy_tree(root, to):
    """The sources as git knows them, changed ones included; files that did not change stay as they are."""
    names = subprocess.run(["git", "-C", root, "ls-files"], check=True, capture_output=True, text=True).stdout
    for name in names.split("\n")[:-1]:
        source, target = root / name, to / name
        if not source.is_file() or (target.exists() and target.read_bytes() == source.read_bytes()):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def build(tree, target):
    run = subprocess.run(["ninja", "--quiet", "-C", tree / "build-fuzz", f"fuzz/fuzz_{target}",
                          f"fuzz/fuzz_{target}_replay"], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"{target} does not build:\n{run.stdout}")


def corpus(tree, target):
    """Where the seeds lie, unpacked."""
    seeds = tree / "build-fuzz" / "seeds" / target
    shutil.rmtree(seeds, ignore_errors=True)
    seeds.mkdir(parents=True)
    packed = tree / "fuzz" / "corpus" / f"{target}.hex"
    if packed.exists():
        subprocess.run([tree / "build-fuzz/fuzz" / f"fuzz_{target}_replay", "--unpack", seeds, packed],
                       check=True, stdout=subprocess.DEVNULL)
    plain = tree / "fuzz" / "corpus" / target
    return [seeds] + ([plain] if plain.exists() else [])


def is_caught(tree, target):
    """Whether the fuzzer stops at the plant; how long that took, and at what."""
    began = time.monotonic()
    dictionary = tree / "fuzz/dictionaries" / f"{target}.dict"
    run = subprocess.run([tree / "build-fuzz/fuzz" / f"fuzz_{target}", f"-max_total_time={SECONDS}", "-timeout=10",
                          "-artifact_prefix=/dev/null", *([f"-dict={dictionary}"] if dictionary.exists() else []),
                          *corpus(tree, target)], capture_output=True, text=True,
                         errors="replace")
    signs = [line for line in run.stderr.splitlines() if "ssertion" in line or "SUMMARY" in line]
    return run.returncode != 0, time.monotonic() - began, signs[0] if signs else ""


def plant(root, tree, row):
    name, target, file, old, new = row
    path = tree / file
    path.write_text((root / file).read_text().replace(old, new))
    try:
        build(tree, target)
        caught, seconds, sign = is_caught(tree, target)
    finally:
        path.write_text((root / file).read_text())
    print(f"{'caught' if caught else 'MISSED'}  {name:28} {target:9} {seconds:5.1f} s  {sign[:110]}", flush=True)
    return caught


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--build", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    root = options.root.resolve()
    placed = check(root)
    if placed != 0 or options.check:
        return placed
    tree = options.build.resolve()
    copy_tree(root, tree)
    if not (tree / "build-fuzz/build.ninja").exists():
        subprocess.run(["meson", "setup", tree / "build-fuzz", tree, "-Dfuzzing=true", "-Dtests=disabled",
                        "-Dbench=disabled", "-Dwerror=false", "-Db_sanitize=address,undefined", "-Db_lundef=false", "-Doptimization=1"],
                       check=True, stdout=subprocess.DEVNULL)
    rows = [row for row in PLANTS if not options.names or row[0] in options.names]
    missed = [row[0] for row in rows if not plant(root, tree, row)]
    print(f"{len(rows) - len(missed)} of {len(rows)} plants caught")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
