# shellcheck shell=bash
# Sourced by scenarios on the host: the files of this host that a root of its own needs, below $base.

# What the scriptlets require, and what a package's own scripts may expect.
readonly programs=(
    sh bash '[' awk basename cat chgrp chmod chown cp cut date dirname echo env expr false find getconf getent grep
    groupadd head id install ln ls mkdir mktemp mv nologin od printf readlink realpath rm rmdir sed seq sleep sort stat
    tail tee test touch tr true uname uniq useradd wc xargs
)
base=/srv/base

# put FILE PLACE: a copy of a file of this host, with the libraries that it needs.
put() {
    local library
    [[ -e $base$2 ]] || cp --dereference --preserve=mode "$1" "$base$2"
    for library in $(ldd "$1" 2>/dev/null | grep -o '/[^ ]*'); do
        mkdir -p "$base$(dirname "$library")"
        [[ -e $base$library ]] || cp --dereference --preserve=mode "$library" "$base$library"
    done
}

make_base() {
    local program path
    mkdir -p "$base"/{etc,tmp,var/tmp,var/opt,root,home,proc,sys,dev,run,srv}
    mkdir -p "$base"/usr/{bin,sbin,lib/{systemd/system,systemd/system-preset,sysusers.d,tmpfiles.d},lib64,share/{doc,licenses}}
    chmod 1777 "$base"/{,var/}tmp
    for path in bin sbin lib lib64; do ln -s "usr/$path" "$base/$path"; done
    for program in "${programs[@]}"; do
        path=$(type -P "$program")
        case $path in
        */sbin/*) put "$path" "/usr/sbin/$program" ;;
        *) put "$path" "/usr/bin/$program" ;;
        esac
    done
    cp /etc/{login.defs,nsswitch.conf} "$base/etc/" 2>/dev/null || true
    grep '^root:' /etc/passwd >"$base/etc/passwd"
    grep '^root:' /etc/group >"$base/etc/group"
    echo 'root:*:19000:0:99999:7:::' >"$base/etc/shadow"
    : >"$base/etc/gshadow"
    ldconfig -r "$base"
}
