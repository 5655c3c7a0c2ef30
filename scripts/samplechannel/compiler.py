"""What the channel needs of the compiler and its binutils."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path


def compile_program(source: str, *arguments: str) -> bytes:
    """Compiles one C file and returns the stripped program.

    The compiler runs in a temporary folder and sees relative names only, so no path of this machine gets in.
    """
    compiler = os.environ.get("CC", "cc")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "main.c").write_text(source)
        subprocess.run([compiler, "-O1", "-s", "-o", "main", "main.c", *arguments], cwd=folder, check=True)
        return (Path(folder) / "main").read_bytes()


def without_debug_information(program: Path) -> bytes:
    """A compiled program or library, without what only debuggers read."""
    with tempfile.TemporaryDirectory() as folder:
        stripped = Path(folder) / program.name
        subprocess.run(["strip", "--strip-debug", "-o", str(stripped), str(program)], check=True)
        return stripped.read_bytes()
