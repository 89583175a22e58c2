"""Subject alternative names in DER (RFC 5280 §4.2.1.6): GeneralNames."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

from pkilab.model.dn import comma_form
from pkilab.model.san import AlternativeName, NameKind
from pkilab.x509 import der, dn

_OTHER, _EMAIL, _DNS, _DIRECTORY, _URI, _IP, _REGISTERED = 0xA0, 0x81, 0x82, 0xA4, 0x86, 0x87, 0x88
_TAGS = {NameKind.DNS: _DNS, NameKind.EMAIL: _EMAIL, NameKind.URI: _URI}
_KINDS = {tag: kind for kind, tag in _TAGS.items()}
_TEXT = {_DNS: re.compile(r"[A-Za-z0-9*._-]+"), _EMAIL: re.compile(r"[!-~]+"), _URI: re.compile(r"[!-~]+")}


def encode(alternatives: Iterable[AlternativeName]) -> bytes:
    """Return the value of a subjectAltName extension that holds these names in their order."""
    return der.sequence(*(_encode(each) for each in alternatives))


def decode(value: bytes, *, strict: bool = False) -> tuple[str, ...]:
    """Return the names in a subjectAltName's value: `DNS:…`, `IP:…`, `email:…`, `URI:…`, and the rarer kinds.

    Raises:
        ValueError: these are no names.
        Refused: if `strict`, a name of no known kind, with impossible characters, or no valid address.
    """
    return tuple(_decode(each, strict=strict) for each in der.members(value))


def _encode(name: AlternativeName) -> bytes:
    if name.kind is NameKind.IP:
        return der.element(_IP, ipaddress.ip_address(name.value).packed)
    return der.element(_TAGS[name.kind], name.value.encode("ascii"))


def _decode(name: der.Element, *, strict: bool) -> str:
    if name.tag in _TEXT:
        text = name.content.decode("latin-1")
        if strict and not _TEXT[name.tag].fullmatch(text):
            raise der.Refused("an alternative name has characters that no such name has")
        return f"{_KINDS[name.tag]}:{text}"
    if name.tag == _IP:
        if len(name.content) in {4, 16}:
            return f"IP:{ipaddress.ip_address(name.content)}"
        if strict:
            raise der.Refused("an alternative name is no IP address")
    if name.tag == _DIRECTORY:
        return f"DirName:{comma_form(dn.decode(name.content, strict=strict))}"
    if name.tag == _REGISTERED:
        return f"RID:{der.oid_value(name.content)}"
    if name.tag == _OTHER:
        return _other(name.content, strict=strict)
    if strict and not 0x80 <= name.tag & 0x9F <= 0x88:
        raise der.Refused("an alternative name is of no known kind")
    return f"#{name.raw.hex()}"


def _other(content: bytes, *, strict: bool) -> str:
    """Return an otherName with its OID and, where it is text (as in a user principal name), the text."""
    kind, wrapped = der.elements(content)
    value = der.one(wrapped.content, wrapped.content[0]) if wrapped.content else wrapped
    dotted = der.oid_value(kind.content)
    if value.tag == der.UTF8_STRING:
        text = value.content.decode("utf-8", "strict" if strict else "replace")
        if strict and any(c < " " or c == "\x7f" for c in text):
            raise der.Refused("an alternative name holds control characters")
        return f"othername:{dotted}:{text}"
    return f"othername:{dotted}:#{value.raw.hex()}"
