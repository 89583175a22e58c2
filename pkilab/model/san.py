"""Subject alternative names (RFC 5280 §4.2.1.6)."""

from __future__ import annotations

import ipaddress
import re
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import idna

from pkilab.errors import InvalidField
from pkilab.model.contact import check_address
from pkilab.model.dn import Name
from pkilab.model.text import check_line

FIELD = "Subject alternative name"


class NameKind(StrEnum):
    """The kinds of alternative names that can be asked for; the value is the prefix that people write."""

    DNS = "DNS"
    IP = "IP"
    EMAIL = "email"
    URI = "URI"


_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)", re.ASCII)
# Scheme, colon, and nothing but the characters of RFC 3986 §2.
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+", re.ASCII)
_PREFIXES = {kind.value.lower(): kind for kind in NameKind} | {
    "rfc822": NameKind.EMAIL,
    "mail": NameKind.EMAIL,
}


@dataclass(frozen=True, slots=True)
class AlternativeName:
    """One alternative name, in the form in which a certificate holds it (A-labels, canonical addresses)."""

    kind: NameKind
    value: str

    def __str__(self) -> str:
        """Return it as people write it, such as `DNS:santiago.lab.test`."""
        return f"{self.kind}:{self.value}"

    @classmethod
    def parse(cls, text: str) -> AlternativeName:
        """Return the name that `DNS:…`, `IP:…`, `email:…` or `URI:…` says; a DNS name may hold any script.

        Raises:
            InvalidField: no known prefix, or no valid name of that kind.
        """
        line = check_line(FIELD, text, upper_bound=2000, required=True)
        prefix, colon, value = line.partition(":")
        kind = _PREFIXES.get(prefix.strip().lower())
        if not colon or kind is None:
            raise InvalidField(FIELD, "write the kind first: DNS:name, IP:address, email:address or URI:address.")
        return cls(kind, _CHECKS[kind](value.strip()))


def dns_name(value: str) -> str:
    """Return a DNS name in A-labels and lower case; a wildcard may stand as the whole first label.

    Raises:
        InvalidField: it is no host name (RFC 1034, RFC 5890).
    """
    wildcard, name = (value[:2], value[2:]) if value.startswith("*.") else ("", value)
    try:
        encoded = name if name.isascii() else idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise InvalidField(FIELD, f"this is no DNS name ({error}).") from None
    encoded = encoded.removesuffix(".")  # a certificate holds no trailing dot (RFC 5280 §4.2.1.6)
    labels = encoded.split(".")
    if len(wildcard + encoded) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise InvalidField(FIELD, "this is no DNS name; give a name such as santiago.lab.test.")
    if labels[-1].isdigit():
        raise InvalidField(FIELD, "this ends like an IP address; for an address write IP: before it.")
    return wildcard + encoded.lower()


def is_dns_name(value: str) -> bool:
    """Tell whether a common name could be meant as a DNS name: labels with at least one dot, not all digits."""
    try:
        name = dns_name(value)
    except InvalidField:
        return False
    return "." in name


def is_ip_address(value: str) -> bool:
    """Tell whether a common name is an IP address."""
    try:
        _ip_address(value)
    except InvalidField:
        return False
    return True


def from_common_names(subject: Name) -> tuple[AlternativeName, ...]:
    """Return the alternative names that a subject's common names stand for: those that are an IP address or a DNS name.

    A certificate for TLS gets these where its request asks for none, as programs look for a host there alone
    (RFC 9110 §4.3.4).
    """
    found = []
    for value in (value for relative in subject for short, value in relative if short == "CN"):
        if is_ip_address(value):
            found.append(AlternativeName(NameKind.IP, value))
        elif is_dns_name(value):
            found.append(AlternativeName(NameKind.DNS, dns_name(value)))
    return tuple(found)


def server_names(*hosts: str) -> tuple[AlternativeName, ...]:
    """Return what a server on this machine may be called: loopback, and each of `hosts` that is a name or address.

    An address that stands for all of a machine's addresses is none of them.
    """
    found = [AlternativeName(NameKind.DNS, "localhost")]
    for host in ("127.0.0.1", "::1", *hosts):
        kind = NameKind.IP if is_ip_address(host) else NameKind.DNS
        with suppress(InvalidField):
            found.append(AlternativeName(kind, _CHECKS[kind](host)))
    return tuple(name for name in dict.fromkeys(found) if name.value not in {"0.0.0.0", "::"})  # noqa: S104 - not bound


def _ip_address(value: str) -> str:
    wrong = InvalidField(FIELD, "this is no IP address; give one such as 10.0.0.7 or fd00::7, without a zone.")
    if "%" in value:  # the zone of fe80::1%eth0 means something on one machine only, and a certificate cannot hold it
        raise wrong
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise wrong from None


def _email(value: str) -> str:
    return check_address(value, FIELD)


def _uri(value: str) -> str:
    wrong = InvalidField(
        FIELD, "this is no URI; give one with its scheme, such as https://santiago.lab.test/, in ASCII."
    )
    try:
        parts = urlsplit(value)
    except ValueError:  # brackets that hold no IPv6 address
        raise wrong from None
    if not _URI.fullmatch(value) or not (parts.netloc or parts.path):
        raise wrong
    return value


_CHECKS = {NameKind.DNS: dns_name, NameKind.IP: _ip_address, NameKind.EMAIL: _email, NameKind.URI: _uri}
