# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables of the parts beside it
# Sourced by scenario `faults` on the host: the service `tough`, the states to begin in, and what may be done to it. The
# repository holds 1.0 and 2.0, whose check succeeds, and 3.0, whose check fails.
#
# Each round is a shell of its own, and what a function here finds wrong ends it.

readonly state=/run/faults
# The root in which the host lives: nothing for this one, or a folder with another.
at=''

fail() {
    printf '%s\n' "$@"
    [[ ! -s $state/told ]] || tail -n 12 "$state/told" | sed 's/^/  said: /'
    exit 1
}

# choose VARIABLE WORD...: one of the words. (In a substitution the shell would begin another row of numbers.)
choose() {
    local words=("${@:2}")
    printf -v "$1" '%s' "${words[RANDOM % ${#words[@]}]}"
}

in_host() {
    if [[ $at ]]; then chroot "$at" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin "$@"; else "$@"; fi
}
run_rpm() { rpm ${at:+"--root=$at"} "$@"; }

is_installed() { run_rpm --query --quiet tough; }
version_installed() { run_rpm --query --queryformat '%{VERSION} ' tough; }

# bring VERSION [packages]: leaves in $command what brings it; with `packages` those that services share are written anew.
bring() {
    command=(rpm ${at:+"--root=$at"} --upgrade --oldpackage --replacepkgs --nodeps /srv/repo/tough-"$1"-*.rpm)
    if [[ $layout == split ]] && { [[ ${2:-} == packages ]] || ! has_packages; }; then
        command+=(/srv/repo/conda-*.rpm)
    fi
}
has_packages() {
    [[ $(run_rpm --query --all 'conda-*' | wc -l) == $(find /srv/repo -name 'conda-*.rpm' | wc -l) ]]
}

# Its program knows where it was linked, and its Python starts and imports. What they print counts: an empty file runs, too.
runs() {
    local serving code='import markupsafe, sqlite3, sys; print(sys.prefix)'
    serving=$(readlink "$at/opt/tough/current") || return 1
    [[ $(in_host /opt/tough/current/bin/native-tool 2>&1) == */opt/tough/"$serving"* ]] &&
        [[ $(in_host /opt/tough/current/bin/python -B -c "$code" 2>&1) == /opt/tough/* ]]
}

# The whole tool, not what a power loss has left of it.
has_tool() { cmp -s "$at$(in_host readlink -f /usr/bin/tough-release)" "$state/tool"; }

# is_exactly VERSION: it alone is installed, serves, and nothing is wrong with it, by the word of everybody.
is_exactly() {
    [[ $(version_installed) == "$1 " ]] || { echo "rpm has $(version_installed)" && return 1; }
    [[ $(readlink "$at/opt/tough/current") == "releases/$1-"* ]] || { ls -l "$at/opt/tough" && return 1; }
    runs || { echo "it does not run" && return 1; }
    # What rpm runs for the package is `tough-release verify`.
    in_host tough-release status && run_rpm --verify --nodeps tough || return 1
    [[ $at ]] || echo "$1" >"$state/known"
}

# have VERSION: the state to begin in.
have() {
    rest
    [[ ! -e $state/dirty ]] || have_nothing
    [[ $at || $(cat "$state/known" 2>/dev/null) != "$1" ]] || return 0
    bring "$1"
    "${command[@]}" >"$state/told" 2>&1 || true
    if ! is_exactly "$1" >/dev/null 2>&1; then
        # What an earlier round has broken is its finding, not this one's.
        have_nothing
        bring "$1"
        "${command[@]}" >"$state/told" 2>&1 || true
        is_exactly "$1" >"$state/told" 2>&1 || fail "cannot begin with $1"
    fi
    cp "$at$(in_host readlink -f /usr/bin/tough-release)" "$state/tool"
}

have_nothing() {
    local packages
    rm -f "$state/known"
    run_rpm --erase --nodeps --allmatches tough >/dev/null 2>&1 || true
    if [[ $layout == split ]]; then
        mapfile -t packages < <(run_rpm --query --all 'conda-*')
        ((${#packages[@]} == 0)) || run_rpm --erase --nodeps "${packages[@]}" >/dev/null 2>&1 || true
    fi
    # What is left behind has been told.
    rm -rf "$at"/usr/{bin/{tough-release,native-tool},share/{doc,licenses}/tough,lib/systemd/system/tough.*}
    find "$at/opt/tough" -mindepth 1 -delete 2>/dev/null || true
    rmdir "$at/opt/tough" 2>/dev/null || true
    rm -f "$state/dirty"
}

# Nothing of ours works any more.
rest() {
    local tenths
    for ((tenths = 0; tenths < 1200; tenths++)); do
        pgrep -x conda-rpm-host >/dev/null || pgrep -x rpm >/dev/null || return 0
        sleep 0.1
    done
    fail "still at work after two minutes:" "$(pgrep -a -x conda-rpm-host; pgrep -a -x rpm)"
}

# prepare OPERATION: leaves in $command what is done, in $served whether a release serves before, in $planted whether its
# files differ from the beginning, and in $target the version that is wanted in the end.
prepare() {
    served=yes planted=no
    local tool=(${at:+chroot "$at" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin} tough-release)
    local share
    choose share '' '' packages
    case $1 in
    install)
        have_nothing
        served=no
        choose target 1.0 2.0
        bring "$target"
        ;;
    upgrade) have 1.0 && target=2.0 && bring 2.0 "$share" ;;
    downgrade) have 2.0 && target=1.0 && bring 1.0 "$share" ;;
    reinstall) have 2.0 && target=2.0 && bring 2.0 "$share" ;;
    failure)
        have 2.0
        choose target 1.0 2.0
        bring 3.0
        ;;
    rollback) have 1.0 && have 2.0 && target=2.0 && command=("${tool[@]}" rollback) ;;
    repair)
        have 2.0
        target=2.0 planted=yes command=("${tool[@]}" repair)
        echo rot >>"$at/opt/tough/current/share/native-tool/where.txt"
        find "$at/opt/tough/current/" -path '*/markupsafe/__init__.py' -delete
        ;;
    erase) have 2.0 && served=no && target=1.0 && command=(rpm ${at:+"--root=$at"} --erase --nodeps tough) ;;
    esac
}

# begin: does it in the background, as the first process of a session, whose number is $worker. (What a shell puts there
# ignores SIGINT, and whoever runs this may have switched SIGHUP off.)
begin() {
    rm -f "$state/known"
    setsid env --default-signal=INT,HUP "${command[@]}" </dev/null >"$state/told" 2>&1 &
    worker=$!
}

works() { kill -0 "$worker" 2>/dev/null; }
