#!/usr/bin/env bash
# Sees to it that everything the strict tests use is on this machine: Debian's packages where a program is missing, and
# an Elasticsearch (downloaded once, kept in /var/tmp/warraq-servers).
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v wget >/dev/null || missing+=(wget)
command -v docker-compose >/dev/null || missing+=(docker-compose)
command -v openssl >/dev/null || missing+=(openssl)
fc-list 2>/dev/null | grep -qi 'noto.*arabic' || missing+=(fontconfig fonts-noto-core)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
[ -n "${ES_HOME:-}" ] || [ -d /usr/share/elasticsearch ] || command -v mvn >/dev/null || missing+=(maven)

if [ ${#missing[@]} -gt 0 ]; then
    if ! command -v apt-get >/dev/null; then
        echo "servers: ${missing[*]} missing, and this is no Debian: install them, or run \`make test\` without STRICT=1" >&2
        exit 1
    fi
    as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    echo "servers: installing ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
.venv/bin/python -m tests.servers install
