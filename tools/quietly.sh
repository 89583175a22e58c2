#!/bin/sh
# Run a command; show what it said only when it failed.
set -u
log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$@" >"$log" 2>&1 && exit 0
code=$?
cat "$log" >&2
exit "$code"
