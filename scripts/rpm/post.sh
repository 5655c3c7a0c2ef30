#!/bin/sh
# %post: link the release, check it, and only then let it serve. When it fails, rpm goes on regardless:
# the old release stays in service, and the reason can be read with NAME-release status.
set -u
name='@NAME@'
root="${RPM_INSTALL_PREFIX:-@PREFIX@}"
bundle="$root/bundle/@IDENTIFIER@"

# Relocated (rpm --prefix): commands and units name the usual place, which leads to the real one.
if [ "$root" != '@PREFIX@' ] && [ ! -e '@PREFIX@' ]; then
    ln -sfn "$root" '@PREFIX@' || echo "$name: cannot link @PREFIX@ to $root: commands and units need it" >&2
fi

if ! "$bundle/conda-rpm-host" install --bundle "$bundle" --root "$root"; then
    echo "$name: the new release was not put into service; see: $name-release status" >&2
    exit 1
fi
@SCRIPT@
