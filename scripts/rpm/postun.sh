#!/bin/sh
# %postun: what %preun could not remove (its tool may have been damaged), then the empty home. On an upgrade nothing,
# unless the new package lives elsewhere: then nothing is left to look after this home; or rpm has just removed the
# files of this package's release (layout `prefix`), which may serve on: then they come back from where %pre set them.
set -u
layout='@LAYOUT@'
prefix='@PREFIX@'
root="${RPM_INSTALL_PREFIX:-@PREFIX@}"
@TRUST@

# The home itself, where %preun has noted that it was behind a link.
home=$root
note="${root%/*}/.@NAME@.home"
if [ -L "$note" ]; then
    home=$(readlink "$note")
    rm -f "$note"
fi

# What still holds something stays. Not silenced with /dev/null: in a root without one that would leave a file.
remove_empty() { : "$(rmdir "$@" 2>&1)"; }

remove_home() {
    rm -rf "$home/releases"
    rm -f "$home/current"
    remove_empty "$home/bundle" "$home"
    if [ -L "$root" ] && [ ! -d "$root" ]; then rm -f "$root"; fi
}

if [ "$1" -eq 0 ]; then
    remove_home
    # Relocated: %post has made this link.
    if [ "$root" != "$prefix" ] && [ "$(readlink "$prefix")" = "$root" ]; then rm -f "$prefix"; fi
    if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi
    @SCRIPT@
elif [ ! -e "$home/bundle" ] && [ -d "$home/releases" ]; then
    remove_home
else
    # The new package has the same home by its real path (rpm --prefix), and rpm has removed the link to it.
    if [ "$home" != "$root" ] && [ ! -e "$root" ] && [ ! -L "$root" ] && [ -d "$home/bundle" ]; then
        ln -s "$home" "$root"
    fi
    if [ "$layout" = prefix ] && judge_way '/usr/bin/@NAME@-release'; then
        '/usr/bin/@NAME@-release' settle --root "$root" || true
    fi
fi
exit 0
