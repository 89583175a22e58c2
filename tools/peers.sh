#!/bin/sh
# See that what `make bench` compares with is there: cfssl and wrk as programs, django-ca in an environment of its own
# (.peers/django-ca), so that its dependencies never meet ours. As root on Debian missing programs are installed;
# elsewhere one sentence says what to install. A row whose peer is missing is not measured, and says so.
set -eu
cd "$(dirname "$0")/.."
python=${1:-python3}
django_ca=3.2.0  # with Django 5.2: newer ones need a look at benchmarks/peers
django=5.2.19

# program:debian-package
wanted="cfssl:golang-cfssl wrk:wrk"
missing() { for entry in $wanted; do command -v "${entry%%:*}" >/dev/null || printf '%s ' "${entry##*:}"; done; }

packages=$(missing)
if [ -n "$packages" ] && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "peers: installing ${packages% }"
    # shellcheck disable=SC2086  # a list of words
    tools/apt.sh $packages || true
    packages=$(missing)
fi
[ -z "$packages" ] || echo "peers: please install ${packages% } (Debian's names); until then rows that need them are not measured." >&2

place=.peers/django-ca
if [ "$(cat "$place/.version" 2>/dev/null)" != "$django_ca" ]; then
    echo "peers: installing django-ca $django_ca into $place"
    rm -rf "$place"
    if "$python" -m venv "$place" && "$place/bin/python" -m pip --disable-pip-version-check install -qq \
        --root-user-action=ignore "django-ca==$django_ca" "django==$django"; then
        echo "$django_ca" >"$place/.version"
    else
        rm -rf "$place"
        echo "peers: django-ca could not be installed; the row that needs it is not measured." >&2
    fi
fi
