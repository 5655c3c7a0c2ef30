#!/bin/sh
# %preun: on the last erase only ($1 = 0). On an upgrade it runs after the new %post and must touch nothing.
set -u
root="${RPM_INSTALL_PREFIX:-@PREFIX@}"
@TRUST@

# Where the home is a link to another disk rpm removes the link, as it would a file, and knows nothing of what it led
# to; this tells %postun. A note that an upgrade which was cut off has left may speak of another home.
note="${root%/*}/.@NAME@.home"
if [ -L "$root" ]; then ln -sfn "$(readlink -f "$root")" "$note"; else rm -f "$note"; fi

if [ "$1" -eq 0 ]; then
    @SCRIPT@
    # Whoever can change the tool could have put another program in its place.
    if judge_way "$root/bundle/@IDENTIFIER@/conda-rpm-host"; then
        "$root/bundle/@IDENTIFIER@/conda-rpm-host" remove --root "$root" || true
    else
        echo "@NAME@: its tool was not run; what runs of its services has to be stopped with systemctl" >&2
    fi
fi
exit 0
