"""Compares two conda prefixes: what we installed on a host, and what rattler makes of the same archives.

    compare-trees.py install RPM_BUNDLE PREFIX          installs the bundle's archives with rattler
    compare-trees.py compare OURS OUR_PREFIX PREFIX     both prefixes must be equally long

Not compared: conda-meta (each implementation has its own), byte code (rattler makes none), CACHEDIR.TAG of rattler, and what
we add: activate.env, EXTERNALLY-MANAGED.
Indentation in entry points is taken for equal: conda has four spaces there, rattler has a tab.
"""

from __future__ import annotations

import asyncio
import os
import re
import stat
import sys
import tempfile
from pathlib import Path

from rattler import PackageRecord, RepoDataRecord, install
from rattler.package_streaming import extract

OWN_FILES = re.compile(r"CACHEDIR\.TAG$|conda-meta(/|$)|activate\.env$|(.*/)?EXTERNALLY-MANAGED$|\.messages\.txt$|\.rattler|(.*/)?__pycache__(/|$)")
ENTRY_POINT = re.compile(rb"\A#!.*\n# -\*- coding: utf-8 -\*-\n")


def install_with_rattler(bundle: Path, prefix: Path) -> None:
    records = [_record(path) for path in sorted((bundle / "pkgs").glob("*/*"))]
    # A cache of its own: an older one would hold the unpacked files of other archives with the same name.
    with tempfile.TemporaryDirectory() as cache:
        asyncio.run(install(records, prefix, cache_dir=cache, execute_link_scripts=True, show_progress=False))


def _record(archive: Path) -> RepoDataRecord:
    with tempfile.TemporaryDirectory() as folder:
        extract(archive, folder)
        package = PackageRecord.from_index_json(Path(folder) / "info" / "index.json")
    return RepoDataRecord(package, archive.name, archive.as_uri(), archive.parent.as_uri())


def differences(ours: Path, our_prefix: str, theirs: Path) -> list[str]:
    left, right = _entries(ours, our_prefix.encode(), str(theirs).encode()), _entries(theirs, b"", b"")
    return sorted(
        f"{path}: {_name(left.get(path))}, with rattler {_name(right.get(path))}"
        for path in left.keys() | right.keys() if left.get(path) != right.get(path)
    )


def _entries(root: Path, old: bytes, new: bytes) -> dict[str, tuple[str, bytes]]:
    """Every file and link: its kind with the permission to execute, and its contents with `old` written as `new`."""
    found = {}
    for folder, folders, files in os.walk(root):
        for name in [*files, *(one for one in folders if os.path.islink(os.path.join(folder, one)))]:
            path = Path(folder) / name
            relative = str(path.relative_to(root))
            if OWN_FILES.match(relative):
                continue
            if path.is_symlink():
                found[relative] = ("link", os.readlink(path).encode())
            else:
                data = path.read_bytes().replace(old, new) if old else path.read_bytes()
                if ENTRY_POINT.match(data):
                    data = data.replace(b"\t", b"    ")
                found[relative] = ("program" if path.stat().st_mode & stat.S_IXUSR else "file", data)
    return found


def _name(entry: tuple[str, bytes] | None) -> str:
    return f"{entry[0]} of {len(entry[1])} bytes" if entry else "nothing"


def main() -> None:
    command, *arguments = sys.argv[1:]
    if command == "install":
        install_with_rattler(Path(arguments[0]), Path(arguments[1]))
    else:
        found = differences(Path(arguments[0]), arguments[1], Path(arguments[2]))
        sys.exit("\n".join(found[:40]) if found else 0)


if __name__ == "__main__":
    main()
