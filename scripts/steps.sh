# shellcheck shell=bash
# Sourced by scripts that do something in timed steps: `step NAME COMMAND...` runs the command between two lines that
# say what is done and how long it took.

milliseconds() { date +%s%3N; }

# The longest step lines up with the others in a summary made of the closing lines (`-- NAME  SECONDS s`).
step() {
    local name=$1 started
    shift
    printf '\n== %s\n' "$name"
    started=$(milliseconds)
    "$@"
    printf -- '-- %-52s %8s s\n' "$name" "$(seconds_since "$started")"
}

seconds_since() {
    local elapsed=$(($(milliseconds) - $1))
    printf '%d.%02d' $((elapsed / 1000)) $((elapsed % 1000 / 10))
}
