#!/bin/sh
# Make the virtual environment given as $1 from requirements.lock, and install this checkout into it.
# Speaks one line for each step that takes more than a moment; running it again is cheap.
set -eu
cd "$(dirname "$0")/.."
venv=$1
python=${PYTHON:-python3}

say() { echo "setup: $*"; }
fail() { echo "setup: $*" >&2; exit 1; }

command -v "$python" >/dev/null || fail "no '$python' found; install Python 3.11 or later, or run 'make PYTHON=/path/to/python'."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
    || fail "'$python' is older than Python 3.11; run 'make PYTHON=/path/to/python' with a newer one."

# Two sessions in one checkout must not install into one environment at the same time.
if [ -z "${PKILAB_SETUP_LOCKED:-}" ] && command -v flock >/dev/null; then
    PKILAB_SETUP_LOCKED=1 exec flock . "$0" "$@"
fi

pip_in_venv() { "$venv/bin/python" -m pip --disable-pip-version-check --version >/dev/null 2>&1; }

if ! pip_in_venv; then
    say "creating $venv with $("$python" --version)"
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "this Python lacks ensurepip; installing Debian's python3-venv"
        tools/apt.sh python3-venv || true
    fi
    if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        "$python" -m venv --clear "$venv"
    elif "$python" -m virtualenv --version >/dev/null 2>&1; then
        "$python" -m virtualenv --quiet --clear "$venv"
    elif "$python" -m pip --version >/dev/null 2>&1 && "$python" -c 'import venv' 2>/dev/null; then
        "$python" -m venv --clear --without-pip "$venv"
        site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
        "$python" -m pip --disable-pip-version-check install -qq --root-user-action=ignore --target "$site" pip
    else
        fail "'$python' has neither ensurepip, pip nor virtualenv; install python3-venv (Debian, Ubuntu) or a Python from python.org."
    fi
fi

say "installing requirements.lock into $venv (a minute or two the first time)"
# --no-deps: the lock is complete, and nothing that is not in it may come in.
"$venv/bin/python" -m pip --disable-pip-version-check install -qq --root-user-action=ignore \
    --require-hashes --no-deps -r requirements.lock
say "installing this checkout"
"$venv/bin/python" -m pip --disable-pip-version-check install -qq --root-user-action=ignore \
    --no-build-isolation --no-deps -e .
"$venv/bin/python" -m pip --disable-pip-version-check check >/dev/null \
    || fail "the environment is inconsistent; '$venv/bin/python -m pip check' says where."
