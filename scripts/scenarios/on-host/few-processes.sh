# shellcheck shell=bash
# Sourced by scenarios on the host: a control group in which few processes may be.

# with_processes NUMBER COMMAND...: the command, and all that it starts, may be that many processes and threads.
with_processes() {
    local group=/run/processes
    mkdir -p "$group"
    if ! mountpoint --quiet "$group"; then
        mount -t cgroup -o pids none "$group" 2>/dev/null || mount -t cgroup2 none "$group"
    fi
    # Version 2 of control groups hands its controllers down only when asked to.
    if [[ -e $group/cgroup.subtree_control ]]; then echo +pids >"$group/cgroup.subtree_control"; fi
    group+=/conda-rpm-test.$$
    mkdir -p "$group"
    echo "$1" >"$group/pids.max"
    # shellcheck disable=SC2016 # expanded by the shell inside
    timeout --kill-after=5 90 bash -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' - "$group" "${@:2}"
}
