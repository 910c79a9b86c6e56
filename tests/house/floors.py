"""Every #include respects the floors: a floor uses only what lies beneath it, and each library is
known in one place only."""

import re
import sys

import house

# What each floor may include of the project. resolver, sim and mail never include each other.
BENEATH = {
    "base": {"base"},
    "wire": {"base", "wire"},
    "mail": {"base", "wire", "mail"},
    "sim": {"base", "wire", "sim"},
    "resolver": {"base", "wire", "resolver"},
    "inspect": {"base", "wire", "mail", "sim", "resolver", "inspect"},
    "live": {"base", "wire", "mail", "sim", "resolver", "inspect", "live"},
    "harness": set(house.FLOORS) - {"cli"},
    "cli": set(house.FLOORS),
}
GUESTS_MAY = set(house.FLOORS) | set(house.GUESTS)

# Below `live` there is no clock, no socket, no environment: only these parts of the C library.
PURE_FLOORS = {"base", "wire", "mail", "sim", "resolver", "inspect"}
PURE_HEADERS = {
    "assert.h", "inttypes.h", "limits.h", "stdarg.h", "stdbool.h", "stddef.h", "stdint.h",
    "stdio.h", "string.h",
}  # fmt: skip
PURE_EXCEPTIONS = {("base/arena.c", "stdlib.h")}  # the project's only malloc

# Who may include which library: a directory or one file.
LIBRARIES = [
    (r"uv(/.*)?\.h", ["live/", "tests/", "bench/"]),
    (r"yaml\.h", ["harness/yaml.c"]),
    (r"ldns/.*", ["harness/records.c", "tests/", "fuzz/", "bench/"]),
    (r"openssl/.*", ["harness/", "tests/", "fuzz/", "bench/"]),
    (r"jansson\.h", ["harness/", "tests/", "fuzz/"]),
    (r"dns/.*|isc/.*", ["tests/oracles/"]),
    (r"libknot/.*|libdnssec/.*", ["tests/", "fuzz/", "bench/"]),
    (r"ares.*\.h", ["tests/", "fuzz/", "bench/"]),
    (r"check\.h", ["tests/"]),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]*)"|<([^>]*)>|(\S+))')
FEATURE = re.compile(r"^\s*#\s*define\s+(_GNU_SOURCE|_POSIX_C_SOURCE|_DEFAULT_SOURCE)\b")


def own_trouble(root, floor, path):
    """What is wrong with including the project's `path` from `floor`, or None."""
    if not (root / path).is_file() and not (root / f"{path}.in").is_file():
        return f'"{path}" is not a file seen from the project\'s root'
    used = path.split("/")[0]
    allowed = GUESTS_MAY if floor in house.GUESTS else BENEATH[floor]
    return None if used in allowed else f"{floor} may not use {used}"


def system_trouble(floor, relative, header):
    for pattern, places in LIBRARIES:
        if re.fullmatch(pattern, header):
            if any(relative == place or relative.startswith(place) for place in places):
                return None
            return f"<{header}> belongs in {', '.join(places)} only"
    pure = floor not in PURE_FLOORS or header in PURE_HEADERS
    if pure or (relative, header) in PURE_EXCEPTIONS:
        return None
    return f"<{header}> is beyond what {floor} may see of the system"


def line_trouble(root, floor, relative, line):
    feature = FEATURE.match(line)
    if feature and floor in PURE_FLOORS:
        return f"{feature[1]} has no place in {floor}"
    include = INCLUDE.match(line)
    if not include:
        return None
    own, system, computed = include.groups()
    if computed:
        return f"computed include {computed}"
    return own_trouble(root, floor, own) if own else system_trouble(floor, relative, system)


def violations(root, floor):
    for path in house.sources(root, [floor]):
        relative = path.relative_to(root).as_posix()
        for number, line in house.lines(path):
            trouble = line_trouble(root, floor, relative, line)
            if trouble:
                yield f"{relative}:{number}: {trouble}"


def main():
    root = house.root_from_arguments()
    tap = house.Tap()
    for floor in [*house.FLOORS, *house.GUESTS]:
        tap.point(f"{floor} includes only what it may", violations(root, floor))
    return tap.end()


sys.exit(main())
