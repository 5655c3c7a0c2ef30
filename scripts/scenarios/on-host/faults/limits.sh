# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables of the parts beside it
# Sourced by scenario `faults` on the host: a step that is refused what it asks the kernel for ends, and says why.
# shellcheck source=scripts/scenarios/on-host/few-processes.sh
source "$(dirname "${BASH_SOURCE[0]}")/../few-processes.sh"

limits() {
    local step limit number words status=0 bundle
    choose step install status verify repair rollback activate set-aside settle run
    # The program itself takes 21 MiB: with less the kernel does not start it.
    choose limit processes processes as as nofile fsize data
    have 1.0
    have 2.0
    target=2.0 planted=no served=yes
    # As it is when %post begins: the files of another release beside one that serves.
    bundle=$(echo /opt/tough/bundle/2.0-*)
    rm "$state/known"
    if [[ $step == install ]]; then
        rpm --upgrade --oldpackage --nodeps /srv/repo/tough-1.0-*.rpm
        rpm --install --force --nodeps --noscripts /srv/repo/tough-2.0-*.rpm
    fi
    words=("$bundle/conda-rpm-host" "$step" --bundle "$bundle" --root /opt/tough)
    case $step in
    activate) words+=("$(basename "$(echo /opt/tough/releases/1.0-*)")") ;;
    set-aside) words+=(--but 9-9) ;;
    run) words+=(python -c 'import sqlite3') ;;
    esac
    case $limit in
    processes) number=$((1 + RANDOM % 16)) words=(with_processes "$number" "${words[@]}") ;;
    as | data) number=$((24 + 8 * (RANDOM % 16))) words=(limited "$limit=$((number << 20))" "${words[@]}") ;;
    nofile) number=$((3 + RANDOM % 30)) words=(limited "nofile=$number" "${words[@]}") ;;
    fsize) number=$((RANDOM % 200)) words=(limited "fsize=$((number << 10))" "${words[@]}") ;;
    esac
    echo "$step with $limit=$number"
    "${words[@]}" >"$state/told" 2>&1 || status=$?
    ((status != 124 && status != 137)) || fail "it did not end"
    ((status == 0)) || [[ -s $state/told ]] || fail "no reason was given (status $status)"
    echo tried >>"$state/hits"
    rest
    judge
    heal 2.0
}

end_limits() { [[ ! -e $few_processes ]] || end_few_processes; }

limited() { timeout --kill-after=5 90 prlimit "--$1" "${@:2}"; }
