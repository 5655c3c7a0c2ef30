#!/bin/sh
# %preun: on the last erase only ($1 = 0). On an upgrade it runs after the new %post and must touch nothing.
set -u
root="${RPM_INSTALL_PREFIX:-@PREFIX@}"

# Where the home is a link to another disk rpm removes the link, as it would a file, and knows nothing of what it led
# to; this tells %postun. A note that an upgrade which was cut off has left may speak of another home.
note="${root%/*}/.@NAME@.home"
if [ -L "$root" ]; then ln -sfn "$(readlink -f "$root")" "$note"; else rm -f "$note"; fi

if [ "$1" -eq 0 ]; then
    @SCRIPT@
    "$root/bundle/@IDENTIFIER@/conda-rpm-host" remove --root "$root" || true
fi
exit 0
