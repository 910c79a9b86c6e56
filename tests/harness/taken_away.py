"""Every shipped scenario is about something: what makes its failure is taken away, one thing at a
time, and each time the scenario must no longer end as expected. Taken away are behaviours of zones
and servers, what single servers show instead of their zone, a missing SOA, the faults, and the
client's memory. Where the zones are changed, the last change is made from the start. What a scenario
shows by its records alone stays. An intruder who knows little, or answers from the wrong place, is
given all power instead: then the forgery must be believed.

Arguments: the program, the directory of scenarios. Skipped (77) without python3-yaml."""

import copy
import pathlib
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

ZONE_KEYS = {"records", "soa", "servers", "provider", "ttl"}
SERVER_KEYS = {"addresses"}

# What is there in order to make no difference.
MEANT = {
    "proxy/healthy-behind-a-slow-network": {"faults"},  # it must pass in spite of them
    "delegation/stale-secondary-by-turns": {"faults"},  # chance alone may choose as they do
}


class Loader(yaml.SafeLoader):
    """Takes numbers for what they are here: text."""


KEPT = {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:null"}
Loader.yaml_implicit_resolvers = {
    first: [row for row in rows if row[0] in KEPT]
    for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def without(story, *keys):
    """The story without the value at the end of `keys`."""
    changed = copy.deepcopy(story)
    place = changed
    for key in keys[:-1]:
        place = place[key]
    del place[keys[-1]]
    return ".".join(keys), changed


def of_servers(story, zone):
    servers = story["zones"][zone].get("servers")
    for server, keys in servers.items() if isinstance(servers, dict) else ():
        for key in keys or ():
            if key not in SERVER_KEYS:
                yield without(story, "zones", zone, "servers", server, key)


def of_intruder(story):
    changed = copy.deepcopy(story)
    for item in changed.get("intruder") or ():
        item["knows"] = "everything"
        item.pop("as", None)
        item.pop("port", None)
    if changed != story:
        yield "the intruder's want of power", changed


def variants(story):
    for zone, keys in story.get("zones", {}).items():
        for key in keys or ():
            if key not in ZONE_KEYS or (key == "soa" and keys[key] is False):
                yield without(story, "zones", zone, key)
        if keys:
            yield from of_servers(story, zone)
    if story.get("faults"):
        yield without(story, "faults")
    yield from of_intruder(story)
    if "memory" in (story.get("client") or ()):
        yield without(story, "client", "memory")
    yield from changed_from_the_start(story)


def changed_from_the_start(story):
    """The story with its last change of zones in force at once, and no other."""
    zones = story.get("zones", {})
    changes = [step["change"] for step in story.get("steps", []) if "change" in step]
    last = next((change for change in reversed(changes) if set(change) & set(zones)), None)
    if last is None:
        return
    changed = copy.deepcopy(story)
    for step in changed["steps"]:
        for zone in set(step.get("change", {})) & set(zones):
            del step["change"][zone]
    changed["steps"] = [step for step in changed["steps"] if step.get("change", True)]
    for zone in set(last) & set(zones):
        changed["zones"][zone] = {**(changed["zones"][zone] or {}), **last[zone]}
    yield "its changes in time", changed


def ends_as_expected(program, story, path):
    path.write_text(yaml.dump(story, sort_keys=False, width=4096, allow_unicode=True))
    return subprocess.run([program, "run", path], capture_output=True).returncode == 0


def judge(program, path, scenario, directory):
    """What can be taken away from the scenario at `path` without its noticing."""
    story = yaml.load(path.read_text(), Loader)
    copy_path = directory / path.parent.name / path.name
    copy_path.parent.mkdir(exist_ok=True)
    if not ends_as_expected(program, story, copy_path):
        yield "it does not end as expected in the first place"
    for what, changed in variants(story):
        if what not in MEANT.get(scenario, ()) and ends_as_expected(program, changed, copy_path):
            yield f"without {what} it ends as before"


def main():
    program, scenarios = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    failures = 0
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        (directory / "keys").symlink_to(scenarios / "keys")
        for path in sorted(scenarios.rglob("*.yaml")):
            scenario = str(path.relative_to(scenarios).with_suffix(""))
            for trouble in judge(program, path, scenario, directory):
                print(f"{scenario}: {trouble}")
                failures += 1
    return failures > 0


sys.exit(main())
