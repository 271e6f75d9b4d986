#!/usr/bin/env bash
# Makes the virtual environment $1 with this project and what its development needs, using the first Python that is
# new enough. PYTHON=… names another one.
set -euo pipefail

venv=$1

say() { printf 'communique: %s\n' "$1" >&2; }

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local name
    for name in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14 python}; do
        if command -v "$name" >/dev/null && fits "$name"; then
            command -v "$name"
            return
        fi
    done
    return 1
}

if ! python=$(find_python); then
    say "Python 3.11 or newer is needed and was not found${PYTHON:+ as $PYTHON}; install it, or name it: make PYTHON=/path/to/python"
    exit 6
fi

# A virtual environment of an older attempt may be broken, or made by a Python that is gone.
if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$venv"
    if ! "$python" -m venv "$venv" >/dev/null 2>&1; then
        rm -rf "$venv"
        # Debian and its kin ship Python without what a virtual environment needs.
        if "$python" -m virtualenv --version >/dev/null 2>&1; then
            "$python" -m virtualenv -q "$venv"
        else
            version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
            say "$python cannot make virtual environments; install its venv module (on Debian and Ubuntu: apt install python$version-venv)"
            exit 6
        fi
    fi
fi

say "installing into $venv (with $("$venv/bin/python" --version)); this takes a minute or two the first time"
if ! "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --editable '.[dev]'; then
    say "the packages could not be installed, for the reason above; is the package index within reach?"
    exit 6
fi
