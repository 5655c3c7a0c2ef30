# shellcheck shell=bash
# Part of scenario `hardships` on the host: a user of the host, eve, who would like root to run her program.

: "${root:?}"

as_eve() { setpriv --reuid=eve --regid=eve --clear-groups --no-new-privs "$@"; }

make_eve() {
    getent passwd eve >/dev/null || useradd --create-home eve
    rm -rf /home/eve/* /run/stolen
    # shellcheck disable=SC2016 # expanded when it runs
    printf '#!/bin/sh\n[ "$(id -u)" != 0 ] || id >/run/stolen\nexit 0\n' >/home/eve/program
    chmod 0755 /home/eve /home/eve/program
}

# Root has not run her program.
nothing_stolen() { [[ ! -e /run/stolen ]] || { cat /run/stolen && return 1; }; }

places() { { find /opt /srv/open /home/eve -printf '%p %u %m %T@\n' 2>/dev/null || true; } | sort; }

# refused PATH ARGUMENTS...: rpm refuses the package because of a path, with the remedy, and nothing has changed.
refused() {
    local path=$1 before
    shift
    before=$(places)
    expect_text "chown root:root '$path'" expect_failure rpm --install --nodeps "$@" "$(rpm_of hard-1.0)"
    expect_failure rpm --query hard
    [[ $(places) == "$before" ]] || { places | diff <(echo "$before") - && return 1; }
}

homes_of_others_are_refused() {
    reset
    make_eve
    mkdir "$root" && chown eve "$root" && refused "$root"
    chown root "$root" && mkdir "$root/releases" && chown eve "$root/releases" && refused "$root/releases"
    rmdir "$root/releases" && mkdir "$root/bundle" && chmod 0775 "$root/bundle" && refused "$root/bundle"
    chmod 0755 "$root/bundle" && chmod 1777 "$root" && refused "$root"
    chmod 0755 "$root" && chgrp eve "$root" && chmod g+w "$root" && refused "$root"
    chmod g-w "$root" && mkdir "$root/releases" && touch "$root/releases/.1.0-1.json" &&
        chown eve "$root/releases/.1.0-1.json" && refused "$root/releases/.1.0-1.json"
    rm -rf "$root" && as_eve mkdir /home/eve/home && ln -s /home/eve/home "$root" && refused /home/eve
    rm "$root" && mkdir -p /srv/open && chmod 1777 /srv/open && refused /srv/open --prefix /srv/open/hard
    mkdir /srv/open/mine && ln -s ../../srv/open/mine "$root" && refused /srv/open
    rm -rf "$root" /srv/open
    # Her own group may read, and a link of hers that root has put there tells nothing.
    mkdir -p /srv/disk "$root" && chgrp eve "$root" && rmdir "$root" && ln -s /srv/disk "$root" && chown -h eve "$root"
    rpm --install --nodeps "$(rpm_of hard-1.0)"
    expect_whole 1.0
    rpm --erase hard
    rm -rf /srv/disk "$root"
}

# refuses PATH: every command that reads or runs what is there as root.
refuses() {
    local command
    for command in repair verify "run native-tool" rollback "rollback --force" remove "install"; do
        # shellcheck disable=SC2086 # two words
        expect_text "chown -h root:root '$1'" expect_failure host_tool 1.0 $command
    done
    expect_text "belongs to eve" expect_failure host_tool 1.0 status
    expect_text "belongs to eve" expect_failure rpm --verify hard
    nothing_stolen
}

# What the review did: a folder that she had before the installation, programs exchanged, records edited.
folders_of_others_are_refused_later() {
    reset
    make_eve
    rpm --install --nodeps "$(rpm_of hard-1.0)"
    local release place
    release=$(release_of 1.0)
    for place in "$root" "$root/releases" "$root/bundle" "$(bundle_of 1.0)"; do
        chown eve "$place"
        refuses "$place"
        chown root "$place"
    done
    chown -R eve "$release"
    as_eve cp /home/eve/program "$release/bin/native-tool"
    as_eve cp /home/eve/program "$release/bin/python"
    expect_text "exposed bin/native-tool: it belongs to eve" expect_failure host_tool 1.0 verify
    expect_text "belongs to eve" expect_failure host_tool 1.0 run native-tool
    nothing_stolen
    # She keeps what she has opened.
    (exec 9>>"$release/share/native-tool/where.txt" && exec setpriv --reuid=eve --regid=eve --clear-groups \
        sh -c 'sleep 3; echo stolen >&9') & local writer=$!
    expect_text "$release/bin/python" expect_failure host_tool 1.0 repair
    rm "$release/bin/python"
    # No package has what a link script wrote.
    expect_text "$release/share/native-tool/post-link.txt" expect_failure host_tool 1.0 repair
    chown root "$release/share/native-tool/post-link.txt"
    host_tool 1.0 repair
    wait "$writer"
    host_tool 1.0 verify
    expect_whole 1.0
    [[ -z $(find "$release" ! -user root -o ! -type l -perm /6022) ]]
    nothing_stolen
}

# A folder of hers in which names come and go while root looks and mends.
exchanges_while_root_works() {
    local release folder digest
    release=$(release_of 1.0)
    folder=$release/share/native-tool
    digest=$(sha256sum /etc/passwd /etc/shadow)
    for _ in 1 2 3 4 5; do
        chown -R eve "$folder"
        # shellcheck disable=SC2016 # expanded by the shell inside
        as_eve bash -c 'end=$((SECONDS + 2))
            while ((SECONDS < end)); do
                mv "$1/where.txt" "$1/was" 2>/dev/null && ln -s /etc/passwd "$1/where.txt" 2>/dev/null
                mkdir "$1/deep" 2>/dev/null && rmdir "$1/deep" 2>/dev/null && ln -s /etc "$1/deep" 2>/dev/null
                rm -f "$1/where.txt" "$1/deep" 2>/dev/null; mv "$1/was" "$1/where.txt" 2>/dev/null
            done' - "$folder" & local changer=$!
        for _ in 1 2 3 4 5 6; do host_tool 1.0 verify || host_tool 1.0 repair || true; done >/dev/null 2>&1
        wait "$changer" || true
        find "$folder" ! -user root -name post-link.txt -exec chown root {} +
        find "$folder" ! -user root ! -name where.txt -delete
        host_tool 1.0 repair || { find "$release" ! -user root -ls && return 1; }
        host_tool 1.0 verify
    done
    [[ $(sha256sum /etc/passwd /etc/shadow) == "$digest" && $(stat -c %U /etc/passwd) == root ]]
    nothing_stolen
}

forged_records_hide_nothing() {
    local release record
    release=$(release_of 1.0)
    record=$(echo "$release"/conda-meta/native-tool-*.json)
    local before after
    before=$(sha256sum "$release/share/native-tool/where.txt" | cut -d ' ' -f 1)
    echo forged >"$release/share/native-tool/where.txt"
    after=$(sha256sum "$release/share/native-tool/where.txt" | cut -d ' ' -f 1)
    sed -i "s/$before/$after/" "$record"
    grep -q "$after" "$record"
    local output
    output=$(host_tool 1.0 verify 2>&1) && return 1
    [[ $output == *"changed share/native-tool/where.txt"* && $output == *"changed conda-meta/native-tool-"* ]] ||
        { echo "$output" && return 1; }
    host_tool 1.0 repair
    expect_text "compared with the archives of $(bundle_of 1.0)" host_tool 1.0 verify
    # Without the archives what the installation has noted tells.
    mv "$(bundle_of 1.0)/pkgs" /srv/pkgs
    sed -i "s/$before/$after/" "$record"
    expect_text "changed conda-meta/native-tool-" expect_failure host_tool 1.0 verify
    mv /srv/pkgs "$(bundle_of 1.0)/pkgs"
    host_tool 1.0 repair
    mv "$(bundle_of 1.0)/pkgs" /srv/pkgs
    expect_text "its archives were dropped" host_tool 1.0 verify
    mv /srv/pkgs "$(bundle_of 1.0)/pkgs"
}

set_id_bits_are_found() {
    local tool
    tool=$(release_of 1.0)/bin/native-tool
    chmod u+s "$tool"
    expect_text "exposed bin/native-tool: it belongs to root, mode 4755" expect_failure host_tool 1.0 verify
    host_tool 1.0 repair
    [[ ! -u $tool ]]
    host_tool 1.0 verify
}

# Whose bundle it is can put another program in the tool's place: no scriptlet runs it.
scriptlets_run_nothing_of_hers() {
    local bundle
    bundle=$(bundle_of 1.0)
    chown eve "$bundle"
    as_eve mv "$bundle/conda-rpm-host" "$bundle/was"
    as_eve cp /home/eve/program "$bundle/conda-rpm-host"
    expect_text "chown root:root '$bundle'" expect_failure rpm --verify hard
    expect_text "chown root:root '$bundle'" expect_failure rpm --upgrade --nodeps "$(rpm_of hard-2.0)"
    expect_text "its tool was not run" rpm --erase hard
    nothing_stolen
    [[ ! -e $root/releases ]]
}

checks_have_no_powers() {
    reset
    expect_text "running 1 check as hard" rpm --upgrade --nodeps "$(rpm_of hard-1.0)"
    rpm --erase hard
    echo secret >/srv/only-root && chmod 0600 /srv/only-root
    local output
    output=$(rpm --install --nodeps "$(rpm_of guarded-1.0)" 2>&1) || true
    [[ $output == *"running 2 checks as nobody"*"failed as nobody with"*"check_user: root"* && ! -e /opt/guarded/current ]] ||
        { echo "$output" && return 1; }
    rpm --erase guarded
    rpm --install --nodeps "$(rpm_of guarded-2.0)"
    [[ -e /opt/guarded/current ]]
    rpm --erase guarded && rm /srv/only-root
}

tested "a home that others could change is refused before anything changes" homes_of_others_are_refused
tested "folders that belong to others later are refused, and repair runs nothing of theirs" folders_of_others_are_refused_later
tested "who exchanges files while root works gains nothing" exchanges_while_root_works
tested "edited records hide nothing" forged_records_hide_nothing
tested "set-ID bits are found and go" set_id_bits_are_found
tested "scriptlets run no program that others could have changed" scriptlets_run_nothing_of_hers
tested "checks run as the service's user, as nobody, and as root only when the manifest says so" checks_have_no_powers
