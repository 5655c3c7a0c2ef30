#!/bin/sh
# %postun: what %preun could not remove (its tool may have been damaged), then the empty home. On an upgrade nothing,
# unless the new package lives elsewhere: then nothing is left to look after this home; or rpm has just removed the
# files of this package's release (layout `prefix`), which may serve on: then they come back from where %pre set them.
set -u
layout='@LAYOUT@'
prefix='@PREFIX@'
root="${RPM_INSTALL_PREFIX:-@PREFIX@}"

# What still holds something stays. Not silenced with /dev/null: in a root without one that would leave a file.
remove_empty() { : "$(rmdir "$@" 2>&1)"; }

remove_home() {
    rm -rf "$root/releases"
    rm -f "$root/current"
    remove_empty "$root/bundle" "$root"
}

# A link from the usual place to a home elsewhere (rpm --prefix), also one that a later package came to without
# --prefix; %post puts a dot at its end. An administrator's link to another disk stays, and so does its directory.
remove_own_link() {
    target=$(readlink "$prefix") || return 0
    case $target in
    */.) target=${target%/.} ;;
    "$root") ;;
    *) return 0 ;;
    esac
    [ "$root" = "$prefix" ] || [ "$root" = "$target" ] || return 0
    remove_empty "$target/bundle" "$target"
    rm -f "$prefix"
}

if [ "$1" -eq 0 ]; then
    remove_home
    remove_own_link
    if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi
    @SCRIPT@
elif [ ! -e "$root/bundle" ] && [ -d "$root/releases" ]; then
    remove_home
elif [ "$layout" = prefix ]; then
    '/usr/bin/@NAME@-release' settle --root "$root" || true
fi
exit 0
