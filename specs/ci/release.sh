#!/bin/bash
# For the main branch: build what changed, verify it, sign it, publish it. Nothing changed, nothing is published.
#
#   release.sh REPOSITORY [FOLDER]
#
# SIGNING_KEY names a key of gpg; without it the RPMs stay unsigned. CONDA_RPM_CACHE should be kept between runs.
set -euo pipefail

readonly repository=${1:?usage: release.sh REPOSITORY [FOLDER]} folder=${2:-.}
mapfile -t built < <(
    conda-rpm build "$folder" --locked --repo "$repository" --output dist --json |
        python3 -c 'import json, sys
found = json.load(sys.stdin)
found = found if isinstance(found, list) else [found]
print(*(each["rpm"] for each in found if each.get("result", each.get("outcome")) == "built"), sep="\n", end="")'
)
((${#built[@]} > 0)) || { echo "nothing to publish" >&2 && exit 0; }
for rpm in "${built[@]}"; do
    [[ -z ${SIGNING_KEY:-} ]] || conda-rpm sign "$rpm" --key "$SIGNING_KEY"
    conda-rpm verify "$rpm"
done
conda-rpm publish "${built[@]}" --repo "$repository" ${SIGNING_KEY:+--sign-key "$SIGNING_KEY"}
