"""Writes a small installer in the form that constructor makes (Miniconda, Miniforge): a shell script with an archive.

    make-installer.py CHANNEL INSTALLER
    make-installer.py CHANNEL micromamba     a program that understands what an RPM's %post asks of micromamba

What it installs is the channel's own Python, rattler's Python module, and a `conda` that understands just the one
command that an RPM's %post may call. So what links the packages is an implementation that is not ours.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import sys
import tarfile
import zipfile
from pathlib import Path

import rattler
import zstandard

HEADER = r"""#!/bin/sh
#
# NAME:  Tinyconda
# VER:   1.0
# PLAT:  linux
# BYTES: @BYTES@
# LINES: @LINES@
# MD5:   @MD5@
unset LD_LIBRARY_PATH
THIS_PATH="$(cd "$(dirname "$0")" && pwd)/$(basename "$0")"
PREFIX= BATCH=0 FORCE=0
case "$0" in *.sh) ;; *) echo "ERROR: run it by a name that ends in .sh" >&2; exit 1 ;; esac
while getopts bfhp:sut option; do
    case "$option" in
    b) BATCH=1 ;;
    f | u) FORCE=1 ;;
    p) PREFIX="$OPTARG" ;;
    s | t) ;;
    h) echo "usage: $0 [-b] [-f] [-p PREFIX] [-u]"; exit 2 ;;
    *) echo "ERROR: did not recognize an option" >&2; exit 1 ;;
    esac
done
if [ "$BATCH" = 0 ]; then echo "ERROR: would ask questions; use -b" >&2; exit 2; fi
if [ "$(wc -c < "$THIS_PATH")" -ne @BYTES@ ]; then echo "ERROR: size should be @BYTES@ bytes" >&2; exit 1; fi
case "$PREFIX" in
*\ *) echo "ERROR: Cannot install into directories with spaces" >&2; exit 1 ;;
/*) ;;
*) echo "ERROR: expected an absolute prefix" >&2; exit 1 ;;
esac
if [ "$FORCE" = 0 ] && [ -e "$PREFIX" ]; then echo "ERROR: File or directory already exists: $PREFIX" >&2; exit 1; fi
if [ -e /run/hooks/installer ]; then . /run/hooks/installer; fi
mkdir -p "$PREFIX" || exit 1
tail -n +@LINES@ "$THIS_PATH" | tar -xzf - -C "$PREFIX" --no-same-owner || exit 1
sed -i "1s|^.*$|#!$PREFIX/bin/python|" "$PREFIX/bin/conda"
"$PREFIX/bin/python" -E -V >/dev/null || exit 1
echo "installation finished."
exit 0
"""

# One file that runs from any place; the real one is a static binary.
MICROMAMBA = r"""#!/bin/sh
set -eu
export TINY_MICROMAMBA=yes
root=
for argument; do
    shift
    case "$argument" in
    --no-rc | --no-env) continue ;;
    -r) root=next && continue ;;
    esac
    if [ "$root" = next ]; then root=$argument && continue; fi
    set -- "$@" "$argument"
done
mkdir -p "$root/tiny"
tail -n +@LINES@ "$0" | tar -xzf - -C "$root/tiny" --no-same-owner
sed -i "1s|^.*$|#!$root/tiny/bin/python|" "$root/tiny/bin/conda"
exec "$root/tiny/bin/conda" "$@"
"""

# As the real one, it keeps a list of environments in the home folder and a cache in CONDA_PKGS_DIRS, and does not
# look at the digests.
CONDA = r'''#!python
import argparse, asyncio, json, os, re, subprocess, sys, tempfile
from pathlib import Path
from rattler import PackageRecord, RepoDataRecord, install
from rattler.package_streaming import extract

def record(line):
    url = line.partition("#")[0]
    if not url.startswith("file:///"):
        sys.exit(f"CondaError: offline, cannot fetch {url}")
    path = Path(url.removeprefix("file://"))
    if not path.is_file():
        sys.exit(f"CondaError: no such file {path}")
    with tempfile.TemporaryDirectory() as folder:
        extract(path, folder)
        package = PackageRecord.from_index_json(Path(folder) / "info" / "index.json")
    return RepoDataRecord(package, path.name, url, "file://" + str(path.parent))

# rattler and micromamba record where files are. conda records the paths of noarch packages as they are in the archive, and
# nothing by which an entry point could be compared; only the list of files tells where they went.
def write_records_as_conda(folder):
    for document in folder.glob("*.json"):
        record = json.loads(document.read_text())
        paths = record["paths_data"]["paths"]
        record["files"] = [path["_path"] for path in paths if path["path_type"] != "directory"]
        for path in paths:
            if path["path_type"] == "unix_python_entry_point":
                path.pop("sha256", None), path.pop("sha256_in_prefix", None)
            elif record.get("noarch") == "python":
                path["_path"] = re.sub(r"^lib/python[^/]*/(site|dist)-packages/", "site-packages/", path["_path"])
                path["_path"] = re.sub(r"^bin/", "python-scripts/", path["_path"])
        document.write_text(json.dumps(record))

parser = argparse.ArgumentParser(prog="conda", allow_abbrev=False)
parser.add_argument("command", choices=["create"])
for flag in ("-y", "-q", "--offline"):
    parser.add_argument(flag, action="store_true", required=True)
parser.add_argument("-p", dest="prefix", required=True)
parser.add_argument("--file", type=Path, required=True)
options = parser.parse_args()
if Path("/run/hooks/bootstrap").exists() and subprocess.run(["/bin/sh", "/run/hooks/bootstrap"]).returncode:
    sys.exit("CondaError: as the hook says")
lines = [line for line in options.file.read_text().splitlines() if line and line[0] not in "#@"]
cache = Path(os.environ.get("CONDA_PKGS_DIRS", Path(sys.prefix) / "pkgs"))
home = Path(os.environ["HOME"]) / ".conda"
home.mkdir(parents=True, exist_ok=True)
(home / "environments.txt").write_text(options.prefix + "\n")
asyncio.run(install([record(line) for line in lines], options.prefix, cache_dir=cache, execute_link_scripts=True,
                    show_progress=False))
if "TINY_MICROMAMBA" not in os.environ:
    write_records_as_conda(Path(options.prefix) / "conda-meta")
(Path(options.prefix) / "conda-meta" / "history").touch()
sys.stdout.flush()
# rattler's threads now and then outlive the interpreter, and the process then dies of them.
os._exit(0)
'''


def payload(channel: Path) -> bytes:
    """A compressed archive of the prefix. The sample Python needs no prefix replacement to run."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=1, mtime=0) as stream:
        with tarfile.open(fileobj=stream, mode="w") as archive:
            for name in ("python", "sample-libraries"):
                (package,) = (path for path in channel.glob(f"linux-*/{name}-*") if path.is_file())
                copy_members(contents(package), archive)
            conda = tarfile.TarInfo("bin/conda")
            conda.mode, conda.size = 0o755, len(CONDA.encode())
            archive.addfile(conda, io.BytesIO(CONDA.encode()))
            module = Path(rattler.__file__).parent
            archive.add(module, f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages/rattler")
    return buffer.getvalue()


def contents(package: Path) -> tarfile.TarFile:
    if package.suffix == ".bz2":
        return tarfile.open(fileobj=io.BytesIO(bz2.decompress(package.read_bytes())))
    with zipfile.ZipFile(package) as archive:
        name = next(name for name in archive.namelist() if name.startswith("pkg-"))
        data = zstandard.ZstdDecompressor().stream_reader(archive.read(name)).read()
    return tarfile.open(fileobj=io.BytesIO(data))


def copy_members(source: tarfile.TarFile, target: tarfile.TarFile) -> None:
    for member in source:
        if not member.name.startswith("info/"):
            target.addfile(member, source.extractfile(member) if member.isreg() else None)


def main() -> None:
    data = payload(Path(sys.argv[1]))
    if sys.argv[2].endswith("micromamba"):
        head = MICROMAMBA.replace("@LINES@", str(MICROMAMBA.count("\n") + 1))
        Path(sys.argv[2]).write_bytes(head.encode() + data)
        return
    header = HEADER.replace("@LINES@", str(HEADER.count("\n") + 1)).replace("@MD5@", hashlib.md5(data).hexdigest())
    # Ten characters in the place of the size, wherever it stands, so that writing it does not change it.
    size = len(header) + header.count("@BYTES@") * (10 - len("@BYTES@")) + len(data)
    header = header.replace("@BYTES@", f"{size:<10}")
    Path(sys.argv[2]).write_bytes(header.encode() + data)


if __name__ == "__main__":
    main()
