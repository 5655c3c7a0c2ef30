#!/bin/sh
# %verifyscript: makes `rpm -V NAME` fail when the release that serves is not whole.
root="${RPM_INSTALL_PREFIX:-@PREFIX@}"
@TRUST@
judge_way "$root/bundle/@IDENTIFIER@/conda-rpm-host" || exit 1
exec "$root/bundle/@IDENTIFIER@/conda-rpm-host" verify --root "$root" >&2
