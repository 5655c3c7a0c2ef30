"""The machine's CPython as the `python` package, at home in any prefix.

CPython finds its prefix by looking for `lib/pythonX.Y/os.py` beside `bin/`, so a copy works anywhere. What
differs between machines is handled here: a self-contained build (pyenv, a source build) and the interpreters of
Debian and Fedora, which look for their modules in `dist-packages` and `lib64`.
"""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from .compiler import compile_program, without_debug_information
from .condapackage import PLACEHOLDER, CondaPackage
from .libraries import PACKAGE_NAME, glibc_floor, is_elf

SHORT = f"{sys.version_info.major}.{sys.version_info.minor}"
SITE_PACKAGES = f"lib/python{SHORT}/site-packages"

_SKIPPED_FOLDERS = {"site-packages", "dist-packages", "__pycache__", "test", "tests", "idlelib", "turtledemo",
                    "ensurepip", "tkinter", "lib2to3", "distutils", "pydoc_data"}
_SHARED_PREFIXES = {Path("/"), Path("/usr"), Path("/usr/local")}

# The whole interpreter is in libpython. Linked with DT_RPATH and not with the newer DT_RUNPATH, because only the
# former is also searched for what libpython and the extension modules need.
_LAUNCHER = "int Py_BytesMain(int, char **); int main(int c, char **v) { return Py_BytesMain(c, v); }\n"
_RPATH = "-Wl,--disable-new-dtags,-rpath,$ORIGIN/../lib"


def standard_library() -> Path:
    """The folder with `os.py`."""
    return Path(sysconfig.get_path("platstdlib", vars={"platbase": sys.base_prefix})).resolve()


def extension_modules() -> list[Path]:
    """The compiled parts of the standard library."""
    return sorted((standard_library() / "lib-dynload").glob("*.so"))


def shared_libpython() -> Path | None:
    """The machine's shared libpython, if it has one."""
    folder = Path(str(sysconfig.get_config_var("LIBDIR")))
    name = str(sysconfig.get_config_var("INSTSONAME") or "")
    places = [folder / name, folder / str(sysconfig.get_config_var("MULTIARCH")) / name]
    return next((place for place in places if ".so" in name and place.is_file()), None)


def python_package() -> CondaPackage:
    """The interpreter, its standard library and the usual names in `bin/`."""
    version = ".".join(map(str, sys.version_info[:3]))
    package = CondaPackage(
        "python", version, "h0_cpython_0", [PACKAGE_NAME], "Python-2.0", "The machine's CPython",
        index_extra={"python_site_packages_path": SITE_PACKAGES},
    )
    _add_standard_library(package)
    _add_program(package)
    _add_layout_links(package)
    package.add(f"{SITE_PACKAGES}/README.txt", b"Third-party modules go here.\n")
    programs = [member.data for member in package.members.values() if is_elf(member.data)]
    package.depends.append(f"__glibc >={glibc_floor(programs)}")
    return package


def _add_standard_library(package: CondaPackage) -> None:
    root = standard_library()
    for path in _files_below(root):
        data = _with_placeholder(_with_relative_search_path(_contents(path), "$ORIGIN/../.."))
        add = package.add_module if path.suffix == ".py" else package.add
        add(f"lib/python{SHORT}/{path.relative_to(root)}", data, path.stat().st_mode & 0o755)
    license_text = root / "LICENSE.txt"
    if license_text.is_file():
        package.licenses["LICENSE.txt"] = license_text.read_bytes()


def _files_below(root: Path) -> Iterator[Path]:
    """Files to pack. A link is packed as what it points to: distributions link out of the folder, into /etc."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED_FOLDERS and not name.startswith("config-"))
        for name in sorted(files):
            path = Path(folder) / name
            # Debian says who manages its own Python.
            if path.suffix not in {".pyc", ".a"} and name != "EXTERNALLY-MANAGED" and path.is_file():
                yield path


def _contents(path: Path) -> bytes:
    """A file as packages have it: a self-contained build has kept what debuggers want, which is most of its size."""
    data = path.read_bytes()
    return without_debug_information(path) if is_elf(data) else data


def _with_placeholder(data: bytes) -> bytes:
    """Replaces the interpreter's own prefix in text. `/usr` alone is no prefix to search for: it is everywhere."""
    base = Path(sys.base_prefix)
    if base in _SHARED_PREFIXES or b"\0" in data:
        return data
    return data.replace(str(base).encode(), PLACEHOLDER.encode())


def _with_relative_search_path(data: bytes, relative: str) -> bytes:
    """Writes `relative` over a library search path that names this machine's interpreter, in place.

    A self-contained build leaves its own `lib` as DT_RUNPATH in each extension module, which keeps the loader from
    using the DT_RPATH of the program.
    """
    absolute = f"{sys.base_prefix}/lib".encode()
    if not is_elf(data) or len(absolute) < len(relative):
        return data
    return data.replace(b"\0" + absolute + b"\0", b"\0" + relative.encode().ljust(len(absolute), b"\0") + b"\0")


def _add_program(package: CondaPackage) -> None:
    library = shared_libpython()
    if library:
        program = compile_program(_LAUNCHER, str(library), _RPATH)
        package.add(f"lib/{library.name}", _with_relative_search_path(_contents(library), "$ORIGIN"), 0o755)
    else:
        # A static interpreter: its extension modules find their libraries on the host only.
        program = Path(os.path.realpath(sys.executable)).read_bytes()
        print("sample-channel: this Python has no shared libpython; its extension modules use the host's libraries",
              file=sys.stderr)
    package.add(f"bin/python{SHORT}", program, 0o755)
    for name in ("python", "python3"):
        package.symlink(f"bin/{name}", f"python{SHORT}")
    package.add(f"bin/pydoc{SHORT}", f"#!{PLACEHOLDER}/bin/python{SHORT}\nimport pydoc\npydoc.cli()\n".encode(), 0o755)


def _add_layout_links(package: CondaPackage) -> None:
    """Lets a distribution's interpreter find the one library folder under the names it looks for."""
    if getattr(sys, "platlibdir", "lib") != "lib":
        package.symlink(sys.platlibdir, "lib")  # Fedora and RHEL look for lib64/pythonX.Y/os.py
    if b"dist-packages" in (standard_library() / "site.py").read_bytes():
        package.symlink("lib/python3/dist-packages", f"../python{SHORT}/site-packages")  # Debian
