"""Writes a channel whose only package, `evil`, has a file that would be written outside of the prefix.

    make-evil-channel.py CHANNEL
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from samplechannel.condapackage import CondaPackage
from samplechannel.repodata import write_channel

package = CondaPackage("evil", "1.0", "h0_0", [], "MIT", "A package that leaves its prefix")
package.add("../../escaped", b"out\n")
write_channel(Path(sys.argv[1]), [package])
