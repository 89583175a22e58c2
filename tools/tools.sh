#!/bin/sh
# See that the programs which the tests call are there. As root on Debian what is missing is installed;
# elsewhere one sentence says what to install, and with PKILAB_REQUIRE_ALL set that is a failure.
set -eu
cd "$(dirname "$0")/.."

# program:debian-package
wanted="openssl:openssl curl:curl sed:sed grep:grep git:git"

missing_programs() { for entry in $wanted; do command -v "${entry%%:*}" >/dev/null || printf '%s ' "${entry%%:*}"; done; }
missing_packages() { for entry in $wanted; do command -v "${entry%%:*}" >/dev/null || printf '%s ' "${entry##*:}"; done; }

programs=$(missing_programs)
[ -n "$programs" ] || exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    packages=$(missing_packages)
    echo "tools: installing ${packages% }"
    # shellcheck disable=SC2086  # a list of words
    tools/apt.sh $packages || true
    programs=$(missing_programs)
    [ -n "$programs" ] || exit 0
fi
echo "tools: please install ${programs% }; until then the tests that need them are skipped." >&2
[ -z "${PKILAB_REQUIRE_ALL:-}" ]
