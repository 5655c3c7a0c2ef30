#!/bin/bash
# end-test.sh SIGNAL COMMAND...: runs a command until its throw-away host lives, ends it by the signal, and fails unless it
# died of that and none of its processes is left.
set -euo pipefail

readonly signal=$1
shift

# Prints the processes below one, itself included.
family() {
    local child
    echo "$1"
    # shellcheck disable=SC2013 # words
    for child in $(cat "/proc/$1/task"/*/children 2>/dev/null || true); do family "$child"; done
}

# A new PID namespace in which dnf runs: the host is made, and busy.
is_busy() {
    local process
    for process in $(family "$1"); do
        if grep -q 'dnf.*install' <<<"$(tr '\0' ' ' 2>/dev/null <"/proc/$process/cmdline")"; then return 0; fi
    done
    return 1
}

# A shell's background commands ignore SIGINT, and whoever runs this may have switched others off.
env --default-signal "$@" >/dev/null &
command=$!
for ((tenths = 0; tenths < 300; tenths++)); do
    if is_busy "$command"; then break; fi
    sleep 0.1
done
((tenths < 300)) || { echo "expected a host at work within 30 s, found none" && exit 1; }
mapfile -t processes < <(family "$command")
((${#processes[@]} > 3)) || { echo "found only the processes ${processes[*]}" && exit 1; }
kill -s "$signal" "$command"
status=0
wait "$command" 2>/dev/null || status=$?
((status == 128 + $(kill -l "$signal"))) || { echo "expected the end by SIG$signal, found status $status" && exit 1; }
# After kill -9 nobody waits for the host; it needs a moment.
[[ $signal != KILL ]] || sleep 2
for process in "${processes[@]}"; do
    [[ ! -e /proc/$process ]] || { echo "left behind: $(tr '\0' ' ' <"/proc/$process/cmdline")" && exit 1; }
done
