# shellcheck shell=bash
# Sourced by scenario `hardships` on the host: few processes, little memory, signals, damaged releases.

# shellcheck source=scripts/scenarios/on-host/few-processes.sh
source "$(dirname "${BASH_SOURCE[0]}")/few-processes.sh"

# ends COMMAND...: in time, whether it worked or not, and with a reason if not.
ends() {
    local status=0 output
    output=$("$@" 2>&1) || status=$?
    ((status != 124 && status != 137)) || { echo "still running: $* $output" && return 1; }
    ((status == 0)) || [[ -n $output ]] || { echo "no reason: $* (status $status)" && return 1; }
}

# every_subcommand_ends LIMIT...: what a limit stands before ends, and a whole release serves, until it is removed.
every_subcommand_ends() {
    stage
    local tool place=(--root "$root" --bundle "$(bundle_of 2.0)") subcommand
    tool=$(tool_2)
    for subcommand in install status verify repair rollback settle; do
        ends "$@" "$tool" "$subcommand" "${place[@]}"
        expect_whole
    done
    ends "$@" "$tool" set-aside "${place[@]}" --but 9-9
    expect_whole
    ends "$@" "$tool" activate "${place[@]}" "$(basename "$(release_of 1.0)")"
    expect_whole
    ends "$@" "$tool" run "${place[@]}" native-tool
    ends "$@" "$tool" remove "${place[@]}"
}

tool_2() { echo "$(bundle_of 2.0)/conda-rpm-host"; }

few_processes_are_no_reason_to_wait() {
    local number place
    for number in {1..16}; do every_subcommand_ends with_processes "$number"; done
    # One process does all that needs no other.
    stage
    place=(--root "$root" --bundle "$(bundle_of 2.0)")
    expect_text "no further process may be started" expect_failure \
        with_processes 1 "$(tool_2)" install "${place[@]}"
    host_tool 2.0 install
    with_processes 1 "$(tool_2)" verify "${place[@]}"
    with_processes 1 "$(tool_2)" run "${place[@]}" native-tool
    echo rot >>"$root/current/share/native-tool/where.txt"
    expect_failure with_processes 1 "$(tool_2)" verify "${place[@]}"
    stage
    with_processes 16 "$(tool_2)" install "${place[@]}"
    expect_whole 2.0
    with_processes 1 "$(tool_2)" remove "${place[@]}"
    [[ ! -e $root/releases ]]
    end_few_processes
}

little_memory_is_told() {
    local mebibytes
    for mebibytes in 22 24 26 28 30 34 38 42 48 54 60 70 80 100 120 160; do
        every_subcommand_ends prlimit --as=$((mebibytes << 20)) timeout 60
    done
    stage
    host_tool 2.0 repair
    expect_whole 2.0
    large_package_with_little
}

# A package that needs more memory, or larger files, than are allowed.
large_package_with_little() {
    rpm --install --nodeps --noscripts "$(rpm_of fat-1.0)"
    local bundle
    bundle=$(echo /opt/fat/bundle/*)
    expect_text "its memory is limited to 30 MiB" expect_failure prlimit --as=$((30 << 20)) \
        "$bundle/conda-rpm-host" install --root /opt/fat --bundle "$bundle"
    expect_text "File too large" expect_failure prlimit --fsize=102400 \
        "$bundle/conda-rpm-host" install --root /opt/fat --bundle "$bundle"
    [[ ! -e /opt/fat/current ]]
    "$bundle/conda-rpm-host" repair
    rpm --erase fat
}

# interrupted SIGNAL STATUS: sends a signal to the group of an installation that waits for a check, as a terminal does.
interrupted() {
    stage
    local status=0 tool
    rpm --install --force --nodeps --noscripts "$(rpm_of hard-1.5)"
    # Whoever runs these tests may have switched SIGHUP off, and such a signal stays off.
    setsid env --default-signal=HUP "$(bundle_of 1.5)/conda-rpm-host" install --bundle "$(bundle_of 1.5)" --root "$root" \
        2>/run/told & tool=$!
    until grep -q 'run the checks' "$root"/releases/.1.5*.incomplete 2>/dev/null && pgrep -x sleep >/dev/null; do
        kill -0 "$tool" && sleep 0.05
    done
    kill -"$1" -- -"$tool"
    wait "$tool" || status=$?
    [[ $status == "$2" ]] || { cat /run/told && echo "expected status $2, found $status" && return 1; }
    expect_whole 1.0
    expect_text "at the step 'run the checks': interrupted by SIG$1" expect_failure host_tool 1.5 status
    expect_failure pgrep -x sleep
}

interruptions_end_the_step() {
    interrupted TERM 143
    interrupted HUP 129
    interrupted INT 130
    host_tool 1.5 repair
    expect_whole 1.5
}

# Ctrl-C while rpm waits for %post: it reaches all of the terminal's group, of which rpm heeds it last.
a_key_in_post_ends_the_step() {
    reset
    rpm --upgrade --nodeps "$(rpm_of hard-1.0)"
    setsid rpm --upgrade --nodeps "$(rpm_of hard-1.5)" >/run/told 2>&1 & local rpm=$!
    until grep -q 'run the checks' "$root"/releases/.1.5*.incomplete 2>/dev/null && pgrep -x sleep >/dev/null; do
        kill -0 "$rpm" && sleep 0.05
    done
    kill -INT -- -"$rpm"
    wait "$rpm" || true
    expect_text "interrupted by SIGINT" cat /run/told
    expect_whole 1.0
    expect_text "interrupted by SIGINT" expect_failure hard-release status
    hard-release repair
    expect_whole 1.5
}

# Whoever stands in an unfinished release has its path in PWD; only what the tool has started bears its mark.
nobody_else_is_killed() {
    stage
    local mark bystander descendant
    rpm --install --force --nodeps --noscripts "$(rpm_of hard-1.5)"
    timeout --signal=KILL 2 "$(bundle_of 1.5)/conda-rpm-host" install --bundle "$(bundle_of 1.5)" --root "$root" \
        >/dev/null 2>&1 || true
    cd "$(release_of 1.5)" || return
    mark=$(sed -n 's/.*"mark" : "\(.*\)".*/\1/p' "$root"/releases/.1.5*.incomplete)
    [[ $mark =~ ^[0-9a-f]{32}$ ]]
    sleep 60 & bystander=$!
    # One that a script of the killed try has left behind, in a group of its own.
    STARTED_BY_CONDA_RPM=$mark setsid sleep 60 & descendant=$!
    # The shell in which the operator types may itself descend from that.
    STARTED_BY_CONDA_RPM=$mark bash -c '"$@" && :' - "$(bundle_of 1.5)/conda-rpm-host" repair \
        --bundle "$(bundle_of 1.5)" --root "$root"
    cd /
    kill -0 "$bystander"
    kill "$bystander"
    expect_failure kill -0 "$descendant"
    expect_whole 1.5
}

rollback_looks_first() {
    stage
    host_tool 2.0 install
    echo rot >>"$(release_of 1.0)/share/native-tool/where.txt"
    expect_text "changed share/native-tool/where.txt" expect_failure host_tool 2.0 rollback
    expect_text "dnf downgrade hard-1.0" expect_failure host_tool 2.0 activate "$(basename "$(release_of 1.0)")"
    expect_whole 2.0
    expect_text "without a look" host_tool 2.0 rollback --force
    expect_whole 1.0
}

tested "few processes and threads are no reason to wait for ever" few_processes_are_no_reason_to_wait
tested "little memory and small files are told, and leave a whole release in service" little_memory_is_told
tested "an interruption ends the step, and the release before serves on" interruptions_end_the_step
tested "a key pressed in %post ends the step, and repair finishes" a_key_in_post_ends_the_step
tested "nobody is killed but what a killed installation has left" nobody_else_is_killed
tested "rollback and activate look before they flip" rollback_looks_first
