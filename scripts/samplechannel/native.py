"""`native-tool`: a compiled program that shows whether an installer does prefixes and link scripts right."""

from __future__ import annotations

from .compiler import compile_program
from .condapackage import PLACEHOLDER, CondaPackage
from .libraries import glibc_floor

# Two strings in one binary, one of them longer than the prefix alone: both have to be replaced and padded.
# The program opens a file through its own prefix, so a wrong replacement is an error and not only a wrong print.
_SOURCE = r"""
#include <stdio.h>
static const char prefix[] = "@PREFIX@";
static const char where[] = "@PREFIX@/share/native-tool/where.txt";
int main(int argc, char **argv) {
    char line[4096];
    FILE *file = fopen(where, "r");
    if (argc > 1) { printf("native-tool @VERSION@\n"); return 0; }
    if (file == NULL) { perror(where); return 1; }
    while (fgets(line, sizeof line, file)) fputs(line, stdout);
    printf("%s\n", prefix);
    return fclose(file);
}
"""

_POST_LINK = """#!/bin/sh
# Runs after the files are linked, in the prefix where they will live.
set -eu
# For tests of what happens when a script fails.
if [ -e /run/hooks/post-link ]; then . /run/hooks/post-link; fi
printf '%s %s %s\\n' "$PREFIX" "$PKG_NAME" "$PKG_VERSION" > "$PREFIX/share/native-tool/post-link.txt"
echo "native-tool $PKG_VERSION is linked" >> "$PREFIX/.messages.txt"
"""

_PRE_UNLINK = """#!/bin/sh
rm -f "$PREFIX/share/native-tool/post-link.txt"
"""

_ACTIVATE = """if [ -e /run/hooks/activation ]; then . /run/hooks/activation; fi
export NATIVE_TOOL_HOME="$CONDA_PREFIX/share/native-tool"
"""


def native_packages() -> list[CondaPackage]:
    """Two versions, so that an upgrade has something to change."""
    return [_native_package(version) for version in ("1.0", "2.0")]


def _native_package(version: str) -> CondaPackage:
    program = compile_program(_SOURCE.replace("@PREFIX@", PLACEHOLDER).replace("@VERSION@", version))
    package = CondaPackage(
        "native-tool", version, "h0_0", [f"__glibc >={glibc_floor([program])}"], "Apache-2.0",
        "A compiled program that knows its prefix",
    )
    package.add("bin/native-tool", program, 0o755)
    package.symlink("bin/nt", "native-tool")
    # Out of the prefix: conda puts a copy in its place.
    package.symlink("share/native-tool/hosts", "/etc/hosts")
    package.add("share/native-tool/where.txt", f"{PLACEHOLDER}/bin/native-tool {version}\n".encode())
    package.add("bin/.native-tool-post-link.sh", _POST_LINK.encode(), 0o755)
    package.add("bin/.native-tool-pre-unlink.sh", _PRE_UNLINK.encode(), 0o755)
    package.add("etc/conda/activate.d/native-tool.sh", _ACTIVATE.encode())
    return package
