#!/bin/sh
# See that the programs which the tests call are there. As root on Debian what is missing is installed;
# elsewhere one sentence says what to install, and with PKILAB_REQUIRE_ALL set that is a failure.
set -eu
cd "$(dirname "$0")/.."

# program:debian-package
wanted="openssl:openssl curl:curl sed:sed grep:grep git:git postgres:postgresql chromium:chromium"
wanted="$wanted xmlsec1:xmlsec1 keytool:default-jre-headless pk12util:libnss3-tools certtool:gnutls-bin nginx:nginx"

there() {
    command -v "$1" >/dev/null && return
    if [ "$1" = chromium ]; then  # which has other names elsewhere
        command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
        return
    fi
    set -- /usr/lib/postgresql/*/bin/"$1"  # Debian keeps PostgreSQL's programs off the path
    [ -x "$1" ]
}
missing_programs() { for entry in $wanted; do there "${entry%%:*}" || printf '%s ' "${entry%%:*}"; done; }
missing_packages() { for entry in $wanted; do there "${entry%%:*}" || printf '%s ' "${entry##*:}"; done; }

programs=$(missing_programs)
[ -n "$programs" ] || exit 0
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    packages=$(missing_packages)
    echo "tools: installing ${packages% }"
    # Only the programs are wanted: while these lie there, Debian's packages make and start no server.
    no_cluster=/etc/postgresql-common/createcluster.d/pkilab-tests.conf
    no_start=/usr/sbin/policy-rc.d
    [ ! -e "$no_start" ] || no_start=
    trap 'rm -f "$no_cluster" ${no_start:+"$no_start"}' EXIT
    mkdir -p "${no_cluster%/*}" && echo "create_main_cluster = false" >"$no_cluster"
    [ -z "$no_start" ] || { printf '#!/bin/sh\nexit 101\n' >"$no_start" && chmod 755 "$no_start"; }
    # shellcheck disable=SC2086  # a list of words
    tools/apt.sh $packages || true
    programs=$(missing_programs)
    [ -n "$programs" ] || exit 0
fi
echo "tools: please install ${programs% }; until then the tests that need them are skipped." >&2
[ -z "${PKILAB_REQUIRE_ALL:-}" ]
