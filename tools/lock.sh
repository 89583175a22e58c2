#!/bin/sh
# Resolve the ranges of pyproject.toml into requirements.lock: for every platform, with hashes,
# and with no word about where the packages came from.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "lock: resolving pyproject.toml with uv"
"${PYTHON:-python3}" -m venv "$work/uv"
"$work/uv/bin/python" -m pip install --quiet uv
UV_FIND_LINKS='' "$work/uv/bin/uv" pip compile pyproject.toml --quiet "$@" \
    --group dev --extra postgres --universal --python-version 3.11 --generate-hashes \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links --output-file requirements.lock >/dev/null
"${PYTHON:-python3}" tools/environment.py
