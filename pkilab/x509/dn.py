"""Distinguished names in DER (RFC 5280 §4.1.2.4): what a person entered to bytes, and any bytes to what is shown."""

from __future__ import annotations

from functools import lru_cache

from pkilab.model.dn import DN, Name
from pkilab.x509 import der

_OIDS = {
    "C": "2.5.4.6",
    "ST": "2.5.4.8",
    "L": "2.5.4.7",
    "O": "2.5.4.10",
    "OU": "2.5.4.11",
    "CN": "2.5.4.3",
    "SN": "2.5.4.4",
    "serialNumber": "2.5.4.5",
    "street": "2.5.4.9",
    "title": "2.5.4.12",
    "businessCategory": "2.5.4.15",
    "postalCode": "2.5.4.17",
    "name": "2.5.4.41",
    "GN": "2.5.4.42",
    "initials": "2.5.4.43",
    "generationQualifier": "2.5.4.44",
    "dnQualifier": "2.5.4.46",
    "pseudonym": "2.5.4.65",
    "organizationIdentifier": "2.5.4.97",
    "emailAddress": "1.2.840.113549.1.9.1",
    "UID": "0.9.2342.19200300.100.1.1",
    "DC": "0.9.2342.19200300.100.1.25",
}
_SHORT = {der.oid(dotted)[2:]: short for short, dotted in _OIDS.items()}
_COMMON_NAME = der.oid(_OIDS["CN"])

_ENCODINGS = {
    0x0C: "utf-8",
    0x12: "ascii",  # NumericString
    0x13: "ascii",  # PrintableString
    0x14: "latin-1",  # TeletexString, as everybody uses it
    0x16: "ascii",  # IA5String
    0x1A: "ascii",  # VisibleString
    0x1C: "utf-32-be",  # UniversalString
    0x1E: "utf-16-be",  # BMPString
}


def encode(subject: DN) -> bytes:
    """Return the name in DER: one attribute in each relative name, country PrintableString, the rest UTF8String."""
    return der.sequence(*(_relative(short, value) for short, value in subject.attributes))


def beside(name: bytes, common_name: str) -> bytes:
    """Return a name in DER with another common name at its end in place of its own: it stands where that one stands."""
    own = [each.raw for each in der.members(name) if not _names_itself(each)]
    return der.sequence(*own, _relative("CN", common_name))


@lru_cache(maxsize=64)  # a list of certificates has one issuer
def decode(name: bytes, *, strict: bool = False) -> Name:
    """Return the name that the DER says. What cannot be decoded is shown as `#` and hex (RFC 4514 §2.4).

    Raises:
        ValueError: it is no name.
        Refused: if `strict`, an attribute that is empty, cannot be decoded, or holds control characters.
    """
    found = []
    for relative in der.members(name):
        if relative.tag != der.SET or not relative.content:
            raise ValueError("no relative distinguished name")
        found.append(tuple(_attribute(each, strict=strict) for each in der.elements(relative.content)))
    return tuple(found)


def _relative(short: str, value: str) -> bytes:
    tag = der.PRINTABLE_STRING if short == "C" else der.UTF8_STRING
    attribute = der.sequence(der.oid(_OIDS[short]), der.element(tag, value.encode("utf-8")))
    return der.element(der.SET, attribute)


def _attribute(attribute: der.Element, *, strict: bool) -> tuple[str, str]:
    kind, value = der.elements(attribute.content)
    if attribute.tag != der.SEQUENCE or kind.tag != der.OID:
        raise ValueError("no attribute")
    short = _SHORT.get(kind.content) or der.oid_value(kind.content)
    try:
        text = value.content.decode(_ENCODINGS[value.tag])
    except (KeyError, UnicodeDecodeError):
        if strict and value.tag in _ENCODINGS:
            raise der.Refused(f"{short} in its subject cannot be decoded") from None
        return short, f"#{value.raw.hex()}"
    if strict and (not text or any(c < " " or c == "\x7f" for c in text)):
        raise der.Refused(f"{short} in its subject is empty or holds control characters")
    return short, text


def _names_itself(relative: der.Element) -> bool:
    """Tell whether a common name is among the attributes of a relative name."""
    return any(attribute.content.startswith(_COMMON_NAME) for attribute in der.elements(relative.content))
