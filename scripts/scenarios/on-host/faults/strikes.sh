# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables of the parts beside it
# Sourced by scenario `faults` on the host: what strikes an operation at some moment.

# struck OPERATION MILLISECONDS STRIKE...: begins it and strikes once; then what has to be true is looked at.
struck() {
    local operation=$1 moment=$2
    shift 2
    echo "$operation, after $moment ms: $*"
    prepare "$operation"
    begin
    sleep "$((moment / 1000)).$(printf '%03d' $((moment % 1000)))"
    ! works || echo struck >>"$state/hits"
    "$@"
    wait "$worker" 2>/dev/null || true
    rest
    judge
}

# A moment in which an operation is probably under way, in milliseconds; a strike that comes too late hits nothing.
choose_moment() {
    case $1 in
    rollback | repair) moment=$((RANDOM % window / 3)) ;;
    erase) moment=$((RANDOM % window / 5)) ;;
    *) moment=$((RANDOM % window)) ;;
    esac
}

send() {
    case $2 in
    group) kill -s "$1" -- "-$worker" ;;
    session) pkill --signal "$1" --session "$worker" ;;
    rpm) pkill --signal "$1" --exact rpm ;;
    tool) pkill --signal "$1" --exact conda-rpm-host ;;
    esac 2>/dev/null || true
}

kills() {
    local operation moment victim
    choose operation install upgrade upgrade downgrade reinstall failure failure rollback repair erase
    choose victim group session rpm tool
    choose_moment "$operation"
    struck "$operation" "$moment" send KILL "$victim"
    finish
}

signals() {
    local operation moment signal
    choose operation install upgrade downgrade reinstall failure rollback repair
    choose signal INT TERM HUP
    choose victim group tool
    choose_moment "$operation"
    struck "$operation" "$moment" send "$signal" "$victim"
    finish
}

# Somebody else fills the disk in the meantime: with bytes, or with files.
space() {
    local operation moment what room
    choose operation install upgrade downgrade reinstall failure repair
    choose what bytes inodes
    choose_moment "$operation"
    room=$((RANDOM % 3000))
    if ! mountpoint --quiet /opt/tough; then have_nothing; fi
    mkdir -p /opt/tough
    mountpoint --quiet /opt/tough || mount -t tmpfs -o "size=$roomy,nr_inodes=400k,mode=0755" small /opt/tough
    struck "$operation" "$moment" leave_room "$what" "$room"
    mount -o "remount,size=$roomy,nr_inodes=400k" /opt/tough
    finish
    have_nothing
    umount /opt/tough
}

readonly roomy=2g

# leave_room bytes|inodes NUMBER: of KiB, or of files. What is used grows meanwhile, and less than that cannot be had.
leave_room() {
    local used try option
    for try in 1 2 3 4 5; do
        if [[ $1 == bytes ]]; then
            used=$(df --output=used --block-size=1K /opt/tough | tail -n 1)
            option=size=$((used + $2))k
        else
            used=$(df --output=iused /opt/tough | tail -n 1)
            option=nr_inodes=$((used + $2 / 10 + 1))
        fi
        if mount -o "remount,$option" /opt/tough 2>/dev/null; then break; fi
    done
    # What it does now it does without.
    wait "$worker" 2>/dev/null || true
}
