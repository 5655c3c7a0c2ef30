"""One conda package in memory and its two archive forms (CEP 34 for the contents, CEP 35 for the archives)."""

from __future__ import annotations

import bz2
import hashlib
import io
import json
import platform
import py_compile
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zstandard

# As long as conda-build makes them: a longer installation prefix cannot be written into a compiled program.
PLACEHOLDER = ("/opt/placeholder" + "_placehold" * 25)[:255]

# One instant for every member, so that the same inputs give the same bytes on any day.
BUILD_TIME = 1_700_000_000

_SUBDIRS = {"x86_64": ("linux-64", "x86_64"), "aarch64": ("linux-aarch64", "aarch64")}


def platform_subdir() -> str:
    """The conda subdirectory of this machine, such as `linux-64`."""
    return _machine()[0]


def _machine() -> tuple[str, str]:
    machine = platform.machine()
    if machine not in _SUBDIRS:
        raise SystemExit(f"sample-channel: expected a machine of {', '.join(_SUBDIRS)}, found {machine}")
    return _SUBDIRS[machine]


def byte_code(path: str, source: bytes) -> bytes | None:
    """What this Python makes of a module, checked by the source's digest and not by its date; None where it is no module."""
    with tempfile.TemporaryDirectory() as folder:
        module, code = Path(folder) / "module.py", Path(folder) / "module.pyc"
        module.write_bytes(source)
        try:
            py_compile.compile(str(module), str(code), path, doraise=True,
                               invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
        except py_compile.PyCompileError:
            return None
        return code.read_bytes()


@dataclass(frozen=True)
class Member:
    """A file with its contents, or a symbolic link with its target."""

    data: bytes = b""
    mode: int = 0o644
    target: str | None = None

    @property
    def prefix_mode(self) -> str | None:
        """How an installer replaces the placeholder: `text`, `binary`, or not at all."""
        if PLACEHOLDER.encode() not in self.data:
            return None
        return "binary" if b"\0" in self.data else "text"


@dataclass
class CondaPackage:
    """What goes into one archive: the index fields, the payload and further `info/` members."""

    name: str
    version: str
    build: str
    depends: list[str]
    license: str
    summary: str
    noarch: str | None = None
    link: dict[str, Any] | None = None
    index_extra: dict[str, Any] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    licenses: dict[str, bytes] = field(default_factory=dict)

    @property
    def subdir(self) -> str:
        return "noarch" if self.noarch else platform_subdir()

    @property
    def stem(self) -> str:
        """The archive's name without its extension."""
        return f"{self.name}-{self.version}-{self.build}"

    def add(self, path: str, data: bytes, mode: int = 0o644) -> None:
        self.members[path] = Member(data, mode)

    def symlink(self, path: str, target: str) -> None:
        self.members[path] = Member(mode=0o777, target=target)

    def add_module(self, path: str, source: bytes, mode: int = 0o644) -> None:
        """A Python module with its byte code, which packages for one version of Python bring along."""
        self.add(path, source, mode)
        # What knows its prefix is another source on each host.
        code = None if PLACEHOLDER.encode() in source else byte_code(path, source)
        if code:
            folder, _, name = path.rpartition("/")
            self.add(f"{folder}/__pycache__/{name.removesuffix('.py')}.{sys.implementation.cache_tag}.pyc", code)

    def index(self) -> dict[str, Any]:
        """`info/index.json`, also the start of the repodata record."""
        fields: dict[str, Any] = {
            "name": self.name, "version": self.version, "build": self.build, "build_number": _build_number(self.build),
            "depends": sorted(self.depends), "license": self.license, "subdir": self.subdir,
            "timestamp": BUILD_TIME * 1000, **self.index_extra,
        }
        if self.noarch:
            fields |= {"noarch": self.noarch, "arch": None, "platform": None}
        else:
            fields |= {"arch": _machine()[1], "platform": "linux"}
        return dict(sorted(fields.items()))

    def write(self, channel: Path, extension: str) -> Path:
        """Writes the archive into its subdirectory; `extension` is `.conda` or `.tar.bz2`."""
        path = channel / self.subdir / (self.stem + extension)
        path.parent.mkdir(parents=True, exist_ok=True)
        info, payload = sorted(self._info().items()), sorted(self.members.items())
        if extension == ".tar.bz2":
            path.write_bytes(bz2.compress(_tar(info + payload), 6))
        else:
            path.write_bytes(self._conda(_tar(info), _tar(payload)))
        return path

    def _conda(self, info: bytes, payload: bytes) -> bytes:
        compressor = zstandard.ZstdCompressor(level=6)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for name, data in (
                ("metadata.json", b'{"conda_pkg_format_version": 2}'),
                (f"pkg-{self.stem}.tar.zst", compressor.compress(payload)),
                (f"info-{self.stem}.tar.zst", compressor.compress(info)),
            ):
                archive.writestr(zipfile.ZipInfo(name), data)  # ZipInfo's own date is 1980, always
        return buffer.getvalue()

    def _info(self) -> dict[str, Member]:
        about = {"license": self.license, "summary": self.summary}
        documents = {
            "index.json": _json(self.index()),
            "about.json": _json(about),
            "paths.json": _json({"paths": [_path_entry(*item) for item in sorted(self.members.items())],
                                 "paths_version": 1}),
            "files": "".join(f"{path}\n" for path in sorted(self.members)).encode(),
        }
        prefixed = [(path, member.prefix_mode) for path, member in sorted(self.members.items()) if member.prefix_mode]
        if prefixed:
            documents["has_prefix"] = "".join(f'"{PLACEHOLDER}" {mode} "{path}"\n' for path, mode in prefixed).encode()
        if self.link:
            documents["link.json"] = _json(self.link)
        documents |= {f"licenses/{name}": text for name, text in self.licenses.items()}
        return {f"info/{name}": Member(data) for name, data in documents.items()}


def _path_entry(path: str, member: Member) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "_path": path, "path_type": "softlink" if member.target else "hardlink",
        "sha256": hashlib.sha256(member.data).hexdigest(), "size_in_bytes": len(member.data),
    }
    if member.prefix_mode:
        entry |= {"file_mode": member.prefix_mode, "prefix_placeholder": PLACEHOLDER}
    return entry


def _build_number(build: str) -> int:
    return int(build.rpartition("_")[2])


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=2, sort_keys=True) + "\n").encode()


def _tar(members: Iterable[tuple[str, Member]]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, member in members:
            entry = tarfile.TarInfo(path)
            entry.mtime, entry.mode = BUILD_TIME, member.mode
            entry.uname = entry.gname = "root"
            if member.target:
                entry.type, entry.linkname = tarfile.SYMTYPE, member.target
                archive.addfile(entry)
            else:
                entry.size = len(member.data)
                archive.addfile(entry, io.BytesIO(member.data))
    return buffer.getvalue()
