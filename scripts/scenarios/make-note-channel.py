"""Writes a channel of two noarch packages: `note`, which runs on every target, and `modern`, which runs on few.

    make-note-channel.py CHANNEL
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from samplechannel.condapackage import CondaPackage
from samplechannel.repodata import write_channel

note = CondaPackage("note", "1.0", "h0_0", ["__glibc >=2.17,<3.0.a0"], "MIT", "A text", noarch="generic")
modern = CondaPackage("modern", "1.0", "h0_0", ["__glibc >=2.40"], "MIT", "A text for new hosts", noarch="generic")
for package in (note, modern):
    package.add(f"share/{package.name}.txt", b"a note\n")
write_channel(Path(sys.argv[1]), [note, modern])
