#!/usr/bin/env bash
# Does by hand what Dockerfile and docker-compose.yml would do in containers, on a machine without a container engine:
# builds the image as a layer over this system, then runs both databases, the pages and the collector with the
# composition's own settings, commands, users, limits of rights and health checks. Linux, as root; the image is built
# with the packages' index at hand, all else without any network. `--keep FOLDER` keeps the image for another run.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "$(id -u)" != 0 ] || ! unshare --mount --net true 2>/dev/null; then
    echo "compose_by_hand: needs root, and the right to make namespaces" >&2
    exit 1
fi
if [ "${1:-}" = --keep ]; then
    image=${2:?--keep FOLDER}
    mkdir -p "$image"
else
    image=$(mktemp -d /var/tmp/warraq-image-XXXXXX)
    trap 'rm -rf "$image"' EXIT
fi
python=$PWD/.venv/bin/python
[ -e "$image/built" ] || unshare --mount "$python" -m tests.deploy.by_hand build "$image"
unshare --mount --net bash -c 'ip link set lo up && exec "$0" -m tests.deploy.by_hand run "$1"' "$python" "$image"
