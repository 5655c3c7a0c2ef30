#!/bin/bash
# For the main branch: build what changed, verify it, sign it, publish it. Nothing changed, nothing is published. A service
# that fails keeps no other from being published; the script then ends with the status of the build.
#
#   release.sh REPOSITORY [FOLDER]
#
# SIGNING_KEY names a key of gpg; without it the RPMs stay unsigned. CONDA_RPM_CACHE should be kept between runs.
set -euo pipefail

readonly repository=${1:?usage: release.sh REPOSITORY [FOLDER]} folder=${2:-.}
status=0
# Not in a pipe or a process substitution: there the shell would lose the status.
outcomes=$(conda-rpm build "$folder" --locked --repo "$repository" --output dist --json) || status=$?
# A build that fails before it begins says nothing.
[[ $outcomes ]] || exit $((status ? status : 1))
names=$(python3 -c 'import json, sys
found = json.load(sys.stdin)
found = found if isinstance(found, list) else [found]
built = {}
for each in found:
    if each.get("result", each.get("outcome")) == "built":
        built.update(dict.fromkeys([*(each.get("package_files") or []), each["rpm"]]))
    elif each.get("result") == "failed":
        print(each["manifest"], each["error"], sep=": ", end="", file=sys.stderr)
print(*built, sep="\n")' <<<"$outcomes")
built=()
[[ -z $names ]] || mapfile -t built <<<"$names"
sign_and_verify() {
    { [[ -z ${SIGNING_KEY:-} ]] || conda-rpm sign "$1" --key "$SIGNING_KEY"; } && conda-rpm verify "$1"
}
# What does not reach the repository goes: an RPM in dist counts as built, and the next run would leave it at that.
good=()
for rpm in "${built[@]}"; do
    if sign_and_verify "$rpm"; then good+=("$rpm"); else status=1 && rm -f "$rpm"; fi
done
if ((${#good[@]} > 0)); then
    conda-rpm publish "${good[@]}" --repo "$repository" ${SIGNING_KEY:+--sign-key "$SIGNING_KEY"} ||
        { status=$? && rm -f "${good[@]}"; }
elif ((${#built[@]} == 0)); then
    echo "nothing to publish" >&2
fi
exit "$status"
