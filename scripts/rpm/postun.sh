#!/bin/sh
# %postun: what %preun could not remove (its tool may have been damaged), then the empty home. On an upgrade nothing,
# unless the new package lives elsewhere: then nothing is left to look after this home; or rpm has just removed the
# files of this package's release (layout `prefix`), which may serve on: then they come back from where %pre set them.
set -u
layout='@LAYOUT@'
root="${RPM_INSTALL_PREFIX:-@PREFIX@}"
if [ "$1" -gt 0 ] && [ ! -e "$root/bundle" ] && [ -d "$root/releases" ]; then
    rm -rf "$root/releases"
    rm -f "$root/current"
    rmdir "$root" 2>/dev/null || true
elif [ "$1" -gt 0 ] && [ "$layout" = prefix ]; then
    '/usr/bin/@NAME@-release' settle --root "$root" || true
fi
if [ "$1" -eq 0 ]; then
    if [ "$root" != '@PREFIX@' ] && [ "$(readlink '@PREFIX@')" = "$root" ]; then rm -f '@PREFIX@'; fi
    rm -rf "$root/releases"
    rm -f "$root/current"
    rmdir "$root/bundle" "$root" 2>/dev/null || true
    if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi
    @SCRIPT@
fi
exit 0
