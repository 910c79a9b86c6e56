"""Packs the checked-in inputs of a fuzz target as ClusterFuzzLite and OSS-Fuzz want them: a zip.

    python3 fuzz/zip_seeds.py TARGET_seed_corpus.zip INPUTS…

INPUTS are what the stand-alone replayer takes: files (one input each), directories of them, and lists,
files that end in `.hex`, with a name and an input in hexadecimal digits a line. What is not there is
left out. The same inputs make the same zip.
"""

import hashlib
import pathlib
import sys
import zipfile


def inputs_in(path):
    if path.is_dir():
        for child in sorted(path.iterdir()):
            if not child.name.startswith("."):
                yield from inputs_in(child)
    elif path.suffix == ".hex":
        for line in path.read_text().splitlines():
            yield bytes.fromhex(line.split(" ")[1])
    elif path.exists():
        yield path.read_bytes()


def main(archive, *paths):
    inputs = {data for path in paths for data in inputs_in(pathlib.Path(path))}
    if not inputs:
        sys.exit(f"{archive}: no inputs in {' '.join(paths)}")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for data in sorted(inputs):
            packed.writestr(zipfile.ZipInfo(hashlib.sha256(data).hexdigest()), data)


main(*sys.argv[1:])
