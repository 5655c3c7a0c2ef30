#!/bin/bash
# For a merge request: lock every service that the change touches, and print what that means for its packages, as a
# comment for the review. The locks are for the author to commit: a stale one ends with status 2, a failure with 1.
#
#   lock-and-comment.sh TARGET-BRANCH [FOLDER]
set -euo pipefail

readonly target=${1:?usage: lock-and-comment.sh TARGET-BRANCH [FOLDER]} folder=${2:-.}

# differs REVISION PATH: git says 0 for equal and 1 for different; anything else is a failure and no answer.
differs() {
    local answer=0
    git diff --quiet "$1" -- "$2" || answer=$?
    ((answer <= 1)) || exit 1
    ((answer == 1))
}

git rev-parse --verify --quiet "$target^{commit}" >/dev/null ||
    { echo "lock-and-comment.sh: expected a branch to compare with, found no $target" >&2 && exit 1; }
# Not in a process substitution: there the shell would lose the status.
files=$(git ls-files -- "$folder")
[[ $files ]] || { echo "lock-and-comment.sh: expected services, found no file below $folder" >&2 && exit 1; }
status=0
while IFS= read -r manifest; do
    place=$(dirname "$manifest")
    conda-rpm lock --quiet "$place" >&2 || exit 1
    if ! differs "$target" "$place"; then continue; fi
    if git cat-file -e "$target:$place/conda-lock.yml" 2>/dev/null; then
        conda-rpm diff --markdown "$target:$place/conda-lock.yml" "$place/conda-lock.yml" || exit 1
        echo
    fi
    if differs HEAD "$place/conda-lock.yml"; then status=2; fi
done < <(grep -E '(^|/)environment\.yml$' <<<"$files")
exit "$status"
