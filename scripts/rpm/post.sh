#!/bin/sh
# %post: link the release, check it, and only then let it serve. When it fails, rpm goes on regardless:
# the old release stays in service, and the reason can be read with NAME-release status.
set -u
name='@NAME@'
prefix='@PREFIX@'
root="${RPM_INSTALL_PREFIX:-@PREFIX@}"
bundle="$root/bundle/@IDENTIFIER@"

# Relocated (rpm --prefix): commands and units name the usual place, which leads to the real one; %pre has seen that
# nothing but a link to an earlier home can be there.
if [ "$root" != "$prefix" ] && [ "$(readlink -f "$prefix")" != "$(readlink -f "$root")" ]; then
    mkdir -p "${prefix%/*}/" && ln -sfn "$root" "$prefix" ||
        echo "$name: cannot link $prefix to $root: commands and units need it" >&2
fi

if ! "$bundle/conda-rpm-host" install --bundle "$bundle" --root "$root"; then
    echo "$name: the new release was not put into service; see: $name-release status" >&2
    exit 1
fi
@SCRIPT@
