"""The project speaks of itself alone and is finished where it speaks: no paths of the machine it
was written on, no paths that leave it, no marks of unfinished work, no dead links."""

import re
import sys

import house

OWN_PLACE = re.compile(r"(?<![\w.$}])/(?:home|root|work|Users|mnt)/\S*")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
TRACKER = re.compile(r"\bissues? #?\d+\b|\bissues show\b", re.IGNORECASE)
UPWARD = re.compile(r"(?<![\w./])((?:\.\./)+[\w.-][\w./-]*)")
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)\s]*)?\)")


def readable(root):
    """Every text but these checks, which name what they forbid."""
    return (path for path in house.texts(root) if path.parent != root / "tests" / "house")


def matches(root, pattern):
    for path in readable(root):
        for number, line in house.lines(path):
            found = pattern.search(line)
            if found:
                yield f"{path.relative_to(root)}:{number}: {found[0]}"


def upward_paths(root):
    """Relative paths that lead out of the project or to nothing in it."""
    for path in readable(root):
        for number, line in house.lines(path):
            for target in UPWARD.findall(line):
                place = (path.parent / target).resolve()
                if root not in place.parents or not place.exists():
                    yield f"{path.relative_to(root)}:{number}: {target}"


def dead_links(root):
    for path in house.texts(root):
        if path.suffix != ".md":
            continue
        for number, line in house.lines(path):
            for target in LINK.findall(line):
                if "://" in target or target.startswith("mailto:"):
                    continue
                if not (path.parent / target).exists():
                    yield f"{path.relative_to(root)}:{number}: {target} does not exist"


def main():
    root = house.root_from_arguments()
    tap = house.Tap()
    tap.point("no path of somebody's machine", matches(root, OWN_PLACE))
    tap.point("no mark of unfinished work", matches(root, UNFINISHED))
    tap.point("no mention of a tracker's numbers", matches(root, TRACKER))
    tap.point("every upward path is a file of the project", upward_paths(root))
    tap.point("no dead link between documents", dead_links(root))
    return tap.end()


sys.exit(main())
