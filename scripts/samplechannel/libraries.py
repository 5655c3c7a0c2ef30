"""The shared libraries that the packaged programs need and a bare host may lack.

Everything except the C library itself is packed: openssl, libffi, sqlite, ... and the C++ runtime. The packaged
interpreter is linked with an old-style DT_RPATH of `$ORIGIN/../lib` (see `interpreter`), which the dynamic loader
also applies to the libraries that the interpreter loads later. So nothing has to be patched, and no
LD_LIBRARY_PATH leaks into child processes.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from .condapackage import CondaPackage

# Parts of glibc must come from the host, in one version.
_C_LIBRARY = re.compile(
    r"^(ld-linux.*|linux-vdso.*|lib(c|m|dl|rt|pthread|util|resolv|anl|mvec|nss_\w+|BrokenLocale|thread_db))\.so(\.\d+)*$"
)
_LDD_LINE = re.compile(r"^\s*(?P<name>\S+) => (?P<path>/\S+) ")
_GLIBC_SYMBOL = re.compile(rb"GLIBC_(\d+)\.(\d+)")

PACKAGE_NAME = "sample-libraries"


def is_elf(data: bytes) -> bool:
    return data.startswith(b"\x7fELF")


def glibc_floor(programs: Iterable[bytes]) -> str:
    """The lowest glibc that can run the programs, read from the symbol versions they name."""
    found = {(int(major), int(minor)) for data in programs for major, minor in _GLIBC_SYMBOL.findall(data)}
    major, minor = max(found | {(2, 17)})
    return f"{major}.{minor}"


def needed_libraries(programs: Iterable[Path], own: Iterable[Path]) -> dict[str, Path]:
    """Shared libraries outside the folders `own` that the loader finds for the programs, by their soname."""
    inside = [folder.resolve() for folder in own]
    found: dict[str, Path] = {}
    for program in programs:
        listing = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False).stdout
        for match in filter(None, map(_LDD_LINE.match, listing.splitlines())):
            name, path = match["name"], Path(match["path"]).resolve()
            if not _C_LIBRARY.match(name) and not any(folder in path.parents for folder in inside):
                found[name] = path
    return found


def library_package(found: dict[str, Path]) -> CondaPackage:
    """One package with all of them; a real channel has one package each."""
    contents = {name: path.read_bytes() for name, path in sorted(found.items())}
    package = CondaPackage(
        PACKAGE_NAME, "1.0", "h0_0", [f"__glibc >={glibc_floor(contents.values())}"], "LicenseRef-System-Libraries",
        "Shared libraries of the machine that made this channel",
    )
    for name, data in contents.items():
        package.add(f"lib/{name}", data, 0o755)
    return package
