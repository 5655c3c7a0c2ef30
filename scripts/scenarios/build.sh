# shellcheck shell=bash
# Sourced by scenarios on the build machine. scripts/acceptance sets ROOT (the clone), CHANNEL (a folder) and WORK (an
# empty folder for this scenario).
# shellcheck source=scripts/scenarios/tap.sh
source "$(dirname "${BASH_SOURCE[0]}")/tap.sh"

: "${ROOT:?}" "${CHANNEL:?}" "${WORK:?}"
export CONDA_RPM_CACHE=$WORK/cache
glibc=$(getconf GNU_LIBC_VERSION)
glibc=${glibc#* }

# file_url PATH: its URL, whatever letters the path has.
file_url() { "$ROOT/.build/venv/bin/python" -c 'import pathlib, sys; print(pathlib.Path(sys.argv[1]).as_uri())' "$1"; }
CHANNEL_URL=$(file_url "$CHANNEL")
readonly CHANNEL_URL

conda_rpm() { "$ROOT/.build/bin/conda-rpm" "$@"; }
test_python() { "$ROOT/.build/venv/bin/python" "$@"; }

# rpm takes a quote in the name of a file for one of the shell's, so it gets a link whose name has none.
rpm() {
    local links argument arguments=() status=0
    links=$(mktemp -d)
    for argument; do
        if [[ $argument == *.rpm && -e $argument ]]; then
            ln -sf "$(realpath "$argument")" "$links/"
            argument=$links/${argument##*/}
        fi
        arguments+=("$argument")
    done
    command rpm "${arguments[@]}" || status=$?
    rm -rf "$links"
    return "$status"
}

as_root() {
    if [[ $EUID == 0 ]]; then "$@"; else sudo "$@"; fi
}

# on_host SCRIPT RPM...: runs scenarios/on-host/SCRIPT in a scratch host that offers the RPMs.
on_host() {
    local script=$1
    shift
    as_root "$ROOT/scripts/scratch-host" --share "$ROOT/scripts/scenarios" "$@" -- bash "/srv/share/on-host/$script"
}

# example FOLDER [SED-ARGUMENTS]: the example service with native-tool, for this machine's glibc, and with changes.
example() {
    local folder=$1
    shift
    mkdir -p "$(dirname "$folder")"
    cp -r "$ROOT/specs/orders" "$folder"
    sed -i -e "s/^  target: el9$/  target: {base: el9, glibc: \"$glibc\"}/" \
        -e 's/^dependencies:$/&\n  - native-tool/' "$folder/environment.yml"
    (($# == 0)) || sed -i "$@" "$folder/environment.yml"
}

# build_example FOLDER [ARGUMENTS]: builds it from the sample channel, into FOLDER/dist unless they say otherwise.
build_example() {
    local folder=$1
    shift
    (cd "$folder" && conda_rpm build --quiet --channel "$CHANNEL_URL" "$@")
}

servers=()
end_servers() {
    for server in "${servers[@]}"; do kill "$server" 2>/dev/null || true; done
}
trap end_servers EXIT

# served ARGUMENTS...: starts a server in Python that prints its port first, and leaves that in $port, and in $log the
# file in which it logs requests.
served() {
    local output
    output=$(mktemp -p "$WORK")
    # Not through a function: then this shell would not know the process.
    "$ROOT/.build/venv/bin/python" "$@" >"$output" 2>"$output.log" &
    servers+=($!)
    until [[ -s $output ]]; do sleep 0.1; done
    port=$(<"$output")
    # shellcheck disable=SC2034  # for the scenario
    log=$output.log
}

# serve FOLDER: over HTTP.
serve() {
    served -c '
import functools, http.server, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
print(server.server_port, flush=True)
server.serve_forever()' "$1"
}

# The channel by a URL, in $channel_url: that of a folder would leave the path of this checkout in the RPM.
serve_channel() {
    serve "$CHANNEL"
    # shellcheck disable=SC2034  # for the scenario
    channel_url=http://127.0.0.1:$port
}
