# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # variables of the parts beside it
# Sourced by scenario `faults` on the host: the power goes.
#
# A whole host (its programs, rpm's database, the service) lives in the file system of an image behind a loop device, and
# that image on a second file system. While an operation runs the second one is frozen for a moment and the image is copied:
# the copy holds what the kernel has handed to the block device by then, and nothing of what waited in memory. It is
# mounted, which plays its journal back, and judged like a host that has come up again. (Blocks arrive in the order in which
# they were written: a disk that reorders its own cache is not imitated.)

readonly disk=$state/disk host=$state/host after=$state/after copies=$state/copies

begin_power() {
    local number type=ext4
    options=loop
    # shellcheck source=scripts/scenarios/on-host/bare-base.sh
    source "$(dirname "${BASH_SOURCE[0]}")/../bare-base.sh"
    base=$state/base
    make_base
    [[ -e /dev/loop-control ]] || mknod /dev/loop-control c 10 237
    for ((number = 0; number < 64; number++)); do
        [[ -e /dev/loop$number ]] || mknod "/dev/loop$number" b 7 "$number"
    done
    mkdir -p "$disk" "$host" "$after" "$copies"
    truncate --size=4G "$state/disk.img"
    mkfs.ext4 -q "$state/disk.img"
    mount -o loop "$state/disk.img" "$disk"
    truncate --size=2G "$disk/host.img"
    # Every other run on XFS, where its program is there.
    if ((seed % 2)) && [[ $(type -P mkfs.xfs) ]]; then type=xfs options=loop,nouuid; fi
    note "the host's file system is $type"
    "mkfs.$type" -q "$disk/host.img"
    mount -o loop "$disk/host.img" "$host"
    cp -a "$base/." "$host/"
    mknod -m 0666 "$host/dev/null" c 1 3
    mknod -m 0666 "$host/dev/urandom" c 1 9
    mount -t proc proc "$host/proc"
}

end_power() { umount "$host/proc" "$host" "$disk" && rm -rf "$state/disk.img" "$base"; }

# snapshot NAME
snapshot() {
    local status=0
    fsfreeze --freeze "$disk"
    cp --sparse=always "$disk/host.img" "$copies/$1" || status=$?
    fsfreeze --unfreeze "$disk"
    return "$status"
}

# An operation, and losses of power in it: some at any moment of it, some in the seconds after its end, when the kernel
# still writes.
power() {
    local operation moment copy
    at=$host
    choose operation install upgrade upgrade downgrade reinstall failure rollback repair erase
    prepare "$operation"
    local was=$served
    rm -f "$copies"/*
    sync --file-system "$host/"
    begin
    for copy in 1 2 3; do
        choose_moment "$operation"
        sleep "$(printf '0.%03d' $((moment / 3)))"
        works || sleep "$((RANDOM % 3))"
        snapshot "$copy-$moment"
    done
    wait "$worker" 2>/dev/null || true
    rest
    choose_moment "$operation"
    sleep "$(printf '%d.%03d' $((RANDOM % 4)) "$moment")" && snapshot "4-$moment"
    at=$after
    for copy in "$copies"/*; do
        served=$was
        echo "$operation, the power gone at copy ${copy##*/}"
        comes_up "$copy"
        echo snapshot >>"$state/hits"
        rm "$copy"
    done
}

comes_up() {
    local status=0
    mount -o "$options" "$1" "$after"
    mount -t proc proc "$after/proc"
    # A shell of its own, so that the file systems are taken down whatever it finds.
    (judge && heal "$target") || status=$?
    umount "$after/proc" "$after"
    ((status == 0)) || exit "$status"
}
