"""Name constraints: the names that a CA's certificate, or one above it, allows what stands below (RFC 5280 §4.2.1.10).

Whoever verifies a chain refuses a name outside of them, so nothing is issued for one.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from pkilab.errors import CannotCertify
from pkilab.model.certificate import Certificate
from pkilab.model.dn import Name, comma_form
from pkilab.model.request import SigningRequest
from pkilab.model.san import dns_name, is_dns_name
from pkilab.model.usage import Usage
from pkilab.x509 import certificate as certificates
from pkilab.x509 import der, dn, extensions, issue, san

_EMAIL, _DNS, _DIRECTORY, _URI, _IP = 0x81, 0x82, 0xA4, 0x86, 0x87
_PERMITTED, _EXCLUDED = 0xA0, 0xA1


@dataclass(frozen=True, slots=True)
class _General:
    """A GeneralName, or the base of a subtree: its tag and content."""

    tag: int
    content: bytes

    def __str__(self) -> str:
        """Return it as people write it; a subtree of addresses with the length of its prefix."""
        if self.tag == _IP and len(self.content) in {8, 32}:
            half = len(self.content) // 2
            first, mask = self.content[:half], int.from_bytes(self.content[half:], "big")
            return f"IP:{ipaddress.ip_address(first)}/{mask.bit_count()}"
        value = der.sequence(der.element(self.tag, self.content))
        return san.decode(value)[0]


@dataclass(frozen=True, slots=True)
class _Bounds:
    """What one certificate allows below it."""

    of: str
    permitted: tuple[_General, ...]
    excluded: tuple[_General, ...]

    def against(self, name: _General) -> str:
        """Return why a name is outside, as the end of a sentence; empty where it is not."""
        barred = [base for base in self.excluded if base.tag == name.tag and _within(name, base, wide=True)]
        if barred:
            return f"the certificate of {self.of} excludes {barred[0]}"
        allowed = [base for base in self.permitted if base.tag == name.tag]
        if allowed and not any(_within(name, base) for base in allowed):
            return f"the certificate of {self.of} permits {' and '.join(map(str, allowed))} alone"
        return ""


def broken(request: SigningRequest, usage: Usage, above: Sequence[Certificate]) -> tuple[str, ...]:
    """Return for each name of a request that the CAs `above` may not certify why, without a full stop.

    `above` is the issuer and the certificates above it. The names are those that the certificate would have.

    Raises:
        CannotCertify: there is no name at all, or the constraints cannot be read.
    """
    bounds = [each for certificate in above if (each := _bounds(certificate.der)) is not None]
    if not bounds:
        return ()
    return tuple(
        f"{name} is outside of what this CA may certify, as {why}"
        for name in _names(request, usage)
        for why in [next(filter(None, (each.against(name) for each in bounds)), "")]
        if why
    )


def check(request: SigningRequest, usage: Usage, above: Sequence[Certificate]) -> None:
    """Accept the names of a request; arguments as for `broken`.

    Raises:
        CannotCertify: a name is outside of what the CAs `above` may certify, or they cannot be read.
    """
    if found := broken(request, usage, above):
        raise CannotCertify(f"{found[0]} (name constraints); nobody who verifies it would accept it")


@lru_cache(maxsize=64)  # of a CA's own few, asked for at each issue
def _bounds(octets: bytes) -> _Bounds | None:
    """Return what a certificate allows, None where it says nothing about names."""
    certificate = certificates.trusted(octets)
    value = certificates.extension(certificate, extensions.NAME_CONSTRAINTS)
    if value is None:
        return None
    try:
        parts = {part.tag: part.content for part in der.members(value)}
        permitted, excluded = (tuple(_bases(parts.get(tag, b""))) for tag in (_PERMITTED, _EXCLUDED))
    except ValueError:
        raise CannotCertify("the name constraints of the CA's certificate cannot be read") from None
    return _Bounds(comma_form(certificate.subject), permitted, excluded)


def _bases(subtrees: bytes) -> Iterator[_General]:
    for subtree in der.elements(subtrees):
        base = next(der.elements(subtree.content))
        yield _General(base.tag, base.content)


def _names(request: SigningRequest, usage: Usage) -> Iterator[_General]:
    """Yield the names that the certificate would have, the subject among them."""
    value = issue.alternative_names(request, usage)
    named = [_General(each.tag, each.content) for each in der.members(value)] if value else []
    yield from named
    if request.subject:
        yield _General(_DIRECTORY, request.subject_der)
    for short, text in (each for relative in request.subject for each in relative):
        if short == "emailAddress":
            yield _General(_EMAIL, text.encode("utf-8"))
        # Verifiers take a common name for a host where no alternative name says another, as `openssl` does.
        if short == "CN" and is_dns_name(text) and all(each.tag != _DNS for each in named):
            yield _General(_DNS, dns_name(text).encode("ascii"))


def _within(name: _General, base: _General, *, wide: bool = False) -> bool:
    """Tell whether a name lies in a subtree of its kind; `wide`: also if only a part of what it stands for may."""
    text, other = name.content.decode("utf-8", "replace"), base.content.decode("utf-8", "replace")
    if name.tag == _DNS:
        return _host(text.casefold(), other.casefold(), wide=wide)
    if name.tag == _EMAIL:
        return _mailbox(text, other)
    if name.tag == _URI:
        return _place(text, other.casefold(), wide=wide)
    if name.tag == _DIRECTORY:
        return _below(dn.decode(name.content), dn.decode(base.content))
    if name.tag == _IP:
        return _in_network(name.content, base.content)
    return wide  # of another kind: what might be excluded is, and nobody here can say that it is permitted


def _host(name: str, base: str, *, wide: bool) -> bool:
    """Tell whether a DNS name is another or stands below it; a base with a dot before it wants more labels."""
    if not base or name == base or name.endswith(base if base.startswith(".") else f".{base}"):
        return True
    return wide and name.startswith("*.") and base.removeprefix(".").endswith(name[1:])


def _mailbox(name: str, base: str) -> bool:
    """Tell whether an address is a mailbox, at a host, or at one of a domain's hosts."""
    box, _, host = name.rpartition("@")
    wanted, at, place = base.rpartition("@")
    host, place = host.casefold(), place.casefold()
    if at:
        return (box, host) == (wanted, place)
    return host.endswith(place) if place.startswith(".") else host == place


def _place(name: str, base: str, *, wide: bool) -> bool:
    """Tell whether the host of an address is another, or one of a domain's; without a host nobody can tell."""
    try:
        host = urlsplit(name).hostname or ""
    except ValueError:
        host = ""
    if not host:
        return wide
    return host.endswith(base) if base.startswith(".") else host == base


def _below(name: Name, base: Name) -> bool:
    """Tell whether a name begins with all of another, letter case and blanks left aside (RFC 5280 §7.1)."""
    own, other = ([_plain(relative) for relative in each] for each in (name, base))
    return own[: len(other)] == other


def _plain(relative: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    return frozenset((short, " ".join(text.split()).casefold()) for short, text in relative)


def _in_network(address: bytes, network: bytes) -> bool:
    """Tell whether an address lies in a network, which comes with its mask; of the other version, none does."""
    if len(network) != 2 * len(address):
        return False
    first, mask = network[: len(address)], network[len(address) :]
    return all(a & m == b & m for a, b, m in zip(address, first, mask, strict=True))
