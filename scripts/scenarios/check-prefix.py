"""Checks that tools which know nothing of us can work with a prefix that we made.

    check-prefix.py PREFIX WORK     WORK is an empty folder

rattler reads every document of conda-meta, and the files that they list are those that are there. conda-pack packs the
prefix, and what it packed runs at another place.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from rattler import PrefixRecord

# Made by the installation, and by the link script of the example.
UNLISTED = {"activate.env", "share/native-tool/post-link.txt"}
# Keeps pip from changing the environment.
GUARD = "EXTERNALLY-MANAGED"


def check_records(prefix: Path) -> None:
    records = [PrefixRecord.from_path(path) for path in (prefix / "conda-meta").glob("*.json")]
    listed = {str(path) for record in records for path in record.files}
    folders = [prefix]
    found = set()
    while folders:
        for path in folders.pop().iterdir():
            if path.is_dir() and not path.is_symlink():
                folders.append(path)
            else:
                found.add(str(path.relative_to(prefix)))
    found = {path for path in found if not path.startswith("conda-meta/")} - UNLISTED
    guards = {path for path in found if path.endswith(f"/{GUARD}")}
    if guards != {f"lib/python{sys.version_info.major}.{sys.version_info.minor}/{GUARD}"}:
        sys.exit(f"expected {GUARD} beside the standard library, found {sorted(guards)}")
    found -= guards
    if missing := sorted(listed - found):
        sys.exit(f"listed and not there: {missing}")
    if extra := sorted(found - listed):
        sys.exit(f"there and not listed: {extra}")
    print(f"{len(records)} packages, {len(found)} files")


def check_pack(prefix: Path, work: Path) -> None:
    tarball, other = work / "packed.tar", work / "unpacked"
    other.mkdir()
    run(Path(sys.executable).with_name("conda-pack"), "--prefix", prefix, "--output", tarball, "--quiet")
    run("tar", "--extract", "--file", tarball, "--directory", other)
    run(other / "bin/python", other / "bin/conda-unpack")
    print(run(other / "bin/python", "-c", "import flask, numpy, sys; print('at', sys.prefix)"))
    run(other / "bin/flask", "--version")


def run(*command: object) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command[0]}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


if __name__ == "__main__":
    check_records(Path(sys.argv[1]))
    check_pack(Path(sys.argv[1]), Path(sys.argv[2]))
