#!/bin/bash
# For a merge request: lock every service that the change touches, and print what that means for its packages, as a
# comment for the review. The locks are for the author to commit: a stale one ends with status 2.
#
#   lock-and-comment.sh TARGET-BRANCH [FOLDER]
set -euo pipefail

readonly target=${1:?usage: lock-and-comment.sh TARGET-BRANCH [FOLDER]} folder=${2:-.}
status=0
while IFS= read -r manifest; do
    place=$(dirname "$manifest")
    conda-rpm lock --quiet "$place" >&2 || exit 1
    if git diff --quiet "$target" -- "$place"; then continue; fi
    if git cat-file -e "$target:$place/conda-lock.yml" 2>/dev/null; then
        conda-rpm diff --markdown "$target:$place/conda-lock.yml" "$place/conda-lock.yml"
        echo
    fi
    git diff --quiet HEAD -- "$place/conda-lock.yml" || status=2
done < <(git ls-files -- "$folder" | grep -E '(^|/)environment\.yml$')
exit "$status"
