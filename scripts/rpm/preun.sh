#!/bin/sh
# %preun: on the last erase ($1 = 0) everything goes. On an upgrade it runs after the new %post and must touch nothing; but
# in layout `prefix` rpm is about to remove this package's release, and not what serves.
set -u
name='@NAME@'
layout='@LAYOUT@'
root="${RPM_INSTALL_PREFIX:-@PREFIX@}"
aside="$root/releases/.@IDENTIFIER@.aside"
@TRUST@

is_reinstalled() { [ "$1" = '@IDENTIFIER@' ] && [ "$(readlink -f "$2")" = "$(readlink -f "$root")" ]; }

# serves RELEASE HOME: another home than this one, as this one's release is that of this package.
serves() {
    [ -e "$2/current" ] || return 1
    case $(readlink "$2/current") in "releases/$1" | "releases/$1"+*) ;; *) return 1 ;; esac
}

if [ "$1" -gt 0 ] && [ "$layout" = prefix ] && [ "$(readlink "$root/current")" = 'releases/@IDENTIFIER@' ] &&
    judge_way "$root/bundle/@IDENTIFIER@/conda-rpm-host" && judge_way "$root/releases"; then
    process='' incoming='' home=''
    # What %pre of the package that has just come has left.
    if [ -f "$root/releases/.transaction" ]; then read -r process incoming home <"$root/releases/.transaction" || true; fi
    if [ "$process" != "$PPID" ]; then
        # Erased by itself, beside another package of this name: it serves on from its second tree (%postun).
        "$root/bundle/@IDENTIFIER@/conda-rpm-host" set-aside --but none --root "$root" ||
            echo "$name: @IDENTIFIER@ could not be set aside, and will not serve any more" >&2
    elif ! is_reinstalled "$incoming" "$home" && ! serves "$incoming" "$home"; then
        # The one failure that makes rpm keep a package and its files.
        rm -rf "$aside.new"
        if [ -d "$aside" ]; then mv "$aside" "$aside.new" && rm -rf "$aside.new"; fi
        if [ "$1" -eq 1 ]; then rm -f "$root/releases/.transaction"; fi
        echo "$name: $incoming was not put into service, so the package of @IDENTIFIER@, which serves, is not removed." \
            "Finish with: $name-release repair; or erase $name-$incoming" >&2
        exit 1
    fi
fi

# Where the home is a link to another disk rpm removes the link, as it would a file, and knows nothing of what it led
# to; this tells %postun. A note that an upgrade which was cut off has left may speak of another home.
note="${root%/*}/.@NAME@.home"
if [ -L "$root" ]; then
    ln -sfn "$(readlink -f "$root")" "$note"
elif [ -L "$note" ]; then
    rm -f "$note"
fi

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
