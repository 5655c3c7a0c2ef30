#!/bin/sh
# %pre: refuse before anything changes. It is the only scriptlet whose failure keeps rpm from going on.
# The words between at-signs are filled in when the RPM is built.
set -eu
name='@NAME@'
identifier='@IDENTIFIER@'
architecture='@ARCHITECTURE@'
glibc='@GLIBC@'
needed_kib='@NEEDED_KIB@'
copied_kib='@COPIED_KIB@'
root="${RPM_INSTALL_PREFIX:-@PREFIX@}"

refuse() {
    echo "$name $identifier: $1" >&2
    exit 1
}

found=$(uname -m)
[ "$found" = "$architecture" ] || refuse "this host is $found, the package is for $architecture"

# getconf prints "glibc 2.34"; without getconf rpm's own dependency on glibc has already been checked.
if libc=$(getconf GNU_LIBC_VERSION 2>/dev/null); then
    found=${libc#glibc }
    oldest=$(printf '%s\n%s\n' "$glibc" "$found" | sort -V | head -n 1)
    [ "$oldest" = "$glibc" ] || refuse "this host has glibc $found, the package needs $glibc or newer"
fi

for path in "$root" "$root/releases" "$root/bundle"; do
    if [ -e "$path" ] && [ ! -d "$path" ]; then
        refuse "$path is in the way: expected a directory. Move it and install again"
    fi
done
if [ -e "$root/current" ] && [ ! -L "$root/current" ]; then
    refuse "$root/current is in the way: expected a symbolic link. Move it and install again"
fi

# Programs of the environment cannot run where the file system forbids it.
mount_options() {
    awk -v path="$1/" '{
        point = $2 == "/" ? "/" : $2 "/"
        if (index(path, point) == 1 && length(point) >= longest) { longest = length(point); options = $4 }
    } END { print "," options "," }' /proc/mounts
}

# The nearest directory that exists tells the file system; old and new release stand side by side.
place=$root
while [ ! -d "$place" ]; do place=$(dirname "$place"); done
case $(mount_options "$(readlink -f "$place")") in
*,noexec,*) refuse "$place is on a file system mounted noexec: programs of the environment could not run there" ;;
esac
# Layout `split`: files of packages are shared, unless they lie on another file system.
if [ "$copied_kib" -gt "$needed_kib" ]; then
    packages=/opt/conda-rpm
    while [ ! -d "$packages" ]; do packages=$(dirname "$packages"); done
    if [ "$(stat -c %d "$packages")" != "$(stat -c %d "$place")" ]; then needed_kib=$copied_kib; fi
fi
free_kib=$(df -Pk "$place" | awk 'NR == 2 { print $4 }')
if [ -n "$free_kib" ] && [ "$free_kib" -lt "$needed_kib" ]; then
    refuse "$place has $((free_kib / 1024)) MiB free, $((needed_kib / 1024)) MiB are needed beside the running release"
fi

# Layout `prefix`: rpm removes the files of an earlier package whether this one comes into service or not.
# A reinstallation puts its own files back, the tool's too, and needs none of this.
installed=$(readlink -f "/usr/bin/$name-release" || true)
if [ "${installed%/*}" != "$root/bundle/$identifier" ] &&
    grep -q '"layout" : "prefix"' "${installed%/*}/release.json" 2>/dev/null; then
    # An empty file would run as a script, and succeed.
    if [ ! -s "$installed" ] || ! "$installed" set-aside --but "$identifier"; then
        refuse "the release that serves could not be set aside; if its tool is damaged: dnf reinstall $name"
    fi
fi

@USERS@
@SCRIPT@
