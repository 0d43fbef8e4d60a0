#!/usr/bin/env bash
# Sees to it that Chromium, wget and fonts for both scripts are there; installs Debian's packages where they are missing.
set -euo pipefail
missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v wget >/dev/null || missing+=(wget)
fc-list 2>/dev/null | grep -qi 'noto.*arabic' || missing+=(fontconfig fonts-noto-core)
[ ${#missing[@]} -gt 0 ] || exit 0
if ! command -v apt-get >/dev/null; then
    echo "chromium: ${missing[*]} missing, and this is no Debian: install them by hand, or run \`make test\` without STRICT=1" >&2
    exit 1
fi
as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo)
echo "chromium: installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
