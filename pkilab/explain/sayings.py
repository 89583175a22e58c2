"""Sentences that a template cannot say: what an extension, a key or a number says in this very object."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from pkilab.explain import marks, message_sayings, revocation_sayings, summary, values, wording
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
        odd = " Its path length means nothing: RFC 5280 allows one only to a CA." if limit is not None else ""
        return f"Says that this key may not sign other certificates.{empty}{odd}"
    usage = marks.beside(value, marks.KEY_USAGE)
    if usage is not None and "keyCertSign" not in _allowed(marks.held(usage)):
        return "Says that the subject is a CA, but the key usage beside it does not let this key sign certificates."
    return _length(limit)


def _length(limit: Node | None) -> str:
    """Return what basic constraints say of a CA."""
    if limit is None:
        return "Says that this key is a CA's and may sign certificates, with any number of CAs below it."
    number = values.number(limit)
    if number is None:
        return "Says that this key is a CA's; how many CAs may follow below cannot be read."
    if number < 0:
        return f"Says that this key is a CA's, with a path length of {number}, which makes no sense."
    if number == 0:
        return "Says that this key is a CA's and may sign end certificates, but no further CAs."
    follow = "1 CA may follow below it" if number == 1 else f"{number} CAs may follow below it, one under the other"
    return f"Says that this key is a CA's and may sign certificates; at most {follow}."


def _usage(value: Node) -> str:
    uses = _allowed(value)
    if not uses:
        return "Allows nothing: no bit is set, which RFC 5280 forbids."
    told = "; ".join(f"{_USES[use]} ({use})" if use in _USES else use for use in uses)
    said = [f"Says that the key may be used to: {told}. Everything else is forbidden."]
    if "keyCertSign" in uses and not marks.is_ca(marks.beside(value, marks.BASIC_CONSTRAINTS)):
        said.append("But nothing beside it says that the subject is a CA, so no certificate that it signs is accepted.")
    if "keyAgreement" not in uses and {"encipherOnly", "decipherOnly"} & set(uses):
        said.append("Without keyAgreement encipherOnly and decipherOnly mean nothing.")
    return " ".join(said)


def _allowed(value: Node | None) -> list[str]:
    """Return the uses that a key usage allows, by the names of their bits."""
    if value is None:
        return []
    names = value.type.names if isinstance(value.type, Simple) else {}
    return [names.get(bit, f"bit {bit}") for bit in values.bits(value)]


def _purposes(value: Node) -> str:
    if not value.children:
        return "Names no purpose at all, which RFC 5280 forbids."
    if any(values.oid(child) == "2.5.29.37.0" for child in value.children):
        return f"Says that the certificate may be used for every purpose: {summary.of(value)}."
    return f"Says that the certificate may be used for: {summary.of(value)}. Every other purpose is refused."


def _names(value: Node) -> str:
    count = len(value.children)
    if not count:
        return "Holds no name at all."
    return f"Says that the certificate is good for {wording.counted(count, 'name')}: {summary.of(value)}."


def _subject_key(value: Node) -> str:
    if not value.length:
        return "Gives the key here a name without a single octet."
    how = ", as long as a SHA-1 hash" if value.length == 20 else ""
    return f"Says that the key here is called {value.content[:64].hex(':').upper()}{how}."


def _authority_key(value: Node) -> str:
    key = value.child("keyIdentifier")
    issuer, serial = value.child("authorityCertIssuer"), value.child("authorityCertSerialNumber")
    said = []
    if key is not None:
        said.append(f"Says that the issuer's key is called {key.content[:64].hex(':').upper()}.")
    if issuer is not None and serial is not None:
        by = next((name for name in issuer.children if name.name == "directoryName"), issuer)
        said.append(f"Says that the issuer's certificate is number {summary.of(serial)}, issued by {summary.of(by)}.")
    return " ".join(said) or "Says nothing of the issuer's key."


def _access(value: Node) -> str:
    if not value.children:
        return "Names no place at all, which RFC 5280 forbids."
    return f"Says what is to be had where: {summary.of(value)}."


def _timestamps(value: Node) -> str:
    found = _stamps(value.content)
    if found is None:
        return "Holds octets that are no list of timestamps."
    if not found:
        return "Holds no timestamp."
    told = "; ".join(f"log {log} at {moment}" for log, moment in found[: summary.MANY])
    promises = "1 promise of a log" if len(found) == 1 else f"{len(found)} promises of logs"
    return f"Holds {promises}: {told}."


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
            when = wording.moment(_EPOCH + timedelta(milliseconds=milliseconds))
        found.append((stamp[1:5].hex().upper() + "…", when))
        at += 2 + size
    return found


def _no_check(_: Node) -> str:
    return "Says that nobody is to ask whether this responder's certificate is revoked."


def _poison(_: Node) -> str:
    return "Says that this is a precertificate, never to be used."


_ANY_POLICY = "2.5.29.32.0"


def _policies(value: Node) -> str:
    if not value.children:
        return "Names no policy at all, which RFC 5280 forbids."
    found = [each.children[0] for each in value.children[: summary.MANY] if each.children]
    more = f" and {len(value.children) - summary.MANY} more" if len(value.children) > summary.MANY else ""
    names = ", ".join(summary.name_of(node) or "unreadable" for node in found)
    count = wording.counted(len(value.children), "policy", "policies")
    if marks.is_ca(marks.beside(value, marks.BASIC_CONSTRAINTS)):
        if any(values.oid(node) == _ANY_POLICY for node in found):
            return f"Says that the policies of the certificates below are not limited: {names}{more}."
        return f"Says that the certificates below count as issued under no other than {count}: {names}{more}."
    return f"Says that the certificate was issued under {count}: {names}{more}."


def _mappings(value: Node) -> str:
    pairs = [each.children for each in value.children[: summary.MANY] if len(each.children) == 2]
    told = "; ".join(f"{summary.name_of(pair[1])} counts as {summary.name_of(pair[0])}" for pair in pairs)
    more = f"; and {len(value.children) - summary.MANY} more" if len(value.children) > summary.MANY else ""
    odd = any(values.oid(policy) == _ANY_POLICY for pair in pairs for policy in pair)
    return f"Says of policies below: {told}{more}." + (" RFC 5280 forbids to map anyPolicy." if odd else "")


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
    told = ", ".join(f"{_KIND_OF.get(node.name, node.name)} {_base(node)}" for node in bases)
    return told + (" and others" if len(part.children) > 2 * summary.MANY else "")


def _base(node: Node) -> str:
    """Return what a range of names begins with: an empty one holds all names of its kind."""
    empty = not node.length or (node.name == "directoryName" and summary.of(node) == "an empty name")
    return "of any kind" if empty else summary.of(node)


_KIND_OF = {
    "dNSName": "DNS",
    "rfc822Name": "mail",
    "uniformResourceIdentifier": "URI",
    "iPAddress": "IP",
    "directoryName": "the name",
}


def _policy_constraints(value: Node) -> str:
    explicit, mapping = value.child("requireExplicitPolicy"), value.child("inhibitPolicyMapping")
    said = []
    if explicit is not None:
        said.append(f"{_after(explicit)} every certificate of the chain has to bear an acceptable policy.")
    if mapping is not None:
        said.append(f"{_after(mapping)} no mapping of policies counts.")
    return " ".join(said) or "Demands nothing: it is empty, which RFC 5280 forbids."


def _inhibit(value: Node) -> str:
    return f"{_after(value)} anyPolicy counts no more as every policy."


def _after(node: Node) -> str:
    """Return from which certificate below on something holds."""
    number = values.number(node)
    if number is None or number < 0:
        return f"After a number of certificates that makes no sense ({summary.of(node)}),"
    return f"After {wording.counted(number, 'further certificate')}," if number else "From the next certificate on,"


def _period(value: Node) -> str:
    begin, end = value.child("notBefore"), value.child("notAfter")
    told = [f"not before {summary.of(begin)}"] if begin is not None else []
    told += [f"not after {summary.of(end)}"] if end is not None else []
    return f"Says when the key makes signatures: {' and '.join(told)}." if told else "Says nothing: it is empty."


def _issuer_names(value: Node) -> str:
    return f"Gives other names of the issuer: {summary.of(value)}."


def _nonce(value: Node) -> str:
    return f"Holds {wording.counted(value.length, 'octet')} that the client drew: {summary.of(value)}."


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
    "2.5.29.16": _period,
    "2.5.29.18": _issuer_names,
    "2.5.29.20": revocation_sayings.list_number,
    "2.5.29.21": revocation_sayings.reason,
    "2.5.29.24": revocation_sayings.invalid_since,
    "2.5.29.27": revocation_sayings.delta,
    "2.5.29.28": revocation_sayings.part,
    "2.5.29.29": revocation_sayings.issued_by,
    "2.5.29.31": revocation_sayings.points,
    "2.5.29.35": _authority_key,
    "2.5.29.37": _purposes,
    "2.5.29.46": revocation_sayings.delta_points,
    "1.3.6.1.5.5.7.1.1": _access,
    "1.3.6.1.5.5.7.1.11": _access,
    "1.3.6.1.5.5.7.48.1.4": revocation_sayings.understood,
    "1.3.6.1.5.5.7.48.1.6": revocation_sayings.archive,
    "1.3.6.1.5.5.7.48.1.9": revocation_sayings.never_issued,
    **message_sayings.EXTENSIONS,
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
        else (f"This is number {wording.hexed(node.content)} in hex, {number.bit_length()} bits.")
    )
    return plain + long


def _modulus(node: Node) -> str:
    number = values.number(node)
    if number is None or number <= 0:
        return "It is no modulus: not a positive number."
    return f"It has {number.bit_length()} bits."


def _critical(node: Node) -> str:
    odd = marks.unusual(node.parent) if node.parent is not None else ""
    if values.truth(node):
        said = "It is critical: software that does not understand it has to refuse the whole."
        return f"{said} {odd}".rstrip()
    return odd or "It is not critical: software that does not understand it may skip it."


def _time(node: Node) -> str:
    moment = values.time(node)
    if moment is None:
        return f"It cannot be read as a time: {summary.of(node)}."
    if node.name == "notAfter" and moment.year == wording.NO_END:
        return f"It has no known end: that is what {wording.moment(moment)} stands for."
    return ""


def _path_length(node: Node) -> str:
    number = values.number(node)
    if number is None or number < 0:
        return f"It is {summary.of(node)}, which makes no sense."
    if not number:
        return "No CA may follow."
    return "At most 1 CA may follow below." if number == 1 else f"At most {number} CAs may follow, one under the other."


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


_FIELDS: dict[str, Callable[[Node], str]] = {
    "TBSCertificate.serialNumber": _serial,
    "RSAPublicKey.modulus": _modulus,
    "RSAPrivateKey.modulus": _modulus,
    "Extension.critical": _critical,
    "SubjectPublicKeyInfo.subjectPublicKey": _key_octets,
    "Certificate.signatureValue": _signature,
    "CertificateList.signatureValue": _signature,
    "CertificationRequest.signature": _signature,
    "Signature.signature": _signature,
    "Validity.notBefore": _time,
    "Validity.notAfter": _time,
    "BasicConstraints.pathLenConstraint": _path_length,
    "OCSPResponse.responseStatus": revocation_sayings.status,
    "RevokedInfo.revocationReason": revocation_sayings.reason_given,
    "BasicOCSPResponse.signature": _signature,
    **message_sayings.FIELDS,
}
