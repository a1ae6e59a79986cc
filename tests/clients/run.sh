#!/usr/bin/env bash
# Unchanged SDKs of third parties deliver into a running server: tests/clients/run.sh BINARY.
set -euo pipefail
binary="$(realpath "$1")"
cd "$(dirname "$0")"
[ -d node_modules ] || npm ci --silent --no-audit --no-fund --ignore-scripts
node run.mjs --binary "$binary"
