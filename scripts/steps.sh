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

# with_progress COMMAND...: a command of SwiftPM. It shows what it compiles and how far it is: on a terminal in its own way,
# elsewhere in a line every few seconds, where SwiftPM would leave one for each file in the log.
with_progress() {
    if [[ -t 1 ]]; then "$@"; else "$@" 2>&1 | show_progress; fi
}

readonly progress_seconds=10

# Also while no line comes, as in the minutes of one large module: then the seconds show that it goes on.
show_progress() {
    local line='' part latest='' status started=$SECONDS next=$((SECONDS + progress_seconds))
    while true; do
        status=0
        IFS= read -r -t 1 part || status=$?
        line+=$part
        # Above 128: the second is over, and the line is not.
        if ((status <= 128)); then
            if [[ $line =~ ^\[[0-9]+/[0-9]+\] ]]; then latest=$line; elif [[ $line ]]; then printf '%s\n' "$line"; fi
            [[ $line != Build*complete!* ]] || latest=''
            line=''
        fi
        ((status == 0 || status > 128)) || return 0
        if [[ $latest ]] && ((SECONDS >= next)); then
            printf '%4d s  %s\n' $((SECONDS - started)) "$latest"
            next=$((SECONDS + progress_seconds))
        fi
    done
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
