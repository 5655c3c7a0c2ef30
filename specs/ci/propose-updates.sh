#!/bin/bash
# For cron, once a night: move every lock as far as its requirements allow, each on a branch of its own, with the
# difference as the commit's message. Pushing the branch and opening the merge request is left to the last line.
#
#   propose-updates.sh [FOLDER]
set -euo pipefail

readonly folder=${1:-.}
start=$(git rev-parse --abbrev-ref HEAD)
while IFS= read -r manifest; do
    place=$(dirname "$manifest")
    conda-rpm lock "$place" --quiet --update >/dev/null
    if git diff --quiet -- "$place"; then continue; fi
    git switch --quiet --force-create "updates/$(basename "$(realpath "$place")")"
    git commit --quiet --message "Update $place" \
        --message "$(conda-rpm diff "HEAD:$place/conda-lock.yml" "$place/conda-lock.yml")" -- "$place/conda-lock.yml"
    ${PUSH:-git push --quiet --force origin} HEAD
    git switch --quiet "$start"
done < <(git ls-files -- "$folder" | grep -E '(^|/)environment\.yml$')
