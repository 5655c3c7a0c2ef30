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

# The steps of constructor's own header, of 3.16: the payload is `conda.exe` and an archive, which `conda.exe` unpacks and
# installs. It wants as much room as it says, and 50 MB beside.
HEADER = r"""#!/bin/sh
#
# NAME:  Tinyconda
# VER:   1.0
# PLAT:  @PLATFORM@
# MD5:   @MD5@

set -eu
unset LD_LIBRARY_PATH LD_PRELOAD LD_AUDIT
case "$0" in *.sh) ;; *) echo "ERROR: run it by a name that ends in .sh" >&2; exit 1 ;; esac
min_glibc_version="2.17"
THIS_PATH="$(cd "$(dirname "$0")" && pwd)/$(basename "$0")"
PREFIX="${HOME:-/opt}/tinyconda"
BATCH=0
FORCE=0
while getopts "bifhkp:sut" x; do
    case "$x" in
    b) BATCH=1 ;;
    i) BATCH=0 ;;
    f | u) FORCE=1 ;;
    p) PREFIX="$OPTARG" ;;
    k | s | t) ;;
    h) echo "usage: $0 [options]"; exit 2 ;;
    ?) echo "ERROR: did not recognize option '$x', please try -h"; exit 1 ;;
    esac
done
if [ "$BATCH" = 0 ]; then echo "ERROR: would ask questions; use -b" >&2; exit 2; fi
case "$PREFIX" in
*\ *) echo "ERROR: Cannot install into directories with spaces" >&2; exit 1 ;;
/*) ;;
*) echo "ERROR: expected an absolute prefix" >&2; exit 1 ;;
esac
if [ "$FORCE" = 0 ] && [ -e "$PREFIX" ]; then echo "ERROR: File or directory already exists: '$PREFIX'" >&2; exit 1; fi
if [ -e /run/hooks/installer ]; then . /run/hooks/installer; fi

total_installation_size_kb="@KB@"
mkdir -p "$PREFIX"
free_disk_space_kb="$(df -Pk "$PREFIX" | tail -n 1 | awk '{print $4}')"
free_disk_space_kb_with_buffer="$((free_disk_space_kb - 50 * 1024))"
if [ "$free_disk_space_kb_with_buffer" -lt "$total_installation_size_kb" ]; then
    echo "ERROR: Not enough free disk space" >&2
    exit 1
fi

last_line=$(grep -anm 1 '^@@END_HEADER@@' "$THIS_PATH" | sed 's/:.*//')
boundary0=$(head -n "${last_line}" "${THIS_PATH}" | wc -c | sed 's/ //g')
boundary1=$(( boundary0 + @EXE@ ))
boundary2=$(( boundary1 + 0 ))
boundary3=$(( boundary2 + @TAR@ ))
part() { tail -c "+$(($1 + 1))" "$THIS_PATH" | head -c "$(($2 - $1))"; }
if ! part "${boundary0}" "${boundary3}" | md5sum | grep @MD5@ >/dev/null; then
    echo "WARNING: md5sum mismatch of tar archive" >&2
fi
CONDA_EXEC="$PREFIX/_conda"
part "${boundary0}" "${boundary1}" >"$CONDA_EXEC"
chmod +x "$CONDA_EXEC"
part "${boundary2}" "${boundary3}" | CONDA_QUIET="$BATCH" "$CONDA_EXEC" constructor --extract-tarball --prefix "$PREFIX"
CONDA_QUIET="$BATCH" "$CONDA_EXEC" constructor --prefix "$PREFIX" --extract-conda-pkgs || exit 1
CONDA_ROOT_PREFIX="$PREFIX" CONDA_PKGS_DIRS="$PREFIX/pkgs" CONDA_QUIET="$BATCH" \
"$CONDA_EXEC" install --offline --file "$PREFIX/pkgs/env.txt" -yp "$PREFIX" --no-rc || exit 1
echo "installation finished."
exit 0
@@END_HEADER@@
"""

# conda-standalone since 25.9: what unpacks is a plug-in of conda, so that without plug-ins the command does not exist.
CONDA_EXE = r"""#!/bin/sh
set -eu
refuse() { echo "conda.exe: error: $1" >&2; exit 2; }
command=${1:-}
case $command:${CONDA_NO_PLUGINS:-false} in
constructor:false | constructor:0 | install:*) shift ;;
*) refuse "argument COMMAND: invalid choice: '$command' (choose from 'install', 'create')" ;;
esac
prefix= step=
while [ "$#" -gt 0 ]; do
    case $command:$1 in
    constructor:--prefix | install:-yp) prefix=${2:?} && shift ;;
    constructor:--extract-tarball | constructor:--extract-conda-pkgs) step=$1 ;;
    install:--file) [ -f "${2:?}" ] || refuse "no such file: $2"; step=$1 && shift ;;
    install:--offline | install:--no-rc | install:--no-shortcuts) ;;
    *) refuse "unrecognized arguments: $1" ;;
    esac
    shift
done
case $prefix in
/*\ *) refuse "a space was detected in the prefix '$prefix'" ;;
/*) ;;
*) refuse "the following arguments are required: --prefix" ;;
esac
case $step in
--extract-tarball) exec tar -xzf - -C "$prefix" --no-same-owner ;;
--extract-conda-pkgs) [ -d "$prefix/pkgs" ] || refuse "no such folder: $prefix/pkgs" ;;
--file)
    [ "${CONDA_PKGS_DIRS:-}" = "$prefix/pkgs" ] || refuse "CondaError: offline, the packages are not in the cache"
    sed -i "1s|^.*$|#!$prefix/bin/python|" "$prefix/bin/conda"
    "$prefix/bin/python" -E -V >/dev/null
    ;;
*) refuse "one of the arguments --extract-tarball --extract-conda-pkgs is required" ;;
esac
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
# look at the digests. It takes no line that some conda could not parse: before 24.9 they know nothing but `#MD5`. As
# micromamba it finds archives as 1.5 does, by channel, platform and file name, and compares the digest.
CONDA = r'''#!python
import argparse, asyncio, hashlib, json, os, re, subprocess, sys, tempfile
from pathlib import Path
from rattler import PackageRecord, RepoDataRecord, install
from rattler.package_streaming import extract

PLATFORMS = {"noarch", "linux-64", "linux-aarch64", "linux-ppc64le", "linux-s390x"}

def record(line):
    if not re.fullmatch(r"[^#]+[.](tar[.]bz2|conda)(#[0-9a-f]{32})?", line):
        sys.exit(f"ParseError: Could not parse explicit URL: {line}")
    url, _, md5 = line.partition("#")
    if not url.startswith("file:///"):
        sys.exit(f"CondaError: offline, cannot fetch {url}")
    path = Path(url.removeprefix("file://"))
    if "TINY_MICROMAMBA" in os.environ and path.parent.name not in PLATFORMS:
        sys.exit(f"error    libmamba Couldn't read a file {path.parent}/linux-64/{path.name}")
    if not path.is_file():
        sys.exit(f"CondaError: no such file {path}")
    found = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    if "TINY_MICROMAMBA" in os.environ and md5 not in ("", found):
        sys.exit(f"error    libmamba File not valid: MD5 sum doesn't match expectation {path}")
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
            place = Path(folder.parent, path["_path"])
            if place.is_symlink() and os.path.isabs(os.readlink(place)):
                # In place of a link that leads out of the prefix it puts a copy of what is there, and records the link.
                contents = place.read_bytes()
                place.unlink()
                place.write_bytes(contents)
            if path["path_type"] == "unix_python_entry_point":
                path.pop("sha256", None), path.pop("sha256_in_prefix", None)
            elif record.get("noarch") == "python":
                path["_path"] = re.sub(r"^lib/python[^/]*/(site|dist)-packages/", "site-packages/", path["_path"])
                path["_path"] = re.sub(r"^bin/", "python-scripts/", path["_path"])
        document.write_text(json.dumps(record))

if "TINY_MICROMAMBA" not in os.environ and " " in sys.prefix:
    sys.exit("CondaError: a space was detected in the path of the installation")
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
            archive.addfile(tarfile.TarInfo("pkgs/env.txt"))
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


def header(platform: str, exe: bytes, data: bytes, unpacked: int) -> bytes:
    """As constructor writes it: sizes and digest of the two parts that follow."""
    values = {
        "PLATFORM": platform,
        "MD5": hashlib.md5(exe + data).hexdigest(),
        "EXE": str(len(exe)),
        "TAR": str(len(data)),
        "KB": str((unpacked + len(data)) // 1000 + 1),
    }
    text = HEADER
    for word, value in values.items():
        text = text.replace(f"@{word}@", value)
    return text.encode()


def main() -> None:
    channel, target = Path(sys.argv[1]), Path(sys.argv[2])
    data = payload(channel)
    if target.name.endswith("micromamba"):
        head = MICROMAMBA.replace("@LINES@", str(MICROMAMBA.count("\n") + 1))
        target.write_bytes(head.encode() + data)
        return
    platform = next(path.name for path in channel.glob("linux-*"))
    exe = CONDA_EXE.encode()
    target.write_bytes(header(platform, exe, data, len(gzip.decompress(data))) + exe + data)


if __name__ == "__main__":
    main()
