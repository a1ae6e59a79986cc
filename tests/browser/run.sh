#!/usr/bin/env bash
# Runs the browser tests on the mock, and then on a real server: tests/browser/run.sh BINARY.
set -euo pipefail
binary="$(realpath "$1")"
cd "$(dirname "$0")"
[ -d node_modules ] || npm ci --silent --no-audit --no-fund --ignore-scripts
npm test --silent
python3 run.py "$binary"
