# shellcheck shell=bash
# Sourced by scripts. What takes time is done in steps: `step NAME COMMAND...` runs the command between two lines that
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

# Every path may have blanks, single quotes and letters beyond ASCII; two characters are more than SwiftPM takes.
check_place() {
    case $1 in
    *[\"\\]*)
        printf 'expected a path without double quotes and backslashes, which SwiftPM cannot build in, found %s\n' "$1" >&2
        printf 'move the checkout to another folder\n' >&2
        return 1
        ;;
    esac
}
