"""Sentences about CMS messages, PKCS#12 containers, ciphers and statements: what they say in this very object."""

from __future__ import annotations

from collections.abc import Callable

from pkilab.explain import summary, values, wording
from pkilab.explain.node import Node
from pkilab.explain.words.lookup import named

FEW = 100_000
"""Rounds of hashing a password below which it is said that they are few."""
_CBC = {"1.2.840.113549.3.7", "1.3.14.3.2.7", *(f"2.16.840.1.101.3.4.1.{n}" for n in (2, 22, 42))}
_FRIENDLY_NAME = "1.2.840.113549.1.9.20"
_LIMIT, _RETENTION, _TYPE = "0.4.0.1862.1.2", "0.4.0.1862.1.3", "0.4.0.1862.1.6"
_PLAUSIBLE = 12


def _first(node: Node | None) -> str:
    """Return the OBJECT IDENTIFIER that `node` begins with, dotted; "" if it begins with none."""
    return values.oid(next(iter(node.children), None)) if node is not None else ""


def _called(node: Node | None) -> str:
    """Return the name of the OBJECT IDENTIFIER that `node` begins with."""
    return summary.name_of(next(iter(node.children), None)) if node is not None else ""


def _title(dotted: str) -> str:
    known = named(dotted)
    return known.title if known else dotted


def _count(node: Node | None) -> int:
    return len(node.children) if node is not None else 0


def rounds(node: Node) -> str:
    """Return how often a password is hashed, and whether that is few."""
    number = values.number(node)
    if number is None:
        return ""
    few = " That is few today: OWASP recommends 600,000 with SHA-256." if number < FEW else ""
    return f"The password is hashed {wording.counted(number, 'time')}.{few}"


# ------------------------------------------------------------------ signed and encrypted messages


def _signed(node: Node) -> str:
    content, signers = node.child("encapContentInfo"), node.child("signerInfos")
    brought = wording.counted(_count(node.child("certificates")), "certificate")
    lists = _count(node.child("crls"))
    brought += f" and {wording.counted(lists, 'revocation list')}" if lists else ""
    if not _count(signers):
        return f"It has no signature, and only carries {brought}."
    place = "is in it" if content is not None and content.child("eContent") is not None else "is in a file beside it"
    return (
        f"It has {wording.counted(_count(signers), 'signature')} over {_called(content)}, which {place}; "
        f"it brings {brought}."
    )


def _what_is_signed(node: Node) -> str:
    place = "it is here" if node.child("eContent") is not None else "it is in a file beside this"
    return f"The signed content is {_called(node)}; {place}."


def _certificate(node: Node) -> str:
    issuer, serial = node.child("issuer"), node.child("serialNumber")
    if issuer is None or serial is None:
        return ""
    return f"The certificate with number {_number(serial)} of the issuer {summary.of(issuer)}."


def _number(serial: Node) -> str:
    value = values.number(serial)
    long = value is not None and value.bit_length() > 64
    return wording.hexed(serial.content.lstrip(b"\0")) if long else summary.of(serial)


def _who(node: Node) -> str:
    """Return whose certificate a signer or recipient is named by."""
    by_number = node.child("issuerAndSerialNumber")
    by_key = node.child("subjectKeyIdentifier") or node.child("rKeyId", "subjectKeyIdentifier")
    if by_number is not None:
        said = _certificate(by_number)
        return said[:1].lower() + said[1:].removesuffix(".")
    return f"the certificate with the key {summary.of(by_key)}" if by_key is not None else "nobody who is named"


def _signer(node: Node) -> str:
    hashed, algorithm, attributes = (
        node.child(name) for name in ("digestAlgorithm", "signatureAlgorithm", "signedAttrs")
    )
    told = ", ".join(_called(each) for each in attributes.children[: summary.MANY]) if attributes is not None else ""
    signed = f"; signed attributes: {told}" if told else "; the content itself is signed"
    return f"Checked with {_who(node)}; made with {_called(hashed)} and {_called(algorithm)}{signed}."


def _signers(node: Node) -> str:
    return f"{wording.counted(_count(node), 'signature')}." if _count(node) else "No signature."


def _enveloped(node: Node) -> str:
    content = node.child("encryptedContentInfo") or node.child("authEncryptedContentInfo")
    cipher = content.child("contentEncryptionAlgorithm") if content is not None else None
    return (
        f"Encrypted with {summary.of(cipher) if cipher is not None else 'no cipher'} "
        f"for {wording.counted(_count(node.child('recipientInfos')), 'recipient')}."
    )


def _recipients(node: Node) -> str:
    return f"{wording.counted(_count(node), 'recipient')}."


def _recipient(node: Node) -> str:
    algorithm = node.child("keyEncryptionAlgorithm")
    return f"For {_who(node)}; the content's key is encrypted with {_called(algorithm)}."


def _agreeing(node: Node) -> str:
    keys = node.child("recipientEncryptedKeys")
    who = " and ".join(_who(each) for each in _below(keys)[: summary.MANY]) or "nobody"
    return f"For {who}; the key is agreed on by {_called(node.child('keyEncryptionAlgorithm'))}."


def _password(node: Node) -> str:
    derived = node.child("keyDerivationAlgorithm")
    return f"For whoever has the password, of which {_called(derived)} makes a key." if derived is not None else ""


def _encrypted(node: Node) -> str:
    content = node.child("encryptedContentInfo")
    cipher = content.child("contentEncryptionAlgorithm") if content is not None else None
    return f"Encrypted with {summary.of(cipher)}." if cipher is not None else ""


_CONTENTS: dict[str, Callable[[Node], str]] = {
    "SignedData": _signed,
    "EnvelopedData": _enveloped,
    "AuthEnvelopedData": _enveloped,
    "EncryptedData": _encrypted,
}


def _content(node: Node) -> str:
    inner = next(iter(node.children), None)
    saying = _CONTENTS.get(inner.type.name) if inner is not None else None
    return saying(inner) if saying is not None and inner is not None else ""


# ------------------------------------------------------------------ containers, keys and ciphers


def _container(node: Node) -> str:
    safes, check = node.first("AuthenticatedSafe"), node.child("macData")
    held = f"Holds {wording.counted(_count(safes), 'safe')}" if safes is not None else "Holds what cannot be told"
    return f"{held}, with {'a check by the password' if check is not None else 'no check'}."


def _check(node: Node) -> str:
    algorithm, number = node.child("mac", "digestAlgorithm"), node.child("iterations")
    hashed = f"; the password is hashed {wording.counted(values.number(number) or 0, 'time')}" if number else ""
    return f"A keyed hash with {summary.of(algorithm) if algorithm is not None else 'nothing'}{hashed}."


def _safes(node: Node) -> str:
    kinds = ", ".join(_called(each) for each in node.children[: summary.MANY])
    return f"{wording.counted(_count(node), 'safe')}: {kinds}." if kinds else "No safe."


def _bags(node: Node) -> str:
    kinds = ", ".join(_called(each) for each in node.children[: summary.MANY])
    more = f" and {_count(node) - summary.MANY} more" if _count(node) > summary.MANY else ""
    return f"{wording.counted(_count(node), 'bag')}: {kinds}{more}." if kinds else "No bag."


def _bag(node: Node) -> str:
    title = _title(_first(node))
    attributes = node.child("bagAttributes")
    found = next((each for each in _below(attributes) if _first(each) == _FRIENDLY_NAME), None)
    name = found.child("values") if found is not None else None
    return f"{title}{f', called {summary.of(name)}' if name is not None else ''}."


def _below(node: Node | None) -> tuple[Node, ...]:
    return node.children if node is not None else ()


def _key(node: Node) -> str:
    algorithm = node.child("privateKeyAlgorithm")
    dotted = _first(algorithm)
    if algorithm is None or not dotted:
        return ""
    title, said = _title(dotted), summary.of(algorithm)
    return f"It is a private key: {title}." if title == said else f"It is a private key: {title} ({said})."


def _parameters(node: Node) -> str:
    above = node.parent
    if above is None or _first(above) not in _CBC or values.base(node) != "OCTET STRING":
        return ""
    return f"The random block that the cipher starts from (IV): {wording.hexed(node.content)}."


# ------------------------------------------------------------------ extensions


def _features(value: Node) -> str:
    numbers = [values.number(child) for child in value.children]
    others = [summary.of(child) for child, number in zip(value.children, numbers, strict=True) if number != 5]
    staple = "Says that the server has to staple an OCSP response to its handshake (status_request)."
    if 5 not in numbers:
        return f"Says that the server has to answer these TLS extensions: {', '.join(others) or 'none'}."
    return f"{staple} It also has to answer: {', '.join(others)}." if others else staple


def _statements(value: Node) -> str:
    told = ", ".join(_called(each) for each in value.children[: 2 * summary.MANY])
    return f"Holds {wording.counted(_count(value), 'statement')}: {told}." if told else "Holds no statement."


def _statement(node: Node) -> str:
    dotted = _first(node)
    info = node.child("statementInfo")
    if info is None:
        return f"{_title(dotted)} ({dotted})."
    said = {_LIMIT: _limit, _RETENTION: _years, _TYPE: _types}.get(dotted, summary.of)(info)
    return f"{_title(dotted)}: {said}."


def _limit(info: Node) -> str:
    currency, amount, exponent = (info.child(name) for name in ("currency", "amount", "exponent"))
    value = values.number(amount) if amount is not None else None
    power = values.number(exponent) if exponent is not None else None
    if currency is None or value is None or power is None or not 0 <= power <= _PLAUSIBLE:
        return summary.of(info)
    return f"{value * 10**power:,} {summary.of(currency)}"


def _years(info: Node) -> str:
    value = values.number(info)
    return f"{wording.counted(value, 'year')} after the certificate's end" if value is not None else summary.of(info)


def _types(info: Node) -> str:
    return ", ".join(_title(values.oid(each)) for each in info.children[: summary.MANY])


def _ca_version(value: Node) -> str:
    number = values.number(value)
    if number is None or number < 0:
        return ""
    return f"Says that this is certificate {number & 0xFFFF} and key {number >> 16} of the CA, both counted from 0."


def _template_name(value: Node) -> str:
    return f"Says that it was issued by the template {summary.of(value)}."


def _template(value: Node) -> str:
    which, major, minor = (value.child(f"template{part}") for part in ("ID", "MajorVersion", "MinorVersion"))
    if which is None:
        return ""
    version = ".".join(summary.of(each) for each in (major, minor) if each is not None)
    return f"Says that it was issued by the template {summary.of(which)}{f', version {version}' if version else ''}."


def _previous(value: Node) -> str:
    return f"Says that the CA's certificate before this one has the SHA-1 hash {summary.of(value)}."


FIELDS: dict[str, Callable[[Node], str]] = {
    "ContentInfo.content": _content,
    **_CONTENTS,
    "SignedData.encapContentInfo": _what_is_signed,
    "SignedData.signerInfos": _signers,
    "SignerInfos.SignerInfo": _signer,
    "SignerIdentifier.issuerAndSerialNumber": _certificate,
    "RecipientIdentifier.issuerAndSerialNumber": _certificate,
    "KeyAgreeRecipientIdentifier.issuerAndSerialNumber": _certificate,
    "OriginatorIdentifierOrKey.issuerAndSerialNumber": _certificate,
    "EnvelopedData.recipientInfos": _recipients,
    "AuthEnvelopedData.recipientInfos": _recipients,
    "RecipientInfo.ktri": _recipient,
    "RecipientInfo.kari": _agreeing,
    "RecipientInfo.pwri": _password,
    "PFX": _container,
    "PFX.macData": _check,
    "AuthenticatedSafe": _safes,
    "SafeContents": _bags,
    "SafeContents.SafeBag": _bag,
    "PrivateKeyInfo": _key,
    "AlgorithmIdentifier.parameters": _parameters,
    "MacData.iterations": rounds,
    "PBEParameter.iterations": rounds,
    "PBKDF2-params.iterationCount": rounds,
    "QCStatements.QCStatement": _statement,
}
"""By the field with its type, as in `words.lookup.FIELDS`; each may return "" where its template says it."""
EXTENSIONS: dict[str, Callable[[Node], str]] = {
    "1.3.6.1.5.5.7.1.3": _statements,
    "1.3.6.1.5.5.7.1.24": _features,
    "1.3.6.1.4.1.311.20.2": _template_name,
    "1.3.6.1.4.1.311.21.1": _ca_version,
    "1.3.6.1.4.1.311.21.2": _previous,
    "1.3.6.1.4.1.311.21.7": _template,
}
"""By the OBJECT IDENTIFIER of the extension."""
