"""Every C file is as clang-format 14 writes it. With --fix, makes it so."""

import re
import shutil
import subprocess
import sys

import house

VERSION = "14"


def find_tool():
    """clang-format of the one version whose output is the rule: versions differ."""
    for name in [f"clang-format-{VERSION}", "clang-format"]:
        path = shutil.which(name)
        if path:
            said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
            if re.search(rf"version {VERSION}\.", said):
                return path
    return None


def unformatted(tool, root, files):
    command = [tool, "--dry-run", "--Werror", "--style=file", *map(str, files)]
    said = subprocess.run(command, capture_output=True, text=True).stderr
    places = re.findall(r"^(.+?):(\d+):\d+: error:", said, re.MULTILINE)
    first = {}
    for path, line in places:
        first.setdefault(path, line)
    return [f"{path.removeprefix(str(root) + '/')}:{line}" for path, line in first.items()]


def main():
    fix = "--fix" in sys.argv and not sys.argv.remove("--fix")
    root = house.root_from_arguments()
    files = list(house.sources(root, [*house.FLOORS, *house.GUESTS]))
    tool = find_tool()
    if tool is None:
        return house.skip_all(f"clang-format {VERSION} is not installed")
    if fix:
        return subprocess.run([tool, "-i", "--style=file", *map(str, files)]).returncode
    tap = house.Tap()
    tap.point("every C file is as clang-format writes it", unformatted(tool, root, files))
    return tap.end()


sys.exit(main())
