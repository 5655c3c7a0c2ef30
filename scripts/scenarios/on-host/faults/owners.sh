# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables of the parts beside it
# Sourced by scenario `faults` on the host: places that belong to others, before and after an installation. Whoever has an
# account here may change nothing that root runs or reads, and loses nothing of his own.

owners() {
    local way
    for way in clean foreign writable kept changed; do
        have_nothing
        rm -rf /opt/tough
        echo "a home that is $way"
        "home_$way"
        echo tried >>"$state/hits"
    done
    have_nothing
    rm -rf /opt/tough
}

# Nobody but root can write there.
home_clean() {
    local found
    have 1.0
    found=$(find /opt/tough -not -type l \( -not -user root -o -perm /022 \) | head -n 5)
    [[ ! $found ]] || fail "others may write: $found"
}

home_foreign() {
    local place
    choose place /opt/tough /opt/tough/releases /opt/tough/bundle
    mkdir -p "$place"
    chown daemon "$place"
    is_refused "$place"
}

home_writable() {
    local place
    choose place /opt/tough /opt/tough/releases /opt/tough/bundle
    mkdir -p "$place"
    chmod o+w "$place"
    is_refused "$place"
}

# As Capistrano and Ansible leave it.
home_kept() {
    mkdir -p /opt/tough/releases/20260101
    echo theirs >/opt/tough/releases/20260101/file
    is_refused /opt/tough/releases/20260101
    [[ $(</opt/tough/releases/20260101/file) == theirs ]] || fail "what was there is gone"
}

home_changed() {
    local place found
    have 1.0
    choose place bin bin/python3 conda-meta
    found=$(readlink -f "/opt/tough/current/$place")
    chown daemon "$found"
    ! in_host tough-release verify >"$state/told" 2>&1 || fail "verify is content with $found of another user"
    rm -f "$state/known"
    heal 1.0
    home_clean
}

is_refused() {
    bring 1.0
    ! "${command[@]}" >"$state/told" 2>&1 || fail "installed in spite of $1"
    grep -q -F "$1" "$state/told" || fail "the refusal does not name $1"
    if is_installed || [[ -e /usr/bin/tough-release ]]; then fail "refused, and installed all the same"; fi
}
