# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables of the parts beside it
# Sourced by scenario `faults` on the host: what has to be true after whatever has happened.

# judge: a release serves if one did, and what status says is so.
judge() {
    local code=0 said running=no
    if runs; then running=yes; fi
    [[ $served == no || $running == yes ]] || fail "nothing serves any more" "$(look)"
    has_tool || return 0
    said=$(in_host tough-release status 2>&1) || code=$?
    case $code in
    0)
        [[ $running == yes ]] || fail "status says healthy, and nothing runs: $said" "$(look)"
        # It does not read every file: that is what verify is for.
        # Nor what a release of layout `split` was linked from, which rpm may have been writing anew: verify tells of it.
        [[ $planted == yes ]] || in_host tough-release verify >"$state/told" 2>&1 ||
            grep -q '^error: /opt/conda-rpm/pkgs/' "$state/told" || fail "status says healthy, verify does not: $said"
        ;;
    2) [[ $running == yes ]] || fail "status says degraded, and nothing runs: $said" "$(look)" ;;
    3) [[ $running == no ]] || fail "status says down, and a release runs: $said" ;;
    *) fail "status ended with $code: $said" "$(look)" ;;
    esac
}

look() { (cd "$at/opt/tough" && find . -mindepth 1 -maxdepth 2 -printf '%M %P %l\n' | sort -k 2) 2>&1; }

# heal VERSION: repair keeps its word, and the RPM, installed again, mends whatever is left.
heal() {
    local said enough
    choose enough yes yes no
    if has_tool; then
        if said=$(in_host tough-release repair 2>&1); then
            if [[ $enough == yes ]] && is_exactly "$1" >"$state/told" 2>&1; then
                is_tidy "$1"
                return
            fi
            runs || fail "repair says that it is done, and nothing runs: $said" "$(look)"
            in_host tough-release verify >"$state/told" 2>&1 || fail "repair says that it is done, verify does not: $said"
        else
            [[ $said ]] || fail "repair failed without a word"
        fi
    fi
    # rpm names what it unpacks by the second: in that of the rpm that was killed it meets its own files (EEXIST).
    sleep 1
    bring "$1" all
    "${command[@]}" >"$state/told" 2>&1 || fail "the RPM cannot be installed again" "$(look)"
    is_exactly "$1" >"$state/told" 2>&1 || fail "$1 is not whole when its RPM was installed again" "$(look)"
    is_tidy "$1"
}

# is_tidy VERSION: nothing of a try is left, neither of ours nor of rpm's.
is_tidy() {
    local left
    left=$(cd "$at/opt/tough" && find . -maxdepth 2 \( -name '*;????????' -o -name '*.incomplete' -o -name '*.aside*' \
        -o -name '*.bootstrap' -o -name '*.new' -o -path './bundle/*' -not -path "./bundle/$1-*" \))
    [[ ! $left ]] || fail "left behind: $left" "$(look)"
    left=$(cd "$at/opt/tough" && find bundle -name '*;????????')
    [[ ! $left ]] || fail "left behind by rpm: $left"
    (($(find "$at/opt/tough/releases" -mindepth 1 -maxdepth 1 -type d | wc -l) <= 2)) ||
        fail "more releases than are kept" "$(look)"
}

# erase: nothing of the service is left.
erase() {
    local left
    rm -f "$state/known"
    run_rpm --erase --allmatches --nodeps tough >"$state/told" 2>&1 || fail "cannot be erased"
    # Where it is a file system of its own the directory stays.
    left=$(find "$at/opt/tough" 2>/dev/null | head -n 20 || true)
    if mountpoint --quiet "$at/opt/tough"; then left=$(ls -A "$at/opt/tough"); fi
    left+=$(find "$at/usr/bin/tough-release" "$at/usr/bin/native-tool" "$at"/usr/share/*/tough \
        "$at"/{usr/lib,etc}/systemd/system/tough* "$at"/opt/.tough* 2>/dev/null || true)
    [[ ! $left ]] || fail "left behind by an erased package: $left"
    left=$(pgrep -a -f /opt/tough/releases) || return 0
    fail "still running: $left"
}

# finish: most are healed, of which some are erased, and some are erased as they are.
finish() {
    local next
    choose next heal heal both erase
    if [[ $next == erase ]] && is_installed; then
        erase
    else
        heal "$target"
        [[ $next != both ]] || erase
    fi
}
