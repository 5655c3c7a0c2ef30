"""The index of a channel: `repodata.json` and its zstd form in every subdirectory (CEP 36)."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import zstandard

from .condapackage import CondaPackage

FORMATS = (".conda", ".tar.bz2")
LARGE = 20 << 20  # bytes, unpacked


def write_channel(channel: Path, packages: list[CondaPackage]) -> None:
    """Writes all archives, every other one in the older format, then the indexes.

    Large ones have the newer format: bzip2 takes twenty times as long to read. The indexes come last: a channel that has them is
    complete.
    """
    records: dict[str, dict[str, dict[str, Any]]] = {}
    for position, package in enumerate(sorted(packages, key=lambda one: one.stem)):
        is_large = sum(len(member.data) for member in package.members.values()) > LARGE
        path = package.write(channel, FORMATS[0 if is_large else position % len(FORMATS)])
        records.setdefault(package.subdir, {})[path.name] = _record(package, path.read_bytes())
    for subdir in {"noarch", *records}:
        _write_index(channel / subdir, records.get(subdir, {}))


def _record(package: CondaPackage, archive: bytes) -> dict[str, Any]:
    return package.index() | {
        "md5": hashlib.md5(archive, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(archive).hexdigest(),
        "size": len(archive),
    }


def _write_index(folder: Path, records: dict[str, dict[str, Any]]) -> None:
    document = {
        "info": {"subdir": folder.name},
        "packages": {name: record for name, record in records.items() if name.endswith(".tar.bz2")},
        "packages.conda": {name: record for name, record in records.items() if name.endswith(".conda")},
        "removed": [],
        "repodata_version": 1,
    }
    text = json.dumps(document, indent=2, sort_keys=True).encode()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "repodata.json").write_bytes(text)
    (folder / "repodata.json.zst").write_bytes(zstandard.ZstdCompressor(level=9).compress(text))
