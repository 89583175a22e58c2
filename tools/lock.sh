#!/bin/sh
# Resolve the ranges of pyproject.toml into requirements.lock: for every platform, with hashes,
# and with no word about where the packages came from. Versions already locked stay unless --upgrade is given.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "lock: resolving pyproject.toml with uv"
"${PYTHON:-python3}" -m venv "$work/uv"
"$work/uv/bin/python" -m pip --disable-pip-version-check install -qq --root-user-action=ignore uv
"$work/uv/bin/uv" pip compile pyproject.toml --quiet "$@" --group dev --extra postgres \
    --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
    --output-file requirements.lock >/dev/null
"${PYTHON:-python3}" tools/environment.py
