# shellcheck shell=bash
# Sourced by scenarios, on the build machine and on the host: one line per test, in the form of TAP.

# tested NAME COMMAND...: the command's output is shown only when it fails.
tested() {
    local name=$1 output status
    shift
    # Not in a condition: there the shell would let a function go on after a failing command.
    set +e
    output=$(
        set -e
        "$@" 2>&1
    )
    status=$?
    set -e
    if ((status == 0)); then
        echo "ok - $name"
    else
        echo "not ok - $name"
        tail -n 40 <<<"$output" | sed 's/^/#   /'
        echo "#   (status $status)"
    fi
}

note() { printf '# %s\n' "$*"; }

# expect_text WANTED COMMAND...: the output has to hold the text.
expect_text() {
    local wanted=$1 output
    shift
    output=$("$@" 2>&1) || { echo "$output" && return 1; }
    [[ $output == *"$wanted"* ]] || { printf 'expected: %s\nfound: %s\n' "$wanted" "$output" && return 1; }
}

# expect_failure COMMAND...: the command has to fail.
expect_failure() {
    if "$@"; then echo "expected a failure of: $*" && return 1; fi
}
