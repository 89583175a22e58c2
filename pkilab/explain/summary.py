"""What a node says, in a few words: a value, or the gist of what it is made of. Never the value of a secret."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import islice

from pkilab.explain import primitives, values, wary
from pkilab.explain.node import Node
from pkilab.explain.places import placed
from pkilab.explain.schema import Fields, Of, Simple
from pkilab.explain.wording import NO_END, TEXT, counted, hexed, moment
from pkilab.explain.words.lookup import named

MANY = 6
"""Items of a list that are named; of longer ones the first are, and the number."""
_DEEP = 6
_SIGNED = "EncapsulatedContentInfo.eContent"
_ELLIPTIC = "1.2.840.10045.2.1"
_OPAQUE = 16
"""Octets from which on something of which nobody knows what it is may be a secret."""
_SHORT = 64
"""Octets of what is remembered with its gist."""
_KNOWN = 4096
_LISTED = {"GeneralNames", "ExtKeyUsageSyntax", "Features", "Name", "RelativeDistinguishedName", "QcType"}


def secret(node: Node) -> bool:
    """Tell whether the value of `node` must not be shown unasked: a private key's number, or what may hold one."""
    if isinstance(node.type, Simple) and node.type.secret:
        return True
    if _is_signed_key(node):
        return True
    tree = node.tree
    if tree.private:
        # Whatever has no place of its own may be a piece of the secret; in a damaged key that holds for everything.
        if tree.damaged:
            return True
        return not node.children and node.length > 0 and (not placed(node) or node.constructed)
    return tree.wary and node.length >= _OPAQUE and not node.children and not _is_text(node)


def _is_signed_key(node: Node) -> bool:
    """Tell whether `node` is what a message signs, and that is or holds a private key, in DER or PEM."""
    string = node.parent if node.name == "segment" else node
    around = string.parent if string is not None else None
    if around is None or around.key != _SIGNED or node.children:
        return False
    return b"PRIVATE KEY" in around.content or wary.looks_like_key(around.content)


def _is_text(node: Node) -> bool:
    """Tell whether the octets of `node` are what people read, whatever its tag says."""
    if named(values.oid(node)):
        return True
    try:
        return node.content.decode("utf-8" if values.base(node) == "UTF8String" else "ascii").isprintable()
    except UnicodeDecodeError:
        return False


def of(node: Node, *, secrets: bool = False) -> str:
    """Return the value of `node` in words; of a secret only its length, unless `secrets`."""
    return _said(node, 0, secrets=secrets)


def line(node: Node, *, secrets: bool = False) -> str:
    """Return the line for a tree: the field and its value; of an extension its own name."""
    said = of(node, secrets=secrets)
    return said if node.type.name == "Extension" and not node.nonsense else f"{node.name}: {said}"


def name_of(node: Node | None) -> str:
    """Return the name, else the numbers, of an OBJECT IDENTIFIER; "" for anything else."""
    dotted = values.oid(node)
    known = named(dotted)
    return known.name if known else dotted


def _said(node: Node, deep: int, *, secrets: bool = False) -> str:
    if node.nonsense:
        return counted(node.length, "octet") + " of nonsense"
    if secret(node) and not secrets:
        return counted(node.length, "octet") + ", not shown"
    if not node.constructed or node.length > _SHORT or node.tree.private or node.tree.wary:
        return _told(node, deep)
    # The reasons in a revocation list are the same again and again; they are not even taken apart.
    key, known = (node.type, node.raw, deep), node.tree.said
    found = known.get(key)
    if found is None:
        found = _told(node, deep)
        if len(known) < _KNOWN:
            known[key] = found
    return found


def _told(node: Node, deep: int) -> str:
    special = _SPECIAL.get(node.type.name)
    if special is not None and deep < 2 * _DEEP:
        found = special(node, deep)
        if found:
            return found
    if node.children:
        return _gist(node, deep) if deep < _DEEP else "…"
    return primitives.value(node)


def _gist(node: Node, deep: int) -> str:
    """Return what the nodes in `node` say, the first of many."""
    children = node.children
    if len(children) == 1:
        return _said(children[0], deep + 1)
    if isinstance(node.type, Of) and node.type.name not in _LISTED and len(children) > MANY:
        return _entered(node, "entry", "entries")
    told = [_labelled(child, node, deep) for child in islice(children, MANY)]
    more = [f"and {len(children) - MANY} more"] if len(children) > MANY else []
    text = ", ".join(filter(None, told + more))
    return text if len(text) <= 2 * TEXT else text[: 2 * TEXT] + "…"


def _entered(node: Node, one: str, many: str = "") -> str:
    """Return how many entries a list has; of one that was not taken apart to its end, that there are more."""
    children = node.children
    more = bool(children) and children[-1].nonsense
    return ("more than " if more else "") + counted(len(children) - more, one, many)


def _labelled(child: Node, node: Node, deep: int) -> str:
    said = _said(child, deep + 1)
    return f"{child.name} {said}" if isinstance(node.type, Fields) and deep < 2 else said


# ------------------------------------------------------------------ types with a way of their own


def _algorithm(node: Node, _: int) -> str:
    what = name_of(node.children[0]) if node.children else ""
    parameters = node.child("parameters") or node.child("namedCurve")
    if parameters is None and len(node.children) > 1:
        parameters = node.children[1]
    curve = name_of(parameters)
    if curve:
        return f"{what}, {curve}"
    inner = [name_of(child.children[0]) for child in parameters.children if child.children] if parameters else []
    return f"{what} ({', '.join(inner)})" if any(inner) and what in {"PBES2", "RSASSA-PSS"} else what


def _attribute(node: Node, deep: int) -> str:
    if len(node.children) < 2:
        return ""
    value = node.children[1]
    return f"{name_of(node.children[0])} = {_said(value, deep + 1)}"


def _name(node: Node, deep: int) -> str:
    if not node.children:
        return "an empty name"
    told = [_said(child, deep + 1) for child in islice(node.children, 2 * MANY)]
    return ", ".join(told + ["…"] * (len(node.children) > 2 * MANY))


def _relative(node: Node, deep: int) -> str:
    return " + ".join(_said(child, deep + 1) for child in islice(node.children, MANY))


def _validity(node: Node, _: int) -> str:
    times = [values.time(child) for child in node.children]
    if len(times) != 2 or times[0] is None or times[1] is None:
        told = [moment(time) if time else "a time that cannot be read" for time in times]
        return f"from {told[0]} until {told[1]}" if len(told) == 2 else ""
    begin, end = times[0], times[1]
    whole = f"from {moment(begin)} until {moment(end)}"
    if end < begin:
        return f"{whole}, so never: it ends before it begins"
    if end.year == NO_END:
        return f"{whole}, which stands for no known end"
    days = (end - begin + timedelta(seconds=1)).days  # the last second is included
    return f"{whole}, {counted(days, 'day') if days else 'less than a day'}"


def _public_key(node: Node, _: int) -> str:
    if len(node.children) < 2:
        return ""
    algorithm, key = node.children[0], node.children[1]
    modulus = key.first("modulus") if key.children else None
    number = values.number(modulus) if modulus is not None else None
    if number is not None:
        return f"an RSA key of {number.bit_length()} bits"
    size = counted(max(key.length - 1, 0), "octet")
    curve = name_of(algorithm.child("namedCurve") or algorithm.child("parameters"))
    if curve and values.oid(algorithm.children[0]) == _ELLIPTIC:
        return f"a key on the elliptic curve {curve}, {size}"
    return f"a key of {_algorithm(algorithm, 0)}, {size}"


def _rsa(node: Node, _: int) -> str:
    number = values.number(node.children[0]) if node.children else None
    exponent = values.number(node.children[1]) if len(node.children) > 1 else None
    return "" if number is None else f"a modulus of {number.bit_length()} bits, exponent {exponent}"


def _extension(node: Node, deep: int) -> str:
    if not node.children:
        return ""
    critical = node.child("critical")
    mark = ", critical" if critical is not None and values.truth(critical) else ""
    value = node.child("extnValue")
    said = _said(value, deep + 1) if value is not None else "no value"
    return f"{name_of(node.children[0])}{mark}: {said}"


def _extensions(node: Node, _: int) -> str:
    names = [name_of(child.children[0]) for child in islice(node.children, 20) if child.children]
    return f"{counted(len(node.children), 'extension')}: {', '.join(names)}" if names else ""


def _constraints(node: Node, _: int) -> str:
    flag, limit = node.child("cA"), node.child("pathLenConstraint")
    said = f"CA = {'TRUE' if flag is not None and values.truth(flag) else 'FALSE'}"
    return said if limit is None else f"{said}, path length {primitives.value(limit)}"


def _kinds(node: Node, deep: int) -> str:
    """Return general names, each with its kind."""
    said = [(c.name, _said(c, deep + 1)) for c in islice(node.children, 2 * MANY)]
    shown = [f"{_KIND.get(name, name)} {'(empty)' if one == 'an empty name' else one}" for name, one in said]
    return ", ".join(shown + [f"and {len(node.children) - 2 * MANY} more"] * (len(node.children) > 2 * MANY))


_KIND = {
    "dNSName": "DNS",
    "rfc822Name": "mail",
    "uniformResourceIdentifier": "URI",
    "iPAddress": "IP",
    "directoryName": "name",
    "otherName": "other name",
    "registeredID": "number",
}


def _purposes(node: Node, _: int) -> str:
    return ", ".join(name_of(child) or "unreadable" for child in islice(node.children, 2 * MANY))


def _revoked(node: Node, deep: int) -> str:
    if len(node.children) < 2:
        return ""
    said = f"number {_said(node.children[0], deep + 1)} at {_said(node.children[1], deep + 1)}"
    extensions = node.child("crlEntryExtensions")
    return f"{said}, {_said(extensions, deep + 2)}" if extensions is not None and deep < 3 else said


def _signed(parts: Mapping[str, str]) -> Callable[[Node, int], str]:
    """Return what tells the gist of a signed object: fields of its signed part, each led by a word."""

    def told(node: Node, deep: int) -> str:
        inner = node.children[0] if node.children else None
        found = [(word, inner.child(name)) for name, word in parts.items()] if inner is not None else []
        return ", ".join(f"{word} {_said(child, deep + 1)}" for word, child in found if child is not None)

    return told


def _entries(node: Node, _: int) -> str:
    return _entered(node, "revoked certificate")


def _access(node: Node, deep: int) -> str:
    if len(node.children) < 2:
        return ""
    return f"{name_of(node.children[0])} at {_said(node.children[1], deep + 1)}"


def _serial(node: Node, _: int) -> str:
    """Return a serial number: a long one in hex, as everybody writes it."""
    value = values.number(node)
    return "" if value is None or value.bit_length() <= 64 else hexed(node.content.lstrip(b"\0"))


def _cert_id(node: Node, _: int) -> str:
    serial, key = node.child("serialNumber"), node.child("issuerKeyHash")
    if serial is None or key is None:
        return ""
    return f"number {_said(serial, 0)} of the issuer whose key has the hash {hexed(key.content)}"


def _single(node: Node, deep: int) -> str:
    if len(node.children) < 2:
        return ""
    which, state = node.children[:2]
    serial = which.child("serialNumber")
    more = f", {_said(state, deep + 1)}" if state.name == "revoked" else ""
    return f"number {_said(serial, 0) if serial is not None else 'unknown'}: {state.name}{more}"


def _one_asked(node: Node, _: int) -> str:
    serial = node.child("reqCert", "serialNumber")
    return f"number {_said(serial, 0)}" if serial is not None else ""


def _question(node: Node, deep: int) -> str:
    asked = node.child("tbsRequest", "requestList")
    return f"a question about {_said(asked, deep + 1)}" if asked is not None else ""


def _response(node: Node, deep: int) -> str:
    status, answers = node.child("responseStatus"), node.first("responses")
    told = [_said(status, deep + 1)] if status is not None else []
    told += [f"about {counted(len(answers.children), 'certificate')}"] if answers is not None else []
    return ", ".join(told)


def _content(node: Node, _: int) -> str:
    return name_of(node.children[0]) if node.children else ""


def _whole_key(node: Node, _: int) -> str:
    algorithm = node.child("privateKeyAlgorithm") or node.child("encryptionAlgorithm")
    return _algorithm(algorithm, 0) if algorithm is not None else ""


_SPECIAL: dict[str, Callable[[Node, int], str]] = {
    "AlgorithmIdentifier": _algorithm,
    "AttributeTypeAndValue": _attribute,
    "Attribute": _attribute,
    "Name": _name,
    "RelativeDistinguishedName": _relative,
    "Validity": _validity,
    "SubjectPublicKeyInfo": _public_key,
    "RSAPublicKey": _rsa,
    "Extension": _extension,
    "Extensions": _extensions,
    "BasicConstraints": _constraints,
    "GeneralNames": _kinds,
    "ExtKeyUsageSyntax": _purposes,
    "RevokedCertificate": _revoked,
    "RevokedCertificates": _entries,
    **dict.fromkeys(
        (
            "TBSCertificate",
            "TBSCertList",
            "CertificationRequestInfo",
            "ResponseData",
            "TBSRequest",
            "BasicOCSPResponse",
            "SignedData",
        ),
        lambda node, _: counted(len(node.children), "field"),
    ),
    "AccessDescription": _access,
    "Certificate": _signed({"serialNumber": "number", "subject": "of", "issuer": "issued by"}),
    "CertificationRequest": _signed({"subject": "for", "subjectPKInfo": "with"}),
    "CertificateList": _signed({"issuer": "of", "thisUpdate": "made at", "revokedCertificates": "with"}),
    "CertificateSerialNumber": _serial,
    "CertID": _cert_id,
    "Request": _one_asked,
    "RequestList": lambda node, _: counted(len(node.children), "certificate"),
    "OCSPRequest": _question,
    "OCSPResponse": _response,
    "SingleResponse": _single,
    "ContentInfo": _content,
    "EncapsulatedContentInfo": _content,
    "PrivateKeyInfo": _whole_key,
    "EncryptedPrivateKeyInfo": _whole_key,
}
