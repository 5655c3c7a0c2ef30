#!/bin/sh
# %pre: refuse before anything changes. It is the only scriptlet whose failure keeps rpm from going on.
# The words between at-signs are filled in when the RPM is built. The root may have no /proc (dnf --installroot), and no
# /dev/null: what is redirected there would leave a file of that name.
set -eu
name='@NAME@'
identifier='@IDENTIFIER@'
architecture='@ARCHITECTURE@'
glibc='@GLIBC@'
needed_kib='@NEEDED_KIB@'
copied_kib='@COPIED_KIB@'
bootstrap='@BOOTSTRAP@'
bootstrap_kib='@BOOTSTRAP_KIB@'
prefix='@PREFIX@'
root="${RPM_INSTALL_PREFIX:-@PREFIX@}"

refuse() {
    echo "$name $identifier: $1" >&2
    exit 1
}

has_program() { [ -n "$(command -v "$1")" ]; }

are_same() { [ "$(readlink -f "$1")" = "$(readlink -f "$2")" ]; }

found=$(uname -m)
[ "$found" = "$architecture" ] || refuse "this host is $found, the package is for $architecture"

# getconf prints "glibc 2.34"; without getconf rpm's own dependency on glibc has already been checked.
if has_program getconf && libc=$(getconf GNU_LIBC_VERSION); then
    found=${libc#glibc }
    oldest=$(printf '%s\n%s\n' "$glibc" "$found" | sort -V | head -n 1)
    [ "$oldest" = "$glibc" ] || refuse "this host has glibc $found, the package needs $glibc or newer"
fi

# The nearest directory that exists tells the file system; old and new release stand side by side. The home may be a
# link to another disk, and so may what is above it.
place=$root
while [ ! -d "$place" ]; do
    if [ -L "$place" ]; then
        refuse "$place is a link to $(readlink "$place"), which is not there. Mount that file system or make that\
 directory, and install again"
    fi
    [ ! -e "$place" ] || refuse "$place is in the way: expected a directory. Move it and install again"
    place=$(dirname "$place")
done
place=$(readlink -f "$place")

# The home, all that leads there, and the names in it that are there already; the tool looks at all that is below them.
@TRUST@
for path in "$root" "$root/releases" "$root/bundle" "$prefix"; do
    judge_way "$path" || exit 1
done
for path in "$root"/releases/.[!.]* "$root"/releases/* "$root"/bundle/* "$root"/bundle/*/*; do
    if [ -e "$path" ] && [ ! -L "$path" ]; then judge "$path" || exit 1; fi
done

for path in "$root/releases" "$root/bundle"; do
    if { [ -e "$path" ] || [ -L "$path" ]; } && [ ! -d "$path" ]; then
        refuse "$path is in the way: expected a directory. Move it and install again"
    fi
done
if [ -e "$root/current" ] && [ ! -L "$root/current" ]; then
    refuse "$root/current is in the way: expected a symbolic link. Move it and install again"
fi

# Whether a bundle's release is payload. Blanks and line breaks mean nothing in JSON, and a quotation mark inside a text
# has a backslash before it.
is_owned() {
    [ -r "$1/release.json" ] && tr -d '[:space:]' <"$1/release.json" | grep -q '"layout":"prefix"'
}

# What lies in the home and no document or marker of this package names is somebody else's (Capistrano and Ansible make the
# same names): it stays, and must not be in the way. The tool judges alike (ForeignFiles.swift).
is_document() {
    [ -f "$1" ] && [ ! -L "$1" ] && tr -d '[:space:]' <"$1" | grep -q -F "\"name\":\"$name\",\"packages\":["
}

# What was being written when the tool was killed: nothing yet, or the beginning of a document.
is_begun_document() { [ -f "$1" ] && [ ! -L "$1" ] && { [ ! -s "$1" ] || [ "$(head -c 1 "$1")" = '{' ]; }; }

# A document that rpm has unpacked and a power loss has cut short, as rpm does not wait for the disk: empty, NULs, or a part.
is_cut_short() {
    [ -f "$1" ] && [ ! -L "$1" ] || return 1
    first=$(head -c 1 "$1" | tr -d '\0') last=$(tail -c 2 "$1" | tr -d '\0\n')
    [ -z "$first" ] || { [ "$first" = '{' ] && [ "${last%\}}" = "$last" ]; }
}

# A removal's note is the release's document or its marker, renamed.
is_removal_note() { is_document "$1" || { is_begun_document "$1" && ! grep -q '"packages"' "$1"; }; }

# A name that rpm gives to a file while it unpacks it; directories have none.
is_temporary() { case $1 in ?*\;[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]) ;; *) return 1 ;; esac }

# Whether a directory holds nothing but such files, as one does that a killed rpm has left.
holds_remains() {
    for entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
        if [ -d "$entry" ] && [ ! -L "$entry" ]; then
            holds_remains "$entry" || return 1
        elif [ -e "$entry" ] || [ -L "$entry" ]; then
            is_temporary "$entry" || return 1
        fi
    done
}

is_own_release() {
    # Another package's document speaks against whatever else there is.
    if [ -s "$root/releases/.$1.json" ] && ! is_document "$root/releases/.$1.json"; then return 1; fi
    is_document "$root/releases/.$1.json" || is_removal_note "$root/releases/.$1.removed" ||
        is_begun_document "$root/releases/.$1.incomplete" || is_document "$root/releases/$1/etc/conda-rpm/release.json" ||
        { is_document "$root/bundle/$1/release.json" && is_owned "$root/bundle/$1"; } ||
        { [ -f "$root/releases/$1/activate.env" ] &&
            grep '^CONDA_PREFIX=' "$root/releases/$1/activate.env" | grep -q -F "/releases/$1\""; } ||
        { [ -d "$root/releases/$1" ] && [ ! -L "$root/releases/$1" ] && [ -d "$root/bundle/$1" ] &&
            { holds_remains "$root/releases/$1" || is_cut_bundle "$root/bundle/$1"; }; }
}

is_known() { is_own_release "$1" || is_document "$root/bundle/${1%+*}/release.json"; }

is_own_entry() {
    entry=${1##*/}
    case $entry in
    lost+found | .nfs0* | .transaction) ;;
    .*.json.new | .*.incomplete.new | .*.incomplete) is_begun_document "$1" ;;
    .*.json) is_document "$1" ;;
    .*.removed) is_removal_note "$1" ;;
    .*.aside | .*.aside.new | .*.bootstrap)
        entry=${entry#.} entry=${entry%.new} entry=${entry%.aside}
        is_known "${entry%.bootstrap}"
        ;;
    .*) return 1 ;;
    *) is_own_release "$entry" ;;
    esac
}

is_own_bundle() {
    if [ "${1##*/}" = lost+found ]; then return 0; fi
    if is_document "$1/release.json"; then return 0; fi
    # One that rpm was unpacking when it was killed: the document comes late.
    if [ -e "$1/release.json" ]; then is_cut_bundle "$1"; else holds_members "$1"; fi
}

is_cut_bundle() { is_cut_short "$1/release.json" && holds_members "$1"; }

# Whether a directory holds nothing but what is in bundles.
holds_members() {
    [ -d "$1" ] && [ ! -L "$1" ] || return 1
    for entry in "$1"/* "$1"/.[!.]*; do
        [ -e "$entry" ] || [ -L "$entry" ] || continue
        entry=${entry##*/}
        if is_temporary "$entry"; then entry=${entry%;*}; fi
        case $entry in
        conda-rpm-host | explicit.txt | files | micromamba | miniconda.sh | pkgs | release.json | wheels) ;;
        *) return 1 ;;
        esac
    done
}

is_own_link() {
    entry=$(readlink "$1") || return 1
    entry=${entry#releases/}
    case $entry in '' | .* | */*) return 1 ;; esac
    { [ ! -e "$root/releases/$entry" ] && [ ! -L "$root/releases/$entry" ]; } || is_own_release "$entry"
}

foreign=
for path in "$root"/current "$root"/current.new "$root"/bundle/* "$root"/bundle/.[!.]* \
    "$root"/releases/* "$root"/releases/.[!.]*; do
    [ -e "$path" ] || [ -L "$path" ] || continue
    case $path in
    "$root"/current*) is_own_link "$path" && continue ;;
    "$root"/bundle/*) is_own_bundle "$path" && continue ;;
    *) is_own_entry "$path" && continue ;;
    esac
    foreign="$foreign
  $path"
done
[ -z "$foreign" ] || refuse "no document or marker of this package names what is in its home:$foreign
It is not removed, and must not stay there. Move it elsewhere, or choose another home with rpm.prefix, and install again"

# The tool of the package that is installed, and where that lives.
tool=$(readlink -f "/usr/bin/$name-release" || true)
bundle=${tool%/*}
installed=${bundle%/bundle/*}
judge_way "$tool" || exit 1

# Whether a release in a home was linked for a path, as its document says.
was_linked_for() {
    for document in "$1"/releases/.*.json; do
        if [ -f "$document" ] && tr -d '[:space:]' <"$document" | grep -q -F "\"prefix\":\"$2\""; then return 0; fi
    done
    return 1
}

# Relocated (rpm --prefix): commands and units name the usual place, which %post makes a link to the real one. A link that
# the installed package itself goes through is an administrator's: rpm could not find the files behind it any more.
if [ "$root" != "$prefix" ] && { [ -e "$prefix" ] || [ -L "$prefix" ]; } && ! are_same "$prefix" "$root"; then
    if [ ! -L "$prefix" ] || [ "$(readlink -f "$prefix")" != "$installed" ] || was_linked_for "$installed" "$prefix"; then
        refuse "$prefix is in the way: commands and units go through it to $root. Erase or move what is there, or\
 install without --prefix"
    fi
fi

# Installers refuse a path with a blank, a list of URLs cannot hold a number sign, and the programs that they bring look
# for themselves in /proc.
if [ "$bootstrap" != builtin ]; then
    case $root in
    *[[:space:]#]*) refuse "$bootstrap cannot install below '$root': choose a --prefix without blanks and number signs" ;;
    esac
    [ -r /proc/self/exe ] || refuse "$bootstrap needs /proc: mount it in this root, and install again"
fi

# Programs of the environment cannot run where the file system forbids it. Without /proc nothing tells, but a program.
forbids_programs() {
    if [ -r /proc/mounts ]; then
        awk -v path="$1/" '{
            gsub(/\\040/, " ", $2)
            point = $2 == "/" ? "/" : $2 "/"
            if (index(path, point) == 1 && length(point) >= longest) { longest = length(point); options = $4 }
        } END { exit "," options "," !~ /,noexec,/ }' /proc/mounts
    else
        probe=$(mktemp "$1/.$name.XXXXXX") || return 1
        printf '#!/bin/sh\n' >"$probe"
        chmod 0700 "$probe"
        if "$probe"; then forbidden=1; else forbidden=0; fi
        rm -f "$probe"
        return "$forbidden"
    fi
}

# df would look for the file system in /proc. Nothing is printed where the file system does not tell.
free_kib() {
    stat -f -c '%b %a %S' "$1" | {
        read -r all free size || exit 0
        if [ "$all" -gt 0 ]; then echo $((free * size / 1024)); fi
    }
}

if forbids_programs "$place"; then
    refuse "$place is on a file system mounted noexec: programs of the environment could not run there"
fi
# Layout `split`: files of packages are shared, unless they lie on another file system.
if [ "$copied_kib" -gt "$needed_kib" ]; then
    packages=/opt/conda-rpm
    while [ ! -d "$packages" ]; do packages=$(dirname "$packages"); done
    if [ "$(stat -L -c %d "$packages")" != "$(stat -L -c %d "$place")" ]; then needed_kib=$copied_kib; fi
fi
free_kib=$(free_kib "$place")
if [ -n "$free_kib" ] && [ "$free_kib" -lt "$needed_kib" ]; then
    shares=
    if [ "$bootstrap_kib" -gt 0 ]; then shares=" ($((bootstrap_kib / 1024)) MiB of them for $bootstrap until it is installed)"; fi
    refuse "$place has $((free_kib / 1024)) MiB free, $((needed_kib / 1024)) MiB are needed beside the running release$shares"
fi

# Layout `prefix`: rpm removes the files of an earlier package whether this one comes into service or not, so its tool
# sets them aside. A reinstallation puts its own files back, the tool's too, and needs none of this.
if [ "$bundle" != "$(readlink -f "$root")/bundle/$identifier" ] && is_owned "$bundle"; then
    manager=dnf
    if has_program yum && ! has_program dnf; then manager=yum; fi
    remedy="if its tool is damaged: $manager reinstall $name"
    [ -r /proc/self/exe ] || remedy="its tool needs /proc: mount it in this root, and install again"
    # An empty file would run as a script, and succeed.
    if [ ! -s "$tool" ] || ! "$tool" set-aside --but "$identifier"; then
        refuse "the release that serves could not be set aside; $remedy"
    fi
    # Tools of earlier versions did nothing without /proc, and said that all was well.
    serving=$(readlink "$installed/current" || true)
    serving=${serving#releases/}
    if [ -n "$serving" ] && [ "$serving" != "$identifier" ] && is_owned "$installed/bundle/$serving" &&
        [ ! -d "$installed/releases/.$serving.aside" ]; then
        refuse "the release that serves was not set aside; $remedy"
    fi
fi

# For %preun of the package before: which process brings what, and where to.
if [ -d "$installed/releases" ] &&
    { { is_document "$bundle/release.json" && is_owned "$bundle"; } || is_cut_bundle "$bundle"; }; then
    : "$( (echo "$PPID $identifier $root" >"$installed/releases/.transaction") 2>&1)"
fi

@USERS@
@SCRIPT@
