"""PyPI wheels as conda packages: pure ones as `noarch: python`, compiled ones for this machine."""

from __future__ import annotations

import configparser
import re
import sys
import zipfile
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import Specifier
from packaging.utils import canonicalize_name

from .condapackage import PLACEHOLDER, CondaPackage
from .interpreter import SHORT, SITE_PACKAGES
from .libraries import PACKAGE_NAME, glibc_floor, is_elf

_MANYLINUX = re.compile(r"manylinux_(\d+)_(\d+)")


@dataclass(frozen=True)
class Wheel:
    """An opened wheel: its files, and its metadata as PEP 427 and the core metadata specification have them."""

    file_name: str
    contents: dict[str, tuple[bytes, int]]
    info_folder: str
    metadata: Message
    pure: bool

    @classmethod
    def read(cls, path: Path) -> Wheel:
        with zipfile.ZipFile(path) as archive:
            contents = {
                entry.filename: (archive.read(entry), (entry.external_attr >> 16) & 0o777 or 0o644)
                for entry in archive.infolist() if not entry.is_dir()
            }
        info = next(name for name in contents if name.endswith(".dist-info/METADATA")).rpartition("/")[0]
        wheel = _headers(contents[f"{info}/WHEEL"][0])
        return cls(path.name, contents, info, _headers(contents[f"{info}/METADATA"][0]),
                   wheel["Root-Is-Purelib"].lower() == "true")

    @property
    def name(self) -> str:
        return canonicalize_name(self.metadata["Name"])

    def entry_points(self) -> dict[str, str]:
        """Command names and their `module:function`."""
        text = self.contents.get(f"{self.info_folder}/entry_points.txt", (b"", 0))[0].decode()
        parser = configparser.ConfigParser(delimiters=("=",), interpolation=None)
        parser.optionxform = str  # type: ignore[assignment,method-assign]  # command names keep their case
        parser.read_string(text)
        sections = [parser[name] for name in ("console_scripts", "gui_scripts") if name in parser]
        return {key: value.partition("[")[0].strip() for section in sections for key, value in section.items()}


def wheel_packages(folder: Path) -> list[CondaPackage]:
    """Every wheel of the folder. A requirement that no wheel answers is an extra or a marker: left out."""
    wheels = [Wheel.read(path) for path in sorted(folder.glob("*.whl"))]
    known = {wheel.name for wheel in wheels}
    return [_package(wheel, known) for wheel in wheels]


def _package(wheel: Wheel, known: set[str]) -> CondaPackage:
    version = wheel.metadata["Version"].replace("-", "_")
    package = CondaPackage(
        wheel.name, version, "pyh0_0" if wheel.pure else f"py{SHORT.replace('.', '')}h0_0",
        _requirements(wheel, known), wheel.metadata["License-Expression"] or "LicenseRef-See-Metadata",
        wheel.metadata["Summary"] or wheel.name, noarch="python" if wheel.pure else None,
    )
    _add_files(package, wheel)
    if wheel.pure:
        package.depends.append(_python_floor(wheel))
        noarch = {"type": "python", "entry_points": [f"{k} = {v}" for k, v in sorted(wheel.entry_points().items())]}
        package.link = {"noarch": noarch, "package_metadata_version": 1}
    else:
        package.depends += [_same_python(), f"__glibc >={_wheel_glibc(wheel)}", PACKAGE_NAME]
        for command, target in wheel.entry_points().items():
            package.add(f"bin/{command}", _entry_point_script(target), 0o755)
    return package


def _add_files(package: CondaPackage, wheel: Wheel) -> None:
    folders = ({"site": "site-packages", "scripts": "python-scripts"} if wheel.pure
               else {"site": SITE_PACKAGES, "scripts": "bin"})
    for name, (data, mode) in wheel.contents.items():
        if name == f"{wheel.info_folder}/RECORD":
            continue  # names the wheel's own layout; conda-meta is the record here
        if "/tests/" in name:
            continue  # half of numpy's modules
        top, _, rest = name.partition("/")
        kind, _, inner = rest.partition("/")
        if not top.endswith(".data"):
            add = package.add_module if name.endswith(".py") and not wheel.pure else package.add
            add(f"{folders['site']}/{name}", data, mode)
        elif kind in ("purelib", "platlib"):
            package.add(f"{folders['site']}/{inner}", data, mode)
        elif kind == "scripts":
            package.add(f"{folders['scripts']}/{inner}", _with_shebang(data), 0o755)
        elif kind == "data":
            package.add(inner, data, mode)
        if name.startswith(f"{wheel.info_folder}/licenses/"):
            package.licenses[name.rpartition("/")[2]] = data
    package.add(f"{folders['site']}/{wheel.info_folder}/INSTALLER", b"conda\n")


def _requirements(wheel: Wheel, known: set[str]) -> list[str]:
    parsed = map(Requirement, wheel.metadata.get_all("Requires-Dist") or [])
    return sorted(
        f"{canonicalize_name(one.name)} {','.join(sorted(map(_conda_version, one.specifier)))}".strip()
        for one in parsed
        if canonicalize_name(one.name) in known and (one.marker is None or one.marker.evaluate({"extra": ""}))
    )


def _conda_version(specifier: Specifier) -> str:
    """PEP 440 and conda agree but for `==1.*`, which conda writes without an operator, and `===`."""
    text = str(specifier).replace("===", "==")
    return text[2:] if text.startswith("==") and text.endswith(".*") else text


def _python_floor(wheel: Wheel) -> str:
    match = re.search(r">=\s*([\d.]+\d)", wheel.metadata["Requires-Python"] or "")
    return f"python >={match[1]}" if match else "python"


def _same_python() -> str:
    return f"python >={SHORT},<{sys.version_info.major}.{sys.version_info.minor + 1}.0a0"


def _wheel_glibc(wheel: Wheel) -> str:
    """What the file name promises, but at least what its programs name."""
    promised = min((tuple(map(int, pair)) for pair in _MANYLINUX.findall(wheel.file_name)), default=(2, 17))
    named = glibc_floor(data for data, _ in wheel.contents.values() if is_elf(data))
    return ".".join(map(str, max(promised, tuple(map(int, named.split("."))))))


def _with_shebang(script: bytes) -> bytes:
    return re.sub(rb"\A#!pythonw?", b"#!" + PLACEHOLDER.encode() + b"/bin/python", script)


def _entry_point_script(target: str) -> bytes:
    module, _, function = target.partition(":")
    return (
        f"#!{PLACEHOLDER}/bin/python{SHORT}\nimport sys\nfrom {module} import {function.partition('.')[0]}\n\n"
        f'if __name__ == "__main__":\n    sys.exit({function}())\n'
    ).encode()


def _headers(data: bytes) -> Message:
    return Parser().parsestr(data.decode())
