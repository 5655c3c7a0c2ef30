#!/bin/sh
# %postun: what %preun could not remove (its tool may have been damaged), then the empty home.
set -u
root="${RPM_INSTALL_PREFIX:-@PREFIX@}"
if [ "$1" -eq 0 ]; then
    rm -rf "$root/releases"
    rm -f "$root/current"
    rmdir "$root/bundle" "$root" 2>/dev/null || true
    if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi
    @SCRIPT@
fi
exit 0
