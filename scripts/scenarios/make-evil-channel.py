"""Writes a channel whose only package, `evil`, no host must take.

    make-evil-channel.py CHANNEL [KIND]

The kinds are the functions below; without one the package has a path that would be written outside of the prefix.
"""

from __future__ import annotations

import io
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import zstandard

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from samplechannel.condapackage import CondaPackage
from samplechannel.repodata import write_channel

GIGABYTE = 1 << 30


class EvilPackage(CondaPackage):
    """A `.conda` file of which the payload, and the program that packs it, are chosen."""

    payload: Iterable[bytes] | None = None
    window = 23
    index_inside: dict[str, Any] = {}

    def index(self) -> dict[str, Any]:
        return super().index() | self.index_inside

    def _conda(self, info: bytes, payload: bytes) -> bytes:
        parameters = zstandard.ZstdCompressionParameters(window_log=self.window, compression_level=1, enable_ldm=False)
        packed = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
        pieces = [packed.compress(piece) for piece in (self.payload or [payload])] + [packed.flush()]
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for name, data in (
                ("metadata.json", b'{"conda_pkg_format_version": 2}'),
                (f"pkg-{self.stem}.tar.zst", b"".join(pieces)),
                (f"info-{self.stem}.tar.zst", zstandard.compress(info)),
            ):
                archive.writestr(zipfile.ZipInfo(name), data)
        return buffer.getvalue()


def member(path: str, kind: bytes = tarfile.REGTYPE, size: int = 0, target: str = "") -> bytes:
    """The header of a member."""
    entry = tarfile.TarInfo(path)
    entry.type, entry.size, entry.linkname = kind, size, target
    return entry.tobuf(tarfile.PAX_FORMAT)


END = bytes(1024)


def escape(package: EvilPackage) -> None:
    package.add("../../escaped", b"out\n")


def device(package: EvilPackage) -> None:
    package.payload = [member("dev/disk", tarfile.BLKTYPE), END]


def duplicate(package: EvilPackage) -> None:
    package.payload = [member("share/x"), member("share/x"), END]


def cut(package: EvilPackage) -> None:
    package.payload = [member("share/x")]


def meta(package: EvilPackage) -> None:
    package.payload = [member("conda-meta/evil.json"), END]


def below(package: EvilPackage) -> None:
    package.symlink("out", "/etc")
    package.add("out/passwd", b"")


def hardlink(package: EvilPackage) -> None:
    package.payload = [member("share/x", tarfile.LNKTYPE, target="/etc/shadow"), END]


def newline(package: EvilPackage) -> None:
    package.add("share/a\nb", b"")


def missing(package: EvilPackage) -> None:
    package.add("share/x", b"x")
    package.payload = [END]


def name(package: EvilPackage) -> None:
    package.index_inside = {"name": "openssl", "version": "3.0"}


def window(package: EvilPackage) -> None:
    """Two gigabytes of memory, for whoever unpacks it."""
    package.window = 31
    package.payload = [member("share/x", size=1 << 20), bytes(1 << 20), END]


def members(package: EvilPackage) -> None:
    """As many as take minutes to write, in some kilobytes."""
    package.payload = [member("share", tarfile.DIRTYPE) * 1000] * 501 + [END]


def bomb(package: EvilPackage) -> None:
    package.payload = [member("share/x", size=2 * GIGABYTE), *[bytes(1 << 20)] * 2048, END]


channel, kind = Path(sys.argv[1]), (sys.argv[2:] or ["escape"])[0]
package = EvilPackage("evil", "1.0", "h0_0", [], "MIT", "A package that no host must take")
globals()[kind](package)
write_channel(channel, [package])
if package.index_inside:
    # The channel calls it by its own name.
    for file in channel.glob("*/repodata.json"):
        file.write_text(file.read_text().replace('"openssl"', '"evil"').replace('"3.0"', '"1.0"'))
        file.with_suffix(".json.zst").write_bytes(zstandard.compress(file.read_bytes()))
