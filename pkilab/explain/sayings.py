"""Sentences that a template cannot say: what an extension, a key or a number says in this very object."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from pkilab.explain import summary, values
from pkilab.explain.node import Node
from pkilab.explain.schema import Simple

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_USES = {
    "digitalSignature": "sign data and handshakes",
    "nonRepudiation": "sign what the signer is to be held to",
    "keyEncipherment": "encrypt keys",
    "dataEncipherment": "encrypt data",
    "keyAgreement": "agree on keys",
    "keyCertSign": "sign certificates",
    "cRLSign": "sign revocation lists",
    "encipherOnly": "only encrypt when agreeing on keys",
    "decipherOnly": "only decrypt when agreeing on keys",
}


def of_extension(dotted: str, value: Node) -> str:
    """Return what an extension says by its value; "" where its values need no sentence of their own."""
    saying = _EXTENSIONS.get(dotted)
    return saying(value) if saying is not None else ""


def of_field(node: Node) -> str:
    """Return what a field says; "" where its template says it."""
    saying = _FIELDS.get(node.key)
    return saying(node) if saying is not None else ""


def _constraints(value: Node) -> str:
    flag, limit = value.child("cA"), value.child("pathLenConstraint")
    if flag is None or not values.truth(flag):
        empty = (
            " 30 00 is an empty SEQUENCE, since FALSE is the default and DER leaves defaults out."
            if (value.raw == b"\x30\x00")
            else ""
        )
        return f"Says that this key may not sign other certificates.{empty}"
    if limit is None:
        return "Says that this key is a CA's and may sign certificates, with any number of CAs below it."
    number = values.number(limit)
    if number is None:
        return "Says that this key is a CA's; how many CAs may follow below cannot be read."
    if number < 0:
        return f"Says that this key is a CA's, with a path length of {number}, which makes no sense."
    if number == 0:
        return "Says that this key is a CA's and may sign end certificates, but no further CAs."
    follow = "1 CA" if number == 1 else f"{number} CAs"
    return f"Says that this key is a CA's; at most {follow} may follow below it, one under the other."


def _usage(value: Node) -> str:
    names = value.type.names if isinstance(value.type, Simple) else {}
    uses = [names.get(bit, f"bit {bit}") for bit in values.bits(value)]
    if not uses:
        return "Allows nothing: no bit is set, which RFC 5280 forbids."
    told = "; ".join(f"{_USES[use]} ({use})" if use in _USES else use for use in uses)
    return f"Says that the key may be used to: {told}. Everything else is forbidden."


def _purposes(value: Node) -> str:
    return f"Says that the certificate may be used for: {summary.of(value)}. Every other purpose is refused."


def _names(value: Node) -> str:
    count = len(value.children)
    if not count:
        return "Holds no name at all."
    return f"Says that the certificate is good for {summary.counted(count, 'name')}: {summary.of(value)}."


def _subject_key(value: Node) -> str:
    how = ", as long as a SHA-1 hash" if value.length == 20 else ""
    return f"Says that the key here is called {value.content[:64].hex(':').upper()}{how}."


def _authority_key(value: Node) -> str:
    key = value.child("keyIdentifier")
    if key is None:
        return f"Names the issuer's certificate: {summary.of(value)}."
    return f"Says that the issuer's key is called {key.content[:64].hex(':').upper()}."


def _points(value: Node) -> str:
    found = [node for node in value.walk() if node.name == "uniformResourceIdentifier"]
    if not found:
        return f"Says where the revocation list lies: {summary.of(value)}."
    places = ", ".join(summary.of(node) for node in found[: summary.MANY])
    return f"Says that the revocation list lies at {places}."


def _access(value: Node) -> str:
    return f"Says what is to be had where: {summary.of(value)}."


def _timestamps(value: Node) -> str:
    found = _stamps(value.content)
    if found is None:
        return "Holds octets that are no list of timestamps."
    if not found:
        return "Holds no timestamp."
    told = "; ".join(f"log {log} at {moment}" for log, moment in found[: summary.MANY])
    return f"Holds {summary.counted(len(found), 'promise')} of a log: {told}."


def _stamps(octets: bytes) -> list[tuple[str, str]] | None:
    """Return log and time of each timestamp in a list in TLS' own encoding (RFC 6962 §3.3); None: it is none."""
    if len(octets) < 2 or int.from_bytes(octets[:2], "big") != len(octets) - 2:
        return None
    found, at = [], 2
    while at < len(octets):
        size = int.from_bytes(octets[at : at + 2], "big")
        stamp = octets[at + 2 : at + 2 + size]
        if len(stamp) < size or size < 43:
            return None
        milliseconds = int.from_bytes(stamp[33:41], "big")
        when = "an impossible time"
        if milliseconds < 253402300800000:  # the year 10000
            when = summary.moment(_EPOCH + timedelta(milliseconds=milliseconds))
        found.append((stamp[1:5].hex().upper() + "…", when))
        at += 2 + size
    return found


def _features(value: Node) -> str:
    if any(values.number(child) == 5 for child in value.children):
        return "Says that the server has to staple an OCSP response to its handshake (status_request)."
    return f"Says that the server has to answer these TLS extensions: {summary.of(value)}."


def _no_check(_: Node) -> str:
    return "Says that nobody is to ask whether this responder's certificate is revoked."


def _poison(_: Node) -> str:
    return "Says that this is a precertificate, never to be used."


def _reason(value: Node) -> str:
    return f"Says that the reason is {summary.of(value)}."


def _number(value: Node) -> str:
    return f"Says that this is list number {summary.of(value)}."


def _delta(value: Node) -> str:
    return f"Says that this list holds only what changed since list number {summary.of(value)}."


def _policies(value: Node) -> str:
    found = [each.children[0] for each in value.children[: summary.MANY] if each.children]
    more = f" and {len(value.children) - summary.MANY} more" if len(value.children) > summary.MANY else ""
    names = ", ".join(summary.name_of(node) or "unreadable" for node in found)
    count = summary.counted(len(value.children), "policy", "policies")
    return f"Says that the certificate was issued under {count}: {names}{more}."


def _mappings(value: Node) -> str:
    pairs = [each.children for each in value.children[: summary.MANY] if len(each.children) == 2]
    told = "; ".join(f"{summary.name_of(pair[0])} counts as {summary.name_of(pair[1])}" for pair in pairs)
    more = f"; and {len(value.children) - summary.MANY} more" if len(value.children) > summary.MANY else ""
    return f"Says of policies below: {told}{more}."


def _name_constraints(value: Node) -> str:
    said = []
    words = {
        "permittedSubtrees": "Permits, of these kinds, only names within",
        "excludedSubtrees": "Forbids names within",
    }
    for field, begin in words.items():
        part = value.child(field)
        if part is not None:
            said.append(f"{begin} {_ranges(part)}.")
    return " ".join(said) or "Limits nothing: it is empty, which RFC 5280 forbids."


def _ranges(part: Node) -> str:
    bases = [each.children[0] for each in part.children[: 2 * summary.MANY] if each.children]
    told = ", ".join(f"{_KIND_OF.get(node.name, node.name)} {summary.of(node) or 'of any kind'}" for node in bases)
    return told + (" and others" if len(part.children) > 2 * summary.MANY else "")


_KIND_OF = {
    "dNSName": "DNS",
    "rfc822Name": "mail",
    "uniformResourceIdentifier": "URI",
    "iPAddress": "IP",
    "directoryName": "name",
}


def _policy_constraints(value: Node) -> str:
    explicit, mapping = value.child("requireExplicitPolicy"), value.child("inhibitPolicyMapping")
    said = []
    if explicit is not None:
        said.append(f"After {summary.of(explicit)} further certificates every one has to bear an acceptable policy.")
    if mapping is not None:
        said.append(f"After {summary.of(mapping)} further certificates no mapping of policies counts.")
    return " ".join(said) or "Demands nothing: it is empty, which RFC 5280 forbids."


def _inhibit(value: Node) -> str:
    return f"Says that after {summary.of(value)} further certificates anyPolicy counts no more as every policy."


def _nonce(value: Node) -> str:
    return f"Holds {summary.counted(value.length, 'octet')} that the client drew: {summary.of(value)}."


_EXTENSIONS: dict[str, Callable[[Node], str]] = {
    "2.5.29.30": _name_constraints,
    "2.5.29.32": _policies,
    "2.5.29.33": _mappings,
    "2.5.29.36": _policy_constraints,
    "2.5.29.54": _inhibit,
    "1.3.6.1.5.5.7.48.1.2": _nonce,
    "2.5.29.14": _subject_key,
    "2.5.29.15": _usage,
    "2.5.29.17": _names,
    "2.5.29.19": _constraints,
    "2.5.29.20": _number,
    "2.5.29.21": _reason,
    "2.5.29.27": _delta,
    "2.5.29.31": _points,
    "2.5.29.35": _authority_key,
    "2.5.29.37": _purposes,
    "2.5.29.46": _points,
    "1.3.6.1.5.5.7.1.1": _access,
    "1.3.6.1.5.5.7.1.24": _features,
    "1.3.6.1.5.5.7.48.1.5": _no_check,
    "1.3.6.1.4.1.11129.2.4.2": _timestamps,
    "1.3.6.1.4.1.11129.2.4.3": _poison,
    "1.3.6.1.4.1.11129.2.4.5": _timestamps,
}


def _serial(node: Node) -> str:
    number = values.number(node)
    if number is None:
        return ""
    if number <= 0:
        return f"This is number {number}; RFC 5280 wants a positive one."
    long = f" It has {node.length} octets; 20 is the most." if node.length > 20 else ""
    plain = (
        f"This is number {number}."
        if number < 1 << 64
        else (f"This is number {summary.hexed(node.content)} in hex, {number.bit_length()} bits.")
    )
    return plain + long


def _modulus(node: Node) -> str:
    number = values.number(node)
    if number is None or number <= 0:
        return "It is no modulus: not a positive number."
    return f"It has {number.bit_length()} bits."


def _critical(node: Node) -> str:
    if values.truth(node):
        return "It is critical: software that does not understand it has to refuse the whole."
    return "It is not critical: software that does not understand it may skip it."


def _key_octets(node: Node) -> str:
    if node.children or not node.length:
        return ""
    first = values.bit_octets(node)[:1]
    above = node.parent.children[0] if node.parent is not None else None
    if above is not None and values.oid(next(iter(above.children), None)) == "1.2.840.10045.2.1":
        form = {b"\x04": "both coordinates", b"\x02": "one coordinate and a sign", b"\x03": "one coordinate and a sign"}
        if first in form:
            return f"A point in {node.length - 1:,} octets: the first, {first.hex().upper()}, says {form[first]}."
    return f"The key has {node.length - 1:,} octets."


def _signature(node: Node) -> str:
    if node.children:
        return "The signature is a pair of numbers, r and s."
    return f"The signature has {max(node.length - 1, 0):,} octets."


def _rounds(node: Node) -> str:
    number = values.number(node)
    if number is None:
        return ""
    few = " That is few today; 600,000 are recommended." if number < 100_000 else ""
    return f"The password is hashed {number:,} times.{few}"


_FIELDS: dict[str, Callable[[Node], str]] = {
    "TBSCertificate.serialNumber": _serial,
    "RSAPublicKey.modulus": _modulus,
    "RSAPrivateKey.modulus": _modulus,
    "Extension.critical": _critical,
    "SubjectPublicKeyInfo.subjectPublicKey": _key_octets,
    "Certificate.signatureValue": _signature,
    "CertificateList.signatureValue": _signature,
    "CertificationRequest.signature": _signature,
    "BasicOCSPResponse.signature": _signature,
    "PBKDF2-params.iterationCount": _rounds,
}
