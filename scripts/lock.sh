#!/usr/bin/env bash
# Renews the locked requirements from the *.in files, for every Python and platform that is supported.
# Needs `uv` on the PATH; the result holds versions and hashes, and no addresses.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
    local name=$1
    shift
    uv pip compile --quiet "$@" --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
        --output-file "requirements/$name.txt" "requirements/$name.in"
}
for name in build run dev; do compile "$name" "$@"; done
for name in camel morphology; do compile "$name" --no-deps "$@"; done
