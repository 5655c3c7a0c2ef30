# shellcheck shell=bash
# Sourced by scenarios on the build machine. scripts/acceptance sets ROOT (the clone), CHANNEL (a folder) and WORK (an
# empty folder for this scenario).
# shellcheck source=scripts/scenarios/tap.sh
source "$(dirname "${BASH_SOURCE[0]}")/tap.sh"

: "${ROOT:?}" "${CHANNEL:?}" "${WORK:?}"
export CONDA_RPM_CACHE=$WORK/cache
glibc=$(getconf GNU_LIBC_VERSION)
glibc=${glibc#* }

conda_rpm() { "$ROOT/.build/bin/conda-rpm" "$@"; }
test_python() { "$ROOT/.build/venv/bin/python" "$@"; }

as_root() {
    if [[ $EUID == 0 ]]; then "$@"; else sudo "$@"; fi
}

# on_host SCRIPT RPM...: runs scenarios/on-host/SCRIPT in a scratch host that offers the RPMs.
on_host() {
    local script=$1
    shift
    as_root "$ROOT/scripts/scratch-host" --share "$ROOT/scripts/scenarios" "$@" -- bash "/srv/share/on-host/$script"
}

# example FOLDER [SED-ARGUMENTS]: the example service with native-tool, for this machine's glibc, and with changes.
example() {
    local folder=$1
    shift
    mkdir -p "$(dirname "$folder")"
    cp -r "$ROOT/specs/orders" "$folder"
    sed -i -e "s/^  target: el9$/  target: {base: el9, glibc: \"$glibc\"}/" \
        -e 's/^dependencies:$/&\n  - native-tool/' "$folder/environment.yml"
    (($# == 0)) || sed -i "$@" "$folder/environment.yml"
}

# build_example FOLDER [ARGUMENTS]: builds it from the sample channel into FOLDER/dist.
build_example() {
    local folder=$1
    shift
    (cd "$folder" && conda_rpm build --quiet --channel "file://$CHANNEL" --output dist "$@")
}
