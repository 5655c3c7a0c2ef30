#!/bin/sh
# %post: link the release, check it, and only then let it serve. When it fails, rpm goes on regardless:
# the old release stays in service, and the reason can be read with NAME-release status.
set -u
name='@NAME@'
root="${RPM_INSTALL_PREFIX:-@PREFIX@}"
bundle="$root/bundle/@IDENTIFIER@"

if ! "$bundle/conda-rpm-host" install --bundle "$bundle" --root "$root"; then
    echo "$name: the new release was not put into service; see: $name-release status" >&2
    exit 1
fi
@SCRIPT@
