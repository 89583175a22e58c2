"""Sentences about revocation in this very object: reasons, lists and their parts, and how a question to OCSP went."""

from __future__ import annotations

from itertools import islice

from pkilab.explain import summary, values
from pkilab.explain.node import Node

_REASONS = {
    "unspecified": "no reason is told",
    "keyCompromise": "the private key is, or may be, in wrong hands",
    "cACompromise": "the private key of the CA is, or may be, in wrong hands",
    "affiliationChanged": "the subject's name or another fact in the certificate has changed",
    "superseded": "another certificate took its place",
    "cessationOfOperation": "it is no longer needed",
    "certificateHold": "it is on hold, and may become good again",
    "removeFromCRL": "it is off the list again, since it expired or its hold was lifted",
    "privilegeWithdrawn": "a right that is told in the certificate was withdrawn",
    "aACompromise": "the private key of an attribute authority is, or may be, in wrong hands",
}
_STATUSES = {
    "successful": "the answer follows",
    "malformedRequest": "the question could not be read",
    "internalError": "something went wrong in the responder; ask again, or another one",
    "tryLater": "the responder cannot answer now",
    "sigRequired": "the responder answers only questions that are signed",
    "unauthorized": "the client may not ask here, or the responder cannot answer for this certificate",
}
_LONGEST = 20
"""Octets of a list's number (RFC 5280 §5.2.3)."""
_ABOUT = {
    "onlyContainsUserCerts": "it is only about certificates that are no CA's",
    "onlyContainsCACerts": "it is only about certificates of CAs",
    "onlyContainsAttributeCerts": "it is only about attribute certificates",
    "indirectCRL": "it also holds certificates of other issuers",
}


def reason(value: Node) -> str:
    """Return why a certificate was revoked."""
    return f"Says that the reason is {_with(summary.of(value), _REASONS)}."


def reason_given(node: Node) -> str:
    """Return why OCSP says that a certificate was revoked."""
    return f"It is {_with(summary.of(node), _REASONS)}."


def status(node: Node) -> str:
    """Return how a question to OCSP went."""
    return f"It is {_with(summary.of(node), _STATUSES)}."


def _with(said: str, meanings: dict[str, str]) -> str:
    if said.isdecimal():
        return f"number {said}, which has no meaning"
    return f"{said}: {meanings[said]}" if said in meanings else said


def invalid_since(value: Node) -> str:
    """Return since when a certificate may have been worth nothing."""
    return f"Says that the key may have been in wrong hands, or the certificate invalid, from {summary.of(value)} on."


def issued_by(value: Node) -> str:
    """Return who issued the certificates from this entry of a list on."""
    return f"Says that this certificate and those after it were issued by {summary.of(value)}."


def list_number(value: Node) -> str:
    """Return the number of a list."""
    long = f" It has {value.length} octets; 20 is the most." if value.length > _LONGEST else ""
    return f"Says that this is list number {summary.of(value)}.{long}"


def delta(value: Node) -> str:
    """Return since which list a delta list tells of changes."""
    return f"Says that this list holds only what changed since list number {summary.of(value)}."


def points(value: Node) -> str:
    """Return where revocation lists lie."""
    return _points(value, "revocation list")


def delta_points(value: Node) -> str:
    """Return where delta lists lie."""
    return _points(value, "list of what has changed")


def _points(value: Node, what: str) -> str:
    told = [_point(each) for each in value.children[: summary.MANY]]
    if not told:
        return f"Names no place of a {what}."
    more = f"; and at {len(value.children) - summary.MANY} more" if len(value.children) > summary.MANY else ""
    return f"Says that the {what} lies {'; '.join(told)}{more}."


def _point(point: Node) -> str:
    place, reasons, signer = (point.child(name) for name in ("distributionPoint", "reasons", "cRLIssuer"))
    said = "in a directory, under the name of who signs it"
    if place is None and signer is None:
        said = "nowhere, which RFC 5280 forbids"
    elif place is not None:
        said = _addresses(place)
    if reasons is not None:
        said += f", for certificates revoked for {summary.of(reasons)} only"
    if signer is not None:
        said += f", signed by {summary.of(signer)}"
    return said


def _addresses(place: Node) -> str:
    """Return the addresses of one list, else what its place is called."""
    found = (summary.of(node) for node in place.walk() if node.name == "uniformResourceIdentifier")
    told = " or ".join(islice(found, summary.MANY))
    return f"at {told}" if told else f"in a directory, at {summary.of(place)}"


def part(value: Node) -> str:
    """Return which certificates a list is about."""
    place, reasons = value.child("distributionPoint"), value.child("onlySomeReasons")
    said = [f"it lies {_addresses(place)}"] if place is not None else []
    for name, words in _ABOUT.items():
        flag = value.child(name)
        if flag is not None and values.truth(flag):
            said.append(words)
    if reasons is not None:
        said.append(f"it only holds what was revoked for {summary.of(reasons)}")
    return f"Says of this list: {'; '.join(said)}." if said else "Limits nothing: it is empty, which RFC 5280 forbids."


def archive(value: Node) -> str:
    """Return back to when a responder knows of expired certificates."""
    return f"Says that the responder still knows of certificates that expired after {summary.of(value)}."


def understood(value: Node) -> str:
    """Return which kinds of response a client understands."""
    return f"Says that the client understands: {summary.of(value)}."


def never_issued(_: Node) -> str:
    """Return that a responder calls certificates revoked that never were issued."""
    return "Says that this responder answers `revoked` also for numbers that were never issued."
