"""Packs a directory of inputs into a list: a name and an input in hexadecimal digits a line.

    python3 fuzz/pack.py DIRECTORY >fuzz/corpus/TARGET.hex

An input is named after its hash; lines that stand in the list KEEP (an earlier list) under another
name, as regressions do, stay in front of all.
"""

import hashlib
import pathlib
import re
import sys

FOUND = re.compile(r"[0-9a-f]{12}$")


def main(directory, keep=None):
    kept = []
    if keep and pathlib.Path(keep).exists():
        kept = [line for line in pathlib.Path(keep).read_text().splitlines()
                if not FOUND.match(line.split(" ")[0])]
    known = {line.split(" ")[1] for line in kept}
    found = {path.read_bytes().hex() for path in pathlib.Path(directory).iterdir() if path.is_file()}
    lines = kept + [f"{hashlib.sha256(bytes.fromhex(data)).hexdigest()[:12]} {data}"
                    for data in sorted(found - known, key=lambda data: (len(data), data))]
    print("\n".join(lines))


if __name__ == "__main__":
    main(*sys.argv[1:])
