#!/usr/bin/env bash
# Deletes what `make` made, after saying what that is. The archive in ./var goes only when it is named: CLEAN_VAR=1.
set -euo pipefail
cd "$(dirname "$0")/.."
found=()
for path in .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis shots warraq.egg-info; do
    [ ! -e "$path" ] || found+=("$path")
done
if [ -e var ] && [ "${CLEAN_VAR:-}" = 1 ]; then
    found+=(var)
elif [ -e var ]; then
    echo "clean: ./var (the archive: $(du -sh var | cut -f1)) stays; \`make clean CLEAN_VAR=1\` deletes it too"
fi
if [ ${#found[@]} -eq 0 ]; then
    echo "clean: nothing to delete"
    exit 0
fi
du -sh "${found[@]}" | sed 's/^/clean: deleting /'
rm -rf "${found[@]}"
