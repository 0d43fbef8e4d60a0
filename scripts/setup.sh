#!/usr/bin/env bash
# Makes .venv with the locked dependencies: `setup.sh run` for running, `setup.sh dev` for tests as well.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:?run or dev}

supported='import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'
python=
for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3; do
    if command -v "$candidate" >/dev/null && "$candidate" -c "$supported" 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "setup: needs Python 3.11, 3.12 or 3.13 and found none; install one (Debian: apt install python3 python3-venv) or name it: make PYTHON=/path/to/python" >&2
    exit 1
fi

if ! .venv/bin/python -c "$supported" 2>/dev/null; then
    echo "setup: making .venv with $($python --version)"
    "$python" -m venv --clear .venv || {
        rm -rf .venv
        echo "setup: $python cannot make an environment; install its venv module (Debian: apt install python3-venv)" >&2
        exit 1
    }
fi

# --no-build-isolation: an isolated build would fetch a setuptools that has no hash in the lock.
install() { env -u PIP_REQUIRE_HASHES .venv/bin/python -m pip --disable-pip-version-check --quiet install "$@"; }
locked() { install --no-deps --no-build-isolation --require-hashes -r "requirements/$1.txt"; }

echo "setup: installing the locked dependencies ($kind); this takes a minute or two the first time"
locked build
locked run
locked camel
[ "$kind" = run ] || locked dev
PYTHONWARNINGS=ignore install --no-deps --no-build-isolation --editable . 2>&1 | { grep -iE "error" >&2 || true; }
touch .venv/.run
[ "$kind" = run ] || touch .venv/.dev
