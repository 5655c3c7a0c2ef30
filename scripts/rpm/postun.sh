#!/bin/sh
# %postun: what %preun could not remove (its tool may have been damaged), then the empty home. On an upgrade nothing,
# unless the new package lives elsewhere: then nothing is left to look after this home; or rpm has just removed the
# files of this package's release (layout `prefix`), which may serve on: then they come back from where %pre set them.
set -u
name='@NAME@'
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

# A document names the package; a marker, perhaps cut off, names nothing but its release.
is_document() { [ -f "$1" ] && tr -d '[:space:]' <"$1" | grep -q -F "\"name\":\"$name\",\"packages\":["; }
is_marker() {
    case $1 in *.json) return 1 ;; esac
    [ -f "$1" ] && { [ ! -s "$1" ] || [ "$(head -c 1 "$1")" = '{' ]; } && ! grep -q '"packages"' "$1"
}

remove_release() {
    rm -rf "$home/releases/$1" "$home/releases/.$1.aside" "$home/releases/.$1.aside.new" "$home/releases/.$1.bootstrap"
    for ending in json json.new incomplete incomplete.new removed; do rm -f "$home/releases/.$1.$ending"; done
}

# Releases that a document, a marker or a bundle of this package names, and what stands beside them. Anything else is
# somebody else's, and stays.
remove_home() {
    # Whoever else can change these may have made them links to anywhere.
    judge_way "$home/releases" && judge_way "$home/bundle" || return 0
    for bundle in "$home"/bundle/*; do
        # Of a package that rpm was killed with: it has forgotten it.
        if is_document "$bundle/release.json"; then
            rm -rf "$bundle"
            remove_release "${bundle##*/}"
        fi
    done
    for mark in "$home"/releases/.*.json "$home"/releases/.*.incomplete "$home"/releases/.*.removed; do
        is_document "$mark" || is_marker "$mark" || continue
        mark=${mark##*/.}
        remove_release "${mark%.*}"
    done
    if [ "$layout" = prefix ]; then remove_release '@IDENTIFIER@'; fi
    rm -f "$home/releases/.transaction" "$home/.lock"
    case $(readlink "$home/current") in releases/*) [ -e "$home/current" ] || rm -f "$home/current" ;; esac
    remove_empty "$home/releases" "$home/bundle" "$home"
    if [ -d "$home" ] && [ ! -L "$root" ]; then
        echo "$name: $home stays, as this package has not made what is in it: $(ls -A -m "$home")" >&2
    fi
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
    # The package that stays may be an earlier one, whose command the one that goes had replaced.
    if [ -L "/usr/bin/$name-release" ] && [ ! -e "/usr/bin/$name-release" ]; then
        for tool in "$home"/bundle/*/conda-rpm-host; do
            if [ -x "$tool" ]; then ln -sfn "$root/${tool#"$home"/}" "/usr/bin/$name-release"; fi
        done
    fi
    if [ "$layout" = prefix ]; then
        if judge_way "/usr/bin/$name-release"; then "/usr/bin/$name-release" settle --root "$root" || true; fi
        # No other package of this name goes with this transaction.
        if [ "$1" -eq 1 ]; then rm -f "$home/releases/.transaction"; fi
    fi
fi
exit 0
