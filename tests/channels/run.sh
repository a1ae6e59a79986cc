#!/bin/sh
# usage: run.sh [BINARY [WORD]]   campaigns and test messages through every kind of channel to peers that speak the protocols
exec python3 "$(dirname "$0")/run.py" "${1:-$(dirname "$0")/../../build/dev/qiao}" ${2:+"$2"}
