# shellcheck shell=bash
# Sourced by scenarios on the host: a control group in which few processes may be.

# Control groups are the whole machine's, on which other hosts may live at the same time: so the name is this one's alone.
few_processes=/run/processes/conda-rpm-test.$(</proc/sys/kernel/random/uuid)
readonly few_processes

# with_processes NUMBER COMMAND...: the command, and all that it starts, may be that many processes and threads.
with_processes() {
    local above=${few_processes%/*}
    mkdir -p "$above"
    if ! mountpoint --quiet "$above"; then
        mount -t cgroup -o pids none "$above" 2>/dev/null || mount -t cgroup2 none "$above"
    fi
    # Version 2 of control groups hands its controllers down only when asked to.
    if [[ -e $above/cgroup.subtree_control ]]; then echo +pids >"$above/cgroup.subtree_control"; fi
    mkdir -p "$few_processes"
    echo "$1" >"$few_processes/pids.max"
    # shellcheck disable=SC2016 # expanded by the shell inside
    timeout --kill-after=5 90 bash -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' - \
        "$few_processes" "${@:2}"
}

# The group would outlive the host.
end_few_processes() { rmdir "$few_processes" && umount "${few_processes%/*}"; }
