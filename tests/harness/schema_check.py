"""The schema against scenarios: every shipped one is valid, and broken ones are not.

Arguments: the schema, the directory of scenarios. Skipped (77) without python3-jsonschema or
python3-yaml."""

import copy
import json
import pathlib
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

schema = json.loads(pathlib.Path(sys.argv[1]).read_text())
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
failures = 0


def fail(text):
    global failures
    failures += 1
    print(text)


paths = sorted(pathlib.Path(sys.argv[2]).rglob("*.yaml"))
if len(paths) < 24:
    fail(f"only {len(paths)} scenarios")
for path in paths:
    text = path.read_text()
    for error in validator.iter_errors(yaml.safe_load(text)):
        fail(f"{path}: {list(error.path)}: {error.message[:200]}")
    if not text.startswith("# yaml-language-server: $schema="):
        fail(f"{path}: no modeline")
    elif not (path.parent / text.split("\n", 1)[0].split("=", 1)[1]).is_file():
        fail(f"{path}: the modeline leads nowhere")

sound = {
    "scenario": "x",
    "zones": {"a.b": {"provider": "cloudflare", "proxied": ["c"], "servers": {"n": None}}},
    "faults": [{"loss": "20%", "to": "root"}],
    "steps": [{"dkim": "c.a.b", "expect": {"result": "pass", "key": {"bits": 2048}}}],
}
if not validator.is_valid(sound):
    fail("the sound example is not valid")


def broken(name, change):
    example = copy.deepcopy(sound)
    change(example)
    if validator.is_valid(example):
        fail(f"broken and valid all the same: {name}")


broken("no title", lambda e: e.pop("scenario"))
broken("no zones", lambda e: e.pop("zones"))
broken("unknown key", lambda e: e.update(scenraio="x"))
broken("newer version", lambda e: e.update(version=2))
broken("covers", lambda e: e.update(covers=["F112"]))
broken("unknown zone key", lambda e: e["zones"]["a.b"].update(recrods=""))
broken("unknown provider", lambda e: e["zones"]["a.b"].update(provider="cloudfare"))
broken("unknown behaviour key", lambda e: e["zones"]["a.b"].update(proxied={"nams": ["c"]}))
broken("missing behaviour key", lambda e: e["zones"]["a.b"].update(proxied={"ttl": 3}))
broken("unknown server key", lambda e: e["zones"]["a.b"]["servers"].update(n={"x": 1}))
broken("two faults", lambda e: e["faults"][0].update(delay="1s"))
broken("no fault", lambda e: e["faults"][0].pop("loss"))
broken("chance", lambda e: e["faults"][0].update(loss=7))
broken("unknown trigger", lambda e: e["faults"][0].update(trnsport="udp"))
broken("unknown step", lambda e: e["steps"].append({"wat": "1s"}))
broken("two actions", lambda e: e["steps"][0].update(wait="1s"))
broken("unknown assertion", lambda e: e["steps"][0]["expect"].update(reslt="pass"))
broken("unknown word", lambda e: e["steps"][0]["expect"].update(result="permeror"))
broken("unknown nested assertion", lambda e: e["steps"][0]["expect"]["key"].update(bit=1))
broken("bad duration", lambda e: e["steps"].append({"wait": "soon"}))
broken("resolver key", lambda e: e.update(resolver={"querys-max": 3}))

print(f"{len(paths)} scenarios, {failures} failures")
sys.exit(1 if failures else 0)
