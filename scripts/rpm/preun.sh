#!/bin/sh
# %preun: on the last erase only ($1 = 0). On an upgrade it runs after the new %post and must touch nothing.
set -u
root="${RPM_INSTALL_PREFIX:-@PREFIX@}"
if [ "$1" -eq 0 ]; then
    @SCRIPT@
    "$root/bundle/@IDENTIFIER@/conda-rpm-host" remove --root "$root" || true
fi
exit 0
