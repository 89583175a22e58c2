#!/bin/sh
# Install Debian packages without a question asked and without a page of output; as root only.
set -eu
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install --yes --no-install-recommends "$@" >"$log" 2>&1 </dev/null; }
install "$@" || { apt-get update >"$log" 2>&1 </dev/null && install "$@"; } || { tail -n 5 "$log" >&2; exit 1; }
