# shellcheck shell=sh
# Part of %pre, %preun, %postun and %verifyscript. The word between at-signs is filled in when the RPM is built.
#
# What is below a service's home root reads and runs: so every directory from / down to it, also those that links lead
# through, belongs to root and is writable by nobody else. Otherwise somebody could exchange all that lies below, at any
# time. A sticky bit is no help: it protects files, not what is to be made. Access control lists show in the group's bits.

# judge PATH: whether nobody but root can change what is there; otherwise it says who could.
judge() {
    set -- "$1" "$(stat -c '%u %a %U' "$1")"
    case ${2% *} in
    "0 "*[2367]? | "0 "*[2367]) ;;
    "0 "*) return 0 ;;
    esac
    set -- "$1" "${2##* } (user ${2%% *})" "$(stat -c %a "$1")"
    echo "@NAME@: $1 belongs to $2 and has mode $3: others could change what root runs. If it is this service's alone, see\
 what is in it, then: chown root:root '$1' && chmod go-w '$1', and try again; otherwise choose another home" >&2
    return 1
}

# judge_way PATH: the same of all that leads to a path, and of what is there, as far as it exists.
judge_way() {
    rest=$1 walked='' followed=0
    judge / || return 1
    while rest=${rest#"${rest%%[!/]*}"} && [ -n "$rest" ]; do
        part=${rest%%/*}
        rest=${rest#"$part"}
        case $part in
        .) continue ;;
        ..)
            walked=${walked%/*}
            continue
            ;;
        esac
        if [ -L "$walked/$part" ]; then
            followed=$((followed + 1))
            if [ "$followed" -gt 40 ]; then
                echo "@NAME@: $1 leads in a circle of links" >&2
                return 1
            fi
            target=$(readlink "$walked/$part")
            case $target in /*) walked='' ;; esac
            rest=$target$rest
        elif [ -e "$walked/$part" ]; then
            walked=$walked/$part
            judge "$walked" || return 1
        else
            return 0
        fi
    done
}
