#!/bin/bash
# For cron, once a night: move every lock as far as its requirements allow, each on a branch of its own, with the
# difference as the commit's message. Pushing the branch and opening the merge request is left to one line. A service that
# fails keeps no other from its update; the script then ends with 1, on the branch on which it began.
#
#   propose-updates.sh [FOLDER]
set -euo pipefail

readonly folder=${1:-.}

# The update of one service, in a shell of its own: it ends at the first failure.
propose() (
    set -e
    place=$1
    conda-rpm lock "$place" --quiet --update >/dev/null
    answer=0
    git diff --quiet -- "$place/conda-lock.yml" || answer=$?
    # git says 0 for equal and 1 for different.
    ((answer != 0)) || exit 0
    ((answer == 1))
    difference=$(conda-rpm diff "HEAD:$place/conda-lock.yml" "$place/conda-lock.yml")
    git switch --quiet --force-create "updates/$(basename "$(realpath "$place")")"
    git commit --quiet --message "Update $place" --message "$difference" -- "$place/conda-lock.yml"
    ${PUSH:-git push --quiet --force origin} HEAD
)

# Not in a process substitution: there the shell would lose the status.
files=$(git ls-files -- "$folder")
# A pipeline checks out a commit and no branch.
start=$(git symbolic-ref --short --quiet HEAD || git rev-parse HEAD)
failed=0
while IFS= read -r manifest; do
    place=$(dirname "$manifest")
    # Not in a condition: there the shell would let it go on after a failing command.
    set +e
    propose "$place"
    status=$?
    set -e
    if ((status != 0)); then
        echo "propose-updates.sh: no update of $place (status $status)" >&2
        failed=1
    fi
    # Whatever became of it, the next one begins where this one did.
    git checkout --quiet HEAD -- "$place/conda-lock.yml" 2>/dev/null || true
    git checkout --quiet "$start"
done < <(grep -E '(^|/)environment\.yml$' <<<"$files")
exit "$failed"
